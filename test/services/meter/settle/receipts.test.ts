import { createReceipts } from "@benefit-grid/meter";
import { closePrivateLicense, signVoucher } from "@benefit-grid/sdk";
import {
  RECEIPTS_PATH,
  receiptFromMessage,
  toHeader,
  VOUCHER_HEADER,
  verifyReceipt,
  voucherToMessage,
} from "@benefit-grid/sdk/http";
import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import { expect } from "chai";
import { networkHelpers } from "../../../grid.ts";
import { type Settling, settling } from "./support.ts";

/** License 4 has 10 open units settled, licenses 1 and 2 have 100 and 50 private ones. */
async function settled() {
  const given = await settling();
  await given.keep(await given.open(10n));
  await given.keepPrivate();
  await (await given.run()).rounds(3);
  return { ...given, ...(await fetching(given)) };
}

async function fetching({ client, store }: Settling) {
  const receipts = await createReceipts({ client, store, meterId: 1n });
  const fetch = async (licenseId: bigint | string, voucher?: AnyVoucher, method = "GET") => {
    const headers = voucher && { [VOUCHER_HEADER]: toHeader(voucherToMessage(voucher)) };
    const url = `https://meter.example${RECEIPTS_PATH}${licenseId}`;
    return await receipts(new Request(url, { method, ...(headers && { headers }) }));
  };
  const refusalOf = async (...parameters: Parameters<typeof fetch>) => {
    const response = (await fetch(...parameters)) ?? expect.fail("no answer");
    return [response.status, ((await response.json()) as { title: string }).title];
  };
  const receiptOf = async (licenseId: bigint, voucher: AnyVoucher) => {
    const response = (await fetch(licenseId, voucher)) ?? expect.fail("no answer");
    expect(response.status).to.equal(200);
    expect(response.headers.get("cache-control")).to.equal("no-store");
    return receiptFromMessage(await response.json());
  };
  return { receipts, fetch, refusalOf, receiptOf };
}

describe("createReceipts", () => {
  it("when the path is another, leaves the request alone", async () => {
    const { receipts } = await settled();
    expect(await receipts(new Request("https://meter.example/ask"))).to.equal(undefined);
  });

  it("when the voucher is missing, malformed or not the license's, answers 401 or 400", async () => {
    const { refusalOf, receipts, open, sign, as, stranger } = await settled();
    expect(await refusalOf(4n)).to.deep.equal([401, "VoucherMissing"]);
    const headers = { [VOUCHER_HEADER]: "%" };
    const malformed = await receipts(new Request(`https://meter.example${RECEIPTS_PATH}4`, { headers }));
    expect(malformed?.status).to.equal(400);
    const wrong = [401, "VoucherSignatureInvalid"];
    const forged = await signVoucher(await as(stranger), { licenseId: 4n, units: 10n, contexts: 1n });
    expect(await refusalOf(4n, forged)).to.deep.equal(wrong);
    expect(await refusalOf(4n, await sign(1n, 100n))).to.deep.equal(wrong);
    expect(await refusalOf(1n, await sign(2n, 50n))).to.deep.equal(wrong);
    expect(await refusalOf(99n, await open(1n, 99n))).to.deep.equal(wrong);
    expect(await refusalOf("4x", await open(10n))).to.deep.equal(wrong);
    expect(await refusalOf("", await open(10n))).to.deep.equal(wrong);
  });

  it("when somebody has a private voucher from the chain without its opening, answers 401", async () => {
    const { refusalOf, sign, user } = await settled();
    const voucher = await sign(1n, 100n);
    const wrong = [401, "VoucherSignatureInvalid"];
    expect(await refusalOf(1n, { ...voucher, salt: voucher.salt + 1n })).to.deep.equal(wrong);
    // Its signer may sign an open one by mistake, and then it is public.
    const open = await signVoucher(user, { licenseId: 1n, units: 1n, contexts: 1n });
    expect(await refusalOf(1n, open)).to.deep.equal(wrong);
  });

  it("when the method is another or nothing is settled, says so", async () => {
    const { refusalOf, sign, keep, open } = await settled();
    expect(await refusalOf(4n, await open(10n), "POST")).to.deep.equal([405, "MethodNotAllowed"]);
    await keep(await sign(3n, 7n));
    expect(await refusalOf(3n, await sign(3n, 7n))).to.deep.equal([404, "ReceiptUnknown"]);
  });

  it("any earlier voucher gets a receipt that the chain confirms, in both modes", async () => {
    const { receiptOf, open, sign, client, clientOf, store } = await settled();
    const receipt = await receiptOf(4n, await open(1n));
    const hash = (await store.lastSettled(4n))?.hash;
    const place = { meterId: 1n, offerId: 1n, hash, row: 0n };
    expect(receipt).to.deep.equal({ licenseId: 4n, units: 10n, contexts: 1n, ...place });
    const { blockNumber } = (await client.provider.getTransactionReceipt(hash ?? "")) ?? { blockNumber: 0 };
    expect(await verifyReceipt(client, { licenseId: 4n, receipt })).to.deep.equal({
      units: 10n,
      contexts: 1n,
      isNewest: true,
      blockNumber,
    });
    for (const [licenseId, units, row] of [
      [1n, 100n, 0n],
      [2n, 50n, 1n],
    ] as const) {
      const hidden = await receiptOf(licenseId, await sign(licenseId, 1n));
      const { salt } = await sign(licenseId, units);
      expect(hidden).to.include({ licenseId, units, salt, offerId: 2n, row });
      const verified = await verifyReceipt(clientOf(licenseId), { licenseId, receipt: hidden });
      expect(verified).to.include({ units, isNewest: true });
    }
  });

  it("when the license is closed, its last signer still gets it", async () => {
    const { receiptOf, sign, client, licenses, clientOf } = await settled();
    const { windowEnd } = await licenses.deadlinesOf(1n);
    await networkHelpers.time.increaseTo(windowEnd + 1n);
    const voucher = await sign(1n, 100n);
    await closePrivateLicense(clientOf(1n), { licenseId: 1n, opening: voucher });
    const receipt = await receiptOf(1n, voucher);
    expect(await verifyReceipt(client, { licenseId: 1n, receipt })).to.include({ units: 100n });
  });

  it("when the settlement vanished from the chain, gives none until it is settled again", async () => {
    const given = await settling();
    await given.keep(await given.open(10n));
    const before = await networkHelpers.takeSnapshot();
    await (await given.run()).rounds(2);
    await before.restore();
    const { refusalOf, receiptOf } = await fetching(given);
    const settler = await given.run({ maxAge: 3_600_000 });
    await settler.rounds(1);
    expect(await refusalOf(4n, await given.open(10n))).to.deep.equal([404, "ReceiptUnknown"]);
    await (await given.run()).rounds(2);
    const receipt = await receiptOf(4n, await given.open(10n));
    expect(await verifyReceipt(given.client, { licenseId: 4n, receipt })).to.include({ isNewest: true });
  });
});
