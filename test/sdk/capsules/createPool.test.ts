import {
  acceptCurator,
  ContractNotFoundError,
  type Contribution,
  createClient,
  createPool,
  creditContributions,
  getMember,
  getPool,
  type Hex,
  joinPool,
  joinPoolFor,
  leavePool,
  leavePoolFor,
  openPoolCurrency,
  renounceCurator,
  signJoin,
  signLeave,
  transferCurator,
  withdrawContribution,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { EVIDENCE as evidence, POLICY as policy } from "../../capsules/pool.ts";
import { ethers, gridFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, rejectionOf, withClients } from "../clients.ts";

const [EVIDENCE, POLICY] = [evidence, policy] as [Hex, Hex];
const deadline = 2n ** 40n;

/** A pool of `creator` with clients, and a member without ETH. */
async function poolClients() {
  const fixture = await withClients(gridFixture);
  const { as, creator, stranger } = fixture;
  const [curatorClient, relayerClient] = [await as(creator), await as(stranger)];
  const { pool } = await createPool(curatorClient, { curator: creator.address, policyHash: POLICY });
  const fresh = ethers.Wallet.createRandom().connect(ethers.provider);
  return { ...fixture, curatorClient, relayerClient, pool, fresh, freshClient: await as(fresh) };
}

/** `poolClients` with the fresh account as a member of 3 units. */
async function memberClients() {
  const clients = await poolClients();
  const { curatorClient, relayerClient, freshClient, pool, fresh, token } = clients;
  const consent = await signJoin(freshClient, { pool, policyHash: POLICY, deadline });
  await joinPoolFor(relayerClient, { pool, consent });
  const contributions = [{ member: fresh.address, units: 3n, evidenceHash: EVIDENCE }] as const;
  await creditContributions(curatorClient, { pool, contributions, currencies: [token] });
  return { ...clients, consent };
}

describe("an action of a pool", () => {
  it("when there is no contract at the address, is refused: the call would do nothing", async () => {
    const { curatorClient, stranger, token } = await poolClients();
    const pool = stranger.address;
    const member = { pool, member: stranger.address, currencies: [token] };
    for (const action of [
      () => joinPool(curatorClient, { pool, policyHash: POLICY }),
      () => joinPool.simulate(curatorClient, { pool, policyHash: POLICY }),
      () => leavePool(curatorClient, { pool }),
      () => getMember(curatorClient, member),
      () => signLeave(curatorClient, { pool, deadline }),
    ]) {
      const error = await rejectionOf(action);
      expect(error, error.stack).to.be.instanceOf(ContractNotFoundError);
      expect(error).to.deep.include({ missing: { ContributionPool: pool } });
    }
  });
});

describe("createPool", () => {
  it("when a parameter is malformed, names it", async () => {
    const { curatorClient } = await poolClients();
    await expectInvalid(createPool(curatorClient, { curator: "0x", policyHash: POLICY }), "curator");
    const curator = ethers.ZeroAddress;
    await expectInvalid(createPool(curatorClient, { curator, policyHash: "0x01" }), "policyHash");
    await expectRevert(createPool(curatorClient, { curator, policyHash: POLICY }), "PoolCuratorZero", {});
  });

  it("creates a pool that getPool describes", async () => {
    const { curatorClient, pool, creator } = await poolClients();
    expect(await getPool(curatorClient, { pool })).to.deep.equal({
      curator: creator.address,
      pendingCurator: undefined,
      policyHash: POLICY,
      totalUnits: 0n,
    });
  });
});

describe("getPool", () => {
  it("when the address is not a pool, says so", async () => {
    const { curatorClient, stranger } = await poolClients();
    await expectInvalid(getPool(curatorClient, { pool: stranger.address }), "pool");
  });
});

describe("joinPool, leavePool", () => {
  it("record and revoke consent", async () => {
    const { relayerClient, pool, stranger } = await poolClients();
    const state = () => getMember(relayerClient, { pool, member: stranger.address, currencies: [] });
    await joinPool(relayerClient, { pool, policyHash: POLICY });
    expect((await state()).consentedAt).to.be.a("bigint");
    await expectRevert(joinPool(relayerClient, { pool, policyHash: POLICY }), "MemberAlreadyJoined", {
      member: stranger.address,
    });
    await leavePool(relayerClient, { pool });
    expect(await state()).to.deep.equal({ consentedAt: undefined, units: 0n, withdrawable: [] });
    await expectRevert(leavePool(relayerClient, { pool }), "MemberNotConsenting", {
      member: stranger.address,
    });
  });
});

describe("signJoin, joinPoolFor", () => {
  it("when an account without ETH signed, anyone submits, once", async () => {
    const { relayerClient, pool, consent, fresh } = await memberClients();
    expect(await ethers.provider.getBalance(fresh)).to.equal(0n);
    await expectRevert(joinPoolFor(relayerClient, { pool, consent }), "ConsentSignatureInvalid", {
      member: fresh.address,
    });
  });

  it("when a contract wallet's owner signs, names the wallet", async () => {
    const { relayerClient, freshClient, pool, fresh } = await poolClients();
    const wallet = await ethers.deployContract("SigningWallet", [fresh.address]);
    const member = await wallet.getAddress();
    const consent = await signJoin(freshClient, { pool, policyHash: POLICY, deadline, member });
    await joinPoolFor(relayerClient, { pool, consent });
    expect((await getMember(relayerClient, { pool, member, currencies: [] })).consentedAt).to.be.a("bigint");
  });

  it("when the client cannot sign, or a consent is malformed, names it", async () => {
    const { deployment, relayerClient, pool, consent } = await memberClients();
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(signJoin(reader, { pool, policyHash: POLICY, deadline }), "client");
    const broken = { ...consent, signature: "0x1" } as const;
    await expectInvalid(joinPoolFor(relayerClient, { pool, consent: broken }), "consent.signature");
  });
});

describe("signLeave, leavePoolFor", () => {
  it("when the member signed, anyone ends its consent", async () => {
    const { relayerClient, freshClient, pool, fresh } = await memberClients();
    const consent = await signLeave(freshClient, { pool, deadline });
    await leavePoolFor(relayerClient, { pool, consent });
    const member = fresh.address;
    expect(await getMember(relayerClient, { pool, member, currencies: [] })).to.deep.equal({
      consentedAt: undefined,
      units: 3n,
      withdrawable: [],
    });
  });
});

describe("creditContributions", () => {
  it("when a contribution is malformed, or the list empty, names it", async () => {
    const { curatorClient, pool, fresh } = await poolClients();
    const credit = (contributions: Contribution[]) =>
      creditContributions(curatorClient, { pool, contributions, currencies: [] });
    const contribution = { member: fresh.address, units: 0n, evidenceHash: EVIDENCE };
    await expectInvalid(credit([]), "contributions");
    await expectInvalid(credit([contribution]), "contributions[0].units");
    await expectInvalid(
      credit([{ ...contribution, units: 1n, evidenceHash: "0x" }]),
      "contributions[0].evidenceHash",
    );
  });

  it("when a member did not consent, reverts with its name", async () => {
    const { curatorClient, pool, fresh } = await poolClients();
    const contributions = [{ member: fresh.address, units: 1n, evidenceHash: EVIDENCE }];
    const crediting = creditContributions(curatorClient, { pool, contributions, currencies: [] });
    await expectRevert(crediting, "MemberNotConsenting", { member: fresh.address });
  });
});

describe("openPoolCurrency, withdrawContribution", () => {
  it("when revenue arrived, divides it and pays the member", async () => {
    const { curatorClient, relayerClient, pool, usd, token, fresh } = await memberClients();
    await usd.mint(pool, 90n);
    const member = fresh.address;
    const { withdrawable } = await getMember(relayerClient, { pool, member, currencies: [token] });
    expect(withdrawable).to.deep.equal([90n]);
    expect((await openPoolCurrency(curatorClient, { pool, currency: token })).amount).to.equal(90n);
    expect((await openPoolCurrency(curatorClient, { pool, currency: token })).amount).to.equal(0n);
    const paid = await withdrawContribution(relayerClient, { pool, member, currency: token });
    expect([paid.amount, await usd.balanceOf(fresh)]).to.deep.equal([90n, 90n]);
  });

  it("when a stranger names a token that is not open, reverts", async () => {
    const { relayerClient, pool } = await memberClients();
    const currency = await (await ethers.deployContract("PlainToken", [18])).getAddress();
    await expectRevert(openPoolCurrency(relayerClient, { pool, currency }), "CurrencyNotOpen", { currency });
  });
});

describe("transferCurator, acceptCurator, renounceCurator", () => {
  it("hand the role over and give it up", async () => {
    const { curatorClient, relayerClient, pool, stranger } = await memberClients();
    await transferCurator(curatorClient, { pool, curator: stranger.address });
    expect((await getPool(curatorClient, { pool })).pendingCurator).to.equal(stranger.address);
    await acceptCurator(relayerClient, { pool });
    await renounceCurator(relayerClient, { pool });
    expect((await getPool(curatorClient, { pool })).curator).to.equal(undefined);
    await expectRevert(renounceCurator(relayerClient, { pool }), "CallerNotCurator", {
      caller: stranger.address,
    });
  });
});
