import { ReceiptInvalidError, settleBatch, settleOpen, signVoucher } from "@benefit-grid/sdk";
import {
  type Receipt,
  receiptFromMessage,
  receiptSchema,
  receiptToMessage,
  verifyReceipt,
} from "@benefit-grid/sdk/http";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { ethers, networkHelpers } from "../../grid.ts";
import { expectInvalid, rejectionOf } from "../clients.ts";
import { offerOf, privateGrid } from "../metering/support.ts";
import { provenBatch } from "../proven.ts";

const isReceipt = new Ajv2020().compile(receiptSchema);

/** Receipts of license 4 (10 units, open) and license 2 (50 units, private). */
async function settled() {
  const given = await privateGrid();
  const { client, as, buyer, sign, build } = given;
  const user = await as(buyer);
  const settle = async (units: bigint) => {
    const vouchers = [await signVoucher(user, { licenseId: 4n, units, contexts: 1n })];
    return await settleOpen(client, { meterId: 1n, batches: [{ offerId: 1n, vouchers }] });
  };
  const { hash } = await settle(10n);
  const two = await sign(2n, 50n);
  const batch = build([offerOf(2n, await sign(1n, 100n), two)]);
  const proved = await settleBatch(client, { batch, proof: await provenBatch(batch) });
  const use = { units: 10n, contexts: 1n };
  const open: Receipt = { licenseId: 4n, ...use, meterId: 1n, offerId: 1n, hash, row: 0n };
  const { units, contexts, salt } = two;
  const opening = { units, contexts, salt };
  const hidden: Receipt = { ...open, ...opening, licenseId: 2n, offerId: 2n, hash: proved.hash, row: 1n };
  const reasonOf = async (receipt: Receipt, licenseId = receipt.licenseId) => {
    const error = await rejectionOf(verifyReceipt(client, { licenseId, receipt }));
    expect(error, error.stack).to.be.instanceOf(ReceiptInvalidError);
    expect(error).to.have.property("licenseId", licenseId);
    return (error as ReceiptInvalidError).reason;
  };
  return { ...given, settle, open, hidden, reasonOf };
}

describe("receipts", () => {
  it("go through JSON unchanged, and follow their schema", async () => {
    const { open, hidden } = await settled();
    for (const receipt of [open, hidden]) {
      const message = JSON.parse(JSON.stringify(receiptToMessage(receipt)));
      expect(isReceipt(message)).to.equal(true);
      expect(receiptFromMessage(message)).to.deep.equal(receipt);
      for (const name of Object.keys(message)) {
        const isOptional = name === "salt";
        const { [name]: _, ...without } = message;
        expect(isReceipt(without), name).to.equal(isOptional);
        expect(isReceipt({ ...message, [name]: 7 }), name).to.equal(false);
        expect(() => receiptFromMessage({ ...message, [name]: 7 }), name).to.throw(name);
        if (!isOptional) expect(() => receiptFromMessage(without), name).to.throw(name);
      }
      expect(isReceipt({ ...message, more: "0" })).to.equal(false);
      expect(() => receiptFromMessage({ ...message, more: "0" })).to.throw("/more");
    }
  });
});

describe("verifyReceipt", () => {
  it("when the license id is malformed, refuses it", async () => {
    const { client, open } = await settled();
    await expectInvalid(verifyReceipt(client, { licenseId: -1n, receipt: open }), "licenseId");
  });

  it("when the receipt is wrong, says what is wrong", async () => {
    const { open, hidden, reasonOf } = await settled();
    const wrong: [reason: string, receipt: Receipt, licenseId?: bigint][] = [
      ["LicenseMismatch", open, 1n],
      ["TransactionNotFound", { ...open, hash: ethers.ZeroHash as `0x${string}` }],
      ["SettlementNotFound", { ...open, meterId: 2n }],
      ["SettlementNotFound", { ...open, offerId: 2n }],
      ["SettlementNotFound", { ...open, hash: hidden.hash }],
      ["SettlementNotFound", { ...hidden, meterId: 2n }],
      ["SettlementNotFound", { ...hidden, offerId: 3n }],
      ["RowMismatch", { ...open, row: 1n }],
      ["RowMismatch", { ...open, licenseId: 1n }],
      ["RowMismatch", { ...hidden, row: 0n }],
      ["RowMismatch", { ...hidden, row: 2n }],
      ["UsageMismatch", { ...open, units: 11n }],
      ["UsageMismatch", { ...open, contexts: 3n }],
      ["UsageMismatch", { ...hidden, units: 51n }],
      ["UsageMismatch", { ...hidden, contexts: 3n }],
      ["UsageMismatch", { ...hidden, salt: 1n }],
    ];
    for (const [reason, receipt, licenseId] of wrong)
      expect(await reasonOf(receipt, licenseId), reason).to.equal(reason);
  });

  it("when the transaction reverted, says so", async () => {
    const { open, reasonOf, buyer, ledger } = await settled();
    const reverting = ledger.connect(buyer).settleOpen(1n, [], { gasLimit: 100_000n });
    await rejectionOf(reverting);
    const block = await ethers.provider.getBlock("latest");
    const hash = block?.transactions[0] as `0x${string}`;
    expect(await reasonOf({ ...open, hash })).to.equal("TransactionReverted");
  });

  it("when more was settled since, it still holds", async () => {
    const { client, settle, open } = await settled();
    await settle(20n);
    const verified = await verifyReceipt(client, { licenseId: 4n, receipt: open });
    expect(verified).to.include({ units: 10n, isNewest: false });
  });

  it("when the ledger has less, says so", async () => {
    const { client, open, hidden, reasonOf, ledgerAddress, ledger } = await settled();
    const slots = await Promise.all([open, hidden].map(({ licenseId }) => slotOf(ledger, licenseId)));
    for (const slot of slots) await networkHelpers.setStorageAt(ledgerAddress, slot, 0n);
    expect(await reasonOf(open)).to.equal("UsageBehind");
    expect(await reasonOf(hidden)).to.equal("UsageBehind");
    void client;
  });
});

/** Where a ledger keeps a license's usage word. */
async function slotOf(
  ledger: { getAddress(): Promise<string>; usageOf(licenseId: bigint): Promise<string> },
  licenseId: bigint,
): Promise<string> {
  const word = await ledger.usageOf(licenseId);
  for (let slot = 0; slot < 32; slot += 1) {
    const place = ethers.solidityPackedKeccak256(["uint256", "uint256"], [licenseId, slot]);
    if ((await ethers.provider.getStorage(await ledger.getAddress(), place)) === word) return place;
  }
  throw new Error("The ledger has no such word.");
}
