import {
  type Client,
  claimAll,
  createClient,
  getCapsule,
  getClaimable,
  getOffer,
  listProposals,
  pay,
  registerCapsule,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { connection, ethers, networkHelpers, offerFixture } from "../../grid.ts";
import { expectRevert, rejectionOf, withClients } from "../clients.ts";

const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";

/** Twelve capsules with a payment each, and a client that counts its calls. */
async function capsulesFixture() {
  const given = await withClients(offerFixture);
  const { as, buyer, creator, dataOwner, token, deployment } = given;
  const owner = await as(creator);
  const payer = await as(buyer);
  for (let i = 0; i < 12; i++) {
    const { capsuleId } = await registerCapsule(owner, {
      kind: "data",
      contentHash: `0x${"01".repeat(32)}`,
      uri: "",
      owner: creator.address,
      shares: [{ role: "data", units: 1n, account: dataOwner.address }],
    });
    await pay(payer, { capsuleId, token, amount: 1_000n });
  }
  const calls: string[] = [];
  const provider = {
    request: async (call: { method: string; params?: unknown[] }) => {
      const [first] = (call.params ?? []) as { to: string }[];
      if (call.method === "eth_call" && first) calls.push(first.to);
      return await connection.provider.request(call);
    },
  };
  const counted = () => createClient({ provider, deployment });
  return { ...given, account: dataOwner.address, calls, counted };
}

async function installMulticall(code?: string) {
  const twin = code ?? (await (await ethers.deployContract("Multicall3")).getDeployedCode());
  await networkHelpers.setCode(MULTICALL3, twin as string);
}

const ids = Array.from({ length: 13 }, (_, i) => BigInt(i + 1));
const readAll = (client: Client) =>
  Promise.all(ids.map(async (capsuleId) => await getCapsule(client, { capsuleId })));

describe("reads of the same moment", () => {
  it("when the chain has Multicall3, share a request and are the same", async () => {
    const { counted, calls } = await capsulesFixture();
    const alone = await readAll(await counted());
    const before = calls.splice(0).length;
    await installMulticall();
    const client = await counted();
    expect(await readAll(client)).to.deep.equal(alone);
    expect([before, calls.length]).to.deep.equal([26, 1]);
    expect(calls[0]?.toLowerCase()).to.equal(MULTICALL3.toLowerCase());
  });

  it("when there are more than 100, take one request for each 100", async () => {
    const { counted, calls } = await capsulesFixture();
    await installMulticall();
    const client = await counted();
    const offers = await Promise.all(Array.from({ length: 250 }, () => getOffer(client, { offerId: 1n })));
    expect(new Set(offers.map(({ pricePerMillion }) => pricePerMillion)).size).to.equal(1);
    expect(calls).to.have.length(3);
  });

  it("when claimAll reads a row in each capsule, needs fewer calls and pays the same", async () => {
    const { counted, calls, account, token } = await capsulesFixture();
    const tokens = [{ token, minAmount: 1n }];
    const snapshot = await networkHelpers.takeSnapshot();
    const { paid } = await claimAll(await counted(), { account, tokens });
    const before = calls.splice(0).length;
    await snapshot.restore();
    await installMulticall();
    expect((await claimAll(await counted(), { account, tokens })).paid).to.deep.equal(paid);
    expect(paid).to.have.length(12);
    expect([before, calls.length]).to.deep.equal([15, 3]);
  });

  it("when one fails, throws its own error, and the others answer", async () => {
    const { counted, calls } = await capsulesFixture();
    await installMulticall();
    const client = await counted();
    const [found, missing] = [getCapsule(client, { capsuleId: 1n }), getCapsule(client, { capsuleId: 99n })];
    await expectRevert(missing, "ERC721NonexistentToken", { tokenId: 99n });
    expect((await found).versions).to.equal(1n);
    expect(calls).to.have.length(1);
  });

  it("when a contract is missing, throws the same error as alone", async () => {
    const { counted } = await capsulesFixture();
    await installMulticall();
    const client = await counted();
    await networkHelpers.setCode(client.addresses.TermsRegistry, "0x");
    const reads = [getOffer(client, { offerId: 1n }), getOffer(client, { offerId: 2n })];
    const errors = await Promise.all(reads.map(rejectionOf));
    expect(errors.map(({ name }) => name)).to.deep.equal(["ContractNotFoundError", "ContractNotFoundError"]);
  });

  it("when they are of different blocks, take a request for each block", async () => {
    const { counted, calls } = await capsulesFixture();
    await installMulticall();
    const client = await counted();
    const { contracts } = client;
    const before = await ethers.provider.getBlockNumber();
    await networkHelpers.mine(3);
    const listed = await Promise.all([listProposals(client), getCapsule(client, { capsuleId: 1n })]);
    expect(listed[0]).to.deep.equal([]);
    expect(await contracts.CapsuleRegistry.lastCapsuleId({ blockTag: before })).to.equal(13n);
    expect(calls).to.have.length(2);
  });

  for (const [name, code] of [
    ["another contract", "0x60006000f3"],
    ["a contract that reverts", "0xfe"],
    ["a contract that returns nonsense", "0x60206000f3"],
  ] as const) {
    it(`when ${name} is at its address, are called one by one`, async () => {
      const { counted, calls } = await capsulesFixture();
      const alone = await readAll(await counted());
      calls.splice(0);
      await installMulticall(code);
      expect(await readAll(await counted())).to.deep.equal(alone);
      expect(calls).to.have.length(27);
    });
  }

  it("when a call uses up the gas of all, asks those without an answer again", async () => {
    const { counted, calls, token } = await capsulesFixture();
    await installMulticall();
    const client = await counted();
    // The router burns all gas that it gets.
    await networkHelpers.setCode(client.addresses.SettlementRouter, "0xfe");
    const range = { capsuleId: 1n, sharesVersion: 1n, token, first: 0n, count: 1n };
    const [burnt, capsule] = [getClaimable(client, range), getCapsule(client, { capsuleId: 1n })];
    expect(await rejectionOf(burnt)).to.have.property("code", "CONTRACT_REVERT");
    expect((await capsule).versions).to.equal(1n);
    expect(calls.length).to.be.greaterThan(1);
  });
});
