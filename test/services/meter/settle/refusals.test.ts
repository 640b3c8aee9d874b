import { settleBatch, signVoucher } from "@benefit-grid/sdk";
import { buildBatch } from "@benefit-grid/sdk/proofs";
import { expect } from "chai";
import { ethers, impersonate, mintParams } from "../../../grid.ts";
import { offerOf } from "../../../sdk/metering/support.ts";
import { provenBatch } from "../../../sdk/proven.ts";
import { addOffer } from "../../../settlement/support.ts";
import { commitmentOf, paid, type Settling, settling, unitsOf } from "./support.ts";

const FULL = 2n ** 120n - 1n;

/** License 5 of offer 4, whose revenue counter is full: no release succeeds. */
async function full() {
  const given = await settling();
  const { buyer, router, licenses } = given;
  const token = await ethers.deployContract("TestUSD");
  await token.mint(buyer, 2n * FULL);
  await token.connect(buyer).approve(router, ethers.MaxUint256);
  await router.connect(buyer).pay(1n, token, FULL, "0x");
  const offerId = await addOffer(given, { currency: await token.getAddress() });
  await licenses.connect(buyer).mint(mintParams(offerId, buyer, 100n), "0x");
  await given.keep(await given.open(10n, 5n), offerId);
  await given.keep(await given.open(10n));
  return { ...given, offerId };
}

describe("an offer whose release fails", () => {
  it("is left out and reported, and the others settle", async () => {
    const given = await full();
    const { run, client, store, offerId } = given;
    const settler = await run({ offers: [1n, offerId] });
    await settler.rounds(3);
    const reason = `SafeCastOverflowedUintDowncast(120, ${FULL + 250n})`;
    expect(settler.of("releaseFailed")).to.deep.include({
      kind: "releaseFailed",
      offerId,
      reason,
      until: (await store.holds())[0]?.until,
    });
    expect([await unitsOf(client, 4n), await unitsOf(client, 5n)]).to.deep.equal([10n, 0n]);
    expect(await store.holds()).to.have.length(1);
    await settler.rounds(2);
    expect(settler.of("releaseFailed")).to.have.length(1);
  });

  it("when the hold is over, is tried again", async () => {
    const given = await full();
    const { run, client, store, offerId, keep, open } = given;
    const settler = await run({ offers: [1n, offerId] });
    await settler.rounds(3);
    await store.release("offer", [offerId]);
    await keep(await open(11n, 5n), offerId);
    await settler.rounds(2);
    expect(settler.of("releaseFailed")).to.have.length(2);
    expect(await unitsOf(client, 5n)).to.equal(0n);
  });
});

/** Settles vouchers of 100 and 50 units of licenses 1 and 2 besides the settler's store. */
async function settleElsewhere({ client, sign, ledgerAddress: ledger }: Settling): Promise<void> {
  const offers = [offerOf(2n, await sign(1n, 100n), await sign(2n, 50n))];
  const batch = buildBatch({ chainId: client.chainId, ledger, meterId: 1n, offers });
  await settleBatch(client, { batch, proof: await provenBatch(batch) });
}

describe("a private batch", () => {
  it("when its rows were settled elsewhere, counts as settled, and nothing is sent", async () => {
    const given = await settling();
    await given.keepPrivate();
    const settler = await given.run();
    await settler.rounds(1);
    await settleElsewhere(given);
    const nonce = await given.wallet.getNonce();
    await settler.rounds(2);
    expect(settler.kinds()).to.deep.equal(["formed", "proved", "settled"]);
    expect(await given.wallet.getNonce()).to.equal(nonce);
    const settled = { units: 100n, contexts: 1n, salt: (await given.sign(1n, 100n)).salt };
    expect(await given.store.account(1n)).to.deep.include({ settled });
  });

  it("when a row is stale, is formed again on the usage that an earlier voucher opens", async () => {
    const given = await settling();
    const { keep, keepPrivate, sign, run, store, client } = given;
    // The store knows the vouchers of 100 and 50 units from a batch that it gave up.
    await keepPrivate();
    const settler = await run();
    await settler.round();
    await store.dropBatch(settler.of("formed")[0]?.batchId ?? "", "given up");
    settler.jobs.clear();
    const voucher = await sign(1n, 1_000n, { contexts: 5n });
    const cover = await sign(2n, 50n, { cover: 1n });
    await keep(voucher);
    await keep(cover);
    await settler.round();
    await settleElsewhere(given);
    await settler.proveAll();
    expect(settler.kinds()).to.deep.equal(["formed", "formed", "dropped"]);
    await settler.rounds(3);
    expect(settler.kinds().slice(3)).to.deep.equal([
      "corrected",
      "corrected",
      "formed",
      "proved",
      "sent",
      "settled",
    ]);
    expect(await commitmentOf(client, 1n)).to.equal(voucher.usage);
    expect(await commitmentOf(client, 2n)).to.equal(cover.usage);
    expect(await paid(given, 2n)).to.equal(1_050n * 25n);
  });

  it("when a row gets stale after its proof, is dropped before it is sent", async () => {
    const given = await settling();
    const { keep, sign, run } = given;
    await keep(await sign(1n, 1_000n, { contexts: 5n }));
    await keep(await sign(2n, 60n));
    const settler = await run({ prove: async () => NO_PROOF });
    await settler.rounds(1);
    const nonce = await given.wallet.getNonce();
    await settleElsewhere(given);
    await settler.round();
    expect(settler.of("dropped")[0]?.reason).to.contain("ProofInvalid");
    expect(await given.wallet.getNonce()).to.equal(nonce + 1);
    // No voucher of this store opens the usage: it is held, and the operator learns it.
    await settler.round();
    const reason = "no stored voucher opens the ledger's usage word";
    expect(settler.of("held").map((held) => [held.licenseId, held.reason])).to.deep.equal([
      [1n, reason],
      [2n, reason],
    ]);
  });

  it("when the proof is wrong, is dropped, and its licenses are held", async () => {
    const given = await settling();
    await given.keepPrivate();
    const settler = await given.run({ prove: async () => NO_PROOF });
    await settler.rounds(4);
    expect(settler.kinds()).to.deep.equal(["formed", "proved", "held", "held", "dropped"]);
    expect(await given.store.holds()).to.have.length(2);
  });
});

describe("a retired ledger", () => {
  const retired = async () => {
    const given = await settling();
    await given.keepPrivate();
    await given.terms.connect(await impersonate(given.timelock)).retireLedger(given.ledgerAddress);
    return given;
  };

  it("unless the operator allows it, no opening is published, and the operator learns it once", async () => {
    const settler = await (await retired()).run();
    await settler.rounds(3);
    expect(settler.kinds()).to.deep.equal(["error"]);
    expect(settler.errors().map(({ name }) => name)).to.deep.equal(["LedgerRetiredError"]);
  });

  it("when the operator allows it, private vouchers settle by their openings", async () => {
    const given = await retired();
    const settler = await given.run({ allowRetired: true });
    await settler.rounds(2);
    expect(settler.kinds()).to.deep.equal(["formed", "sent", "settled"]);
    expect(await paid(given, 2n)).to.equal(3_750n);
  });

  it("when it retires after the proof, the batch settles by its openings", async () => {
    const given = await settling();
    await given.keepPrivate();
    const settler = await given.run({ allowRetired: true, maxInFlight: 0 });
    await settler.rounds(1);
    await settler.proveAll();
    await given.terms.connect(await impersonate(given.timelock)).retireLedger(given.ledgerAddress);
    const other = await given.run({ allowRetired: true });
    await other.rounds(2);
    expect(other.kinds()).to.deep.equal(["sent", "settled"]);
    expect(await paid(given, 2n)).to.equal(3_750n);
  });
});

describe("a license", () => {
  it("when its voucher is not its signer's, is lost, and the others settle", async () => {
    const given = await settling();
    const { keep, open, run, client, stranger, as, buyer, licenses } = given;
    await licenses.connect(buyer).mint(mintParams(1n, buyer, 100n), "0x");
    await keep(await open(10n));
    await keep(await signVoucher(await as(stranger), { licenseId: 5n, units: 9n, contexts: 1n }), 1n);
    const settler = await run();
    await settler.rounds(2);
    expect(settler.of("lost").map(({ licenseId, reason }) => [licenseId, reason])).to.deep.equal([
      [5n, "VoucherSignatureInvalid"],
    ]);
    expect(await unitsOf(client, 4n)).to.equal(10n);
    // A newer voucher ends the hold.
    await keep(await open(12n, 5n), 1n);
    await settler.rounds(2);
    expect(await unitsOf(client, 5n)).to.equal(12n);
  });
});

const NO_PROOF = {
  a: [0n, 0n],
  b: [
    [0n, 0n],
    [0n, 0n],
  ],
  c: [0n, 0n],
} as const;
