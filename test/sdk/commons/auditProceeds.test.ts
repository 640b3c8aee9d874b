import { auditProceeds, contribute, createClient, openLot } from "@benefit-grid/sdk";
import { expect } from "chai";
import { RELEASE_PERIOD } from "../../commons/support.ts";
import { ethers, impersonate, networkHelpers } from "../../grid.ts";
import { expectInvalid } from "../clients.ts";
import { earnHealth, soldFixture, WHOLE } from "../coin/support.ts";

const PROCEEDS = (7n * WHOLE) / 8n;

/** As `soldFixture`, with a gift to vault 2, another assigned to vault 1, and a paid milestone. */
async function busyFixture() {
  const fixture = await networkHelpers.loadFixture(soldFixture);
  const { client, usd, token, bob, steward, timelock } = fixture;
  const { Commons } = client.contracts;
  const commons = (signer: Parameters<typeof Commons.connect>[0]) =>
    Commons.connect(signer) as typeof Commons;
  await usd.connect(bob).approve(Commons, 40n);
  await commons(bob).deposit(2n, token, 40n);
  await usd.connect(bob).transfer(Commons, 70n);
  await commons(timelock).assign(1n, token, 30n);
  const approved = [1n, token, 100n, 0n, ethers.id("evidence")] as const;
  await commons(steward).proposeMilestone(...approved);
  await networkHelpers.time.increase(RELEASE_PERIOD);
  await commons(timelock).release(1n, ...approved);
  return { ...fixture, commons };
}

describe("auditProceeds", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client } = await networkHelpers.loadFixture(soldFixture);
    await expectInvalid(auditProceeds(client, { token: "0x1" }), "token");
    await expectInvalid(auditProceeds(client, { blockRange: 0 }), "blockRange");
  });

  it("finds every payment, with its lot, buyer and payer, and all of it in the vault", async () => {
    const { client, alice, bob, token } = await networkHelpers.loadFixture(soldFixture);
    const { entries, agrees, vaults, tokens, unexplained, blockNumber } = await auditProceeds(client);
    expect(blockNumber).to.equal(await ethers.provider.getBlockNumber());
    const sale = { kind: "sale", programmeId: 1n, token, payer: alice.address, lotId: 1n };
    expect(entries.map(({ blockNumber: _, hash: __, ...entry }) => entry)).to.deep.equal([
      { ...sale, amount: (3n * WHOLE) / 4n, buyer: alice.address },
      { ...sale, amount: WHOLE / 8n, buyer: bob.address },
    ]);
    const [first] = entries;
    const receipt = await ethers.provider.getTransactionReceipt(first?.hash ?? "");
    expect(receipt?.blockNumber).to.equal(first?.blockNumber);
    const sums = { received: PROCEEDS, released: 0n, agrees: true };
    expect(vaults).to.deep.equal([{ programmeId: 1n, token, ...sums, balance: PROCEEDS }]);
    expect(tokens).to.deep.equal([{ token, ...sums, inVaults: PROCEEDS, held: PROCEEDS }]);
    expect([agrees, unexplained]).to.deep.equal([true, []]);
  });

  it("when money was given, assigned and released, adds up, in block ranges of any size", async () => {
    const { client, token, bob } = await networkHelpers.loadFixture(busyFixture);
    for (const blockRange of [1, 6, 10_000]) {
      const { agrees, entries, vaults, tokens } = await auditProceeds(client, { blockRange });
      expect(agrees).to.equal(true);
      expect(
        entries
          .slice(2)
          .map(({ kind, programmeId, amount, payer, milestoneId }) => [
            kind,
            programmeId,
            amount,
            payer ?? milestoneId,
          ]),
      ).to.deep.equal([
        ["gift", 2n, 40n, bob.address],
        ["assignment", 1n, 30n, undefined],
        ["release", 1n, 100n, 1n],
      ]);
      const first = { received: PROCEEDS + 30n, released: 100n, balance: PROCEEDS - 70n, agrees: true };
      expect(vaults).to.deep.equal([
        { programmeId: 1n, token, ...first },
        { programmeId: 2n, token, received: 40n, released: 0n, balance: 40n, agrees: true },
      ]);
      expect(tokens).to.deep.equal([
        {
          token,
          received: PROCEEDS + 70n,
          released: 100n,
          inVaults: PROCEEDS - 30n,
          held: PROCEEDS + 10n,
          agrees: true,
        },
      ]);
    }
  });

  it("when a token is named, tells of no other", async () => {
    const { client, token, alice, commons } = await networkHelpers.loadFixture(busyFixture);
    const other = await ethers.deployContract("PlainToken", [18]);
    await other.mint(alice, 5n);
    await other.connect(alice).approve(client.contracts.Commons, 5n);
    await commons(alice).deposit(2n, other, 5n);
    const address = await other.getAddress();
    const { entries, vaults, tokens, agrees } = await auditProceeds(client, { token: address.toLowerCase() });
    expect([entries, vaults, tokens].map((rows) => rows.map((row) => row.token))).to.deep.equal(
      Array(3).fill([address]),
    );
    expect(agrees).to.equal(true);
    expect((await auditProceeds(client, { token })).entries).to.have.length(5);
  });

  it("when strangers gave contracts other than tokens, audits them only if named", async () => {
    const { client, token, alice, commons } = await networkHelpers.loadFixture(busyFixture);
    const shrinking = await ethers.deployContract("RebasingToken");
    await shrinking.mint(alice, 50n);
    await shrinking.connect(alice).approve(client.contracts.Commons, 50n);
    await commons(alice).deposit(2n, shrinking, 50n);
    await shrinking.shrink(client.contracts.Commons, 1n);
    const { agrees, tokens, entries } = await auditProceeds(client);
    expect([agrees, tokens.map((row) => row.token), entries.length]).to.deep.equal([true, [token], 5]);
    expect((await auditProceeds(client, { token: await shrinking.getAddress() })).agrees).to.equal(false);
  });

  it("when no event is of a named token, compares the Commons with nothing", async () => {
    const { client, token, deployment, alice } = await networkHelpers.loadFixture(soldFixture);
    const none = { token: await client.contracts.FoundationCoin.getAddress() };
    const row = { ...none, received: 0n, released: 0n, inVaults: 0n, held: 0n, agrees: true };
    expect(await auditProceeds(client, none)).to.deep.include({ agrees: true, tokens: [row], vaults: [] });
    const blockNumber = await ethers.provider.getBlockNumber();
    const late = await createClient({ runner: alice, deployment: { ...deployment, blockNumber } });
    const { agrees, tokens } = await auditProceeds(late, { token });
    expect([agrees, tokens]).to.deep.equal([
      false,
      [{ token, received: 0n, released: 0n, inVaults: PROCEEDS, held: PROCEEDS, agrees: false }],
    ]);
  });

  it("when two lots are paid for in turn, each payment has its own", async () => {
    const fixture = await networkHelpers.loadFixture(soldFixture);
    const { client, alicePays, alice } = fixture;
    await earnHealth(fixture);
    await openLot(client, { championId: 1n });
    await contribute(alicePays, { lotId: 2n, buyer: alice.address, amount: WHOLE });
    const { entries, agrees } = await auditProceeds(client);
    expect(entries.map(({ lotId }) => lotId)).to.deep.equal([1n, 1n, 2n]);
    expect(agrees).to.equal(true);
  });

  it("when the Commons holds less than its vaults say, does not agree", async () => {
    const { client, commons, alice, token, timelock } = await networkHelpers.loadFixture(busyFixture);
    const shrinking = await ethers.deployContract("RebasingToken");
    await shrinking.mint(alice, 50n);
    await shrinking.connect(alice).approve(client.contracts.Commons, 50n);
    await commons(alice).deposit(2n, shrinking, 50n);
    await shrinking.mint(client.contracts.Commons, 1n);
    await commons(timelock).assign(2n, shrinking, 1n);
    expect((await auditProceeds(client)).agrees).to.equal(true);
    await shrinking.shrink(client.contracts.Commons, 1n);
    const { agrees, tokens, vaults } = await auditProceeds(client);
    expect(agrees).to.equal(false);
    expect(tokens.map(({ agrees, held }) => [agrees, held])).to.deep.equal([
      [true, PROCEEDS + 10n],
      [false, 50n],
    ]);
    expect(vaults.every((vault) => vault.agrees)).to.equal(true);
    expect((await auditProceeds(client, { token })).agrees).to.equal(true);
  });

  it("when a vault stores anything else than events say, does not agree", async () => {
    const { client, token } = await networkHelpers.loadFixture(soldFixture);
    const address = await client.contracts.Commons.getAddress();
    const slot = await vaultSlot(address, 1n, token);
    for (const [balance, released] of [
      [PROCEEDS - 1n, 0n],
      [PROCEEDS - 1n, 1n],
      [PROCEEDS, 1n],
    ] as const) {
      await networkHelpers.setStorageAt(address, slot, ethers.toBeHex((released << 128n) | balance, 32));
      const { agrees, vaults } = await auditProceeds(client);
      expect([agrees, vaults[0]?.agrees]).to.deep.equal([false, false]);
    }
    await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(PROCEEDS, 32));
    expect((await auditProceeds(client)).agrees).to.equal(true);
  });

  it("when the sale pays without a contribution, names the transaction and does not agree", async () => {
    const { client, usd, token, commons } = await networkHelpers.loadFixture(busyFixture);
    const sale = await impersonate(client.contracts.CoinSale);
    await usd.mint(sale, 9n);
    await usd.connect(sale).approve(client.contracts.Commons, 9n);
    const { hash } = await commons(sale).deposit(1n, token, 9n);
    const { agrees, unexplained, entries, vaults } = await auditProceeds(client);
    expect([agrees, unexplained]).to.deep.equal([false, [hash]]);
    expect(entries.at(-1)).to.deep.include({ kind: "sale", amount: 9n, payer: sale.address });
    expect(vaults.every((vault) => vault.agrees)).to.equal(true);
  });

  it("when a vault gets less than its contribution, names the transaction and does not agree", async () => {
    const { client, usd, token, alice } = await networkHelpers.loadFixture(busyFixture);
    const { CoinSale, Commons } = client.contracts;
    const address = await CoinSale.getAddress();
    const liar = await ethers.deployContract("LyingSale");
    await networkHelpers.setCode(address, await ethers.provider.getCode(liar));
    await usd.mint(address, 9n);
    const sale = liar.attach(address) as typeof liar;
    const unexplained: string[] = [];
    for (const [reported, paid] of [
      [4n, 4n],
      [3n, 2n],
      [1n, 3n],
    ] as const) {
      const { hash } = await sale.connect(alice).contribute(Commons, 1n, 1n, token, reported, paid);
      if (reported !== paid) unexplained.push(hash);
      const audit = await auditProceeds(client);
      expect([audit.agrees, [...new Set(audit.unexplained)]]).to.deep.equal([
        unexplained.length === 0,
        unexplained,
      ]);
      expect(audit.vaults.every((vault) => vault.agrees)).to.equal(true);
    }
  });

  it("when the deployment names another Commons, lists contributions without a vault payment", async () => {
    const { deployment, stranger, alice } = await networkHelpers.loadFixture(soldFixture);
    const empty = await ethers.deployContract("Commons", [stranger]);
    const contracts = { ...deployment.contracts, Commons: await empty.getAddress() };
    const client = await createClient({ runner: alice, deployment: { ...deployment, contracts } });
    const { agrees, entries, unexplained } = await auditProceeds(client);
    expect([agrees, entries, unexplained.length]).to.deep.equal([false, [], 2]);
  });
});

/** The storage slot of a vault in the Commons. Searched for, since the compiler chooses the layout. */
async function vaultSlot(address: string, programmeId: bigint, token: string): Promise<string> {
  const coder = ethers.AbiCoder.defaultAbiCoder();
  for (let slot = 0n; slot < 20n; slot += 1n) {
    const outer = ethers.keccak256(coder.encode(["uint64", "uint256"], [programmeId, slot]));
    const inner = ethers.keccak256(coder.encode(["address", "bytes32"], [token, outer]));
    if ((await ethers.provider.getStorage(address, inner)) !== ethers.ZeroHash) return inner;
  }
  throw new Error("The vault is nowhere.");
}
