import { getEscrow, getUsage, getWithdrawable, settleOpen, signVoucher } from "@benefit-grid/sdk";
import { expect } from "chai";
import { licenseFixture, voucher as soliditySideVoucher } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

async function metering() {
  const given = await withClients(licenseFixture);
  const client = await given.as(given.meter);
  const user = await given.as(given.buyer);
  const sign = (units: bigint, contexts = 1n) => signVoucher(user, { licenseId: 1n, units, contexts });
  const settle = async (...vouchers: Awaited<ReturnType<typeof sign>>[]) =>
    await settleOpen(client, { meterId: 1n, batches: [{ offerId: 1n, vouchers }] });
  return { ...given, client, user, sign, settle };
}

describe("settleOpen", () => {
  it("when a list is empty or a voucher malformed, names it", async () => {
    const { client, sign, settle } = await metering();
    const voucher = await sign(5n);
    await expectInvalid(settleOpen(client, { meterId: 1n, batches: [] }), "batches");
    await expectInvalid(settle(), "batches[0].vouchers");
    await expectInvalid(settle({ ...voucher, units: 2n ** 64n }), "batches[0].vouchers[0].units");
    const signature = `${voucher.signature.slice(0, -2)}05` as const as `0x${string}`;
    await expectInvalid(settle({ ...voucher, signature }), "batches[0].vouchers[0].signature");
  });

  it("when somebody else than the operator calls, reverts", async () => {
    const { user, buyer, sign } = await metering();
    const batches = [{ offerId: 1n, vouchers: [await sign(5n)] }];
    const args = { meterId: 1n, caller: buyer.address };
    await expectRevert(settleOpen(user, { meterId: 1n, batches }), "CallerNotMeterOperator", args);
  });

  it("when a voucher is not newer, exceeds the prepaid units, or drops contexts, reverts", async () => {
    const { sign, settle } = await metering();
    await settle(await sign(5n, 3n));
    await expectRevert(settle(await sign(5n, 3n)), "VoucherNotNewer", {
      licenseId: 1n,
      oldUnits: 5n,
      units: 5n,
    });
    await expectRevert(settle(await sign(1_001n, 3n)), "VoucherExceedsPrepaid", {
      licenseId: 1n,
      units: 1_001n,
      prepaid: 1_000n,
    });
    await expectRevert(settle(await sign(6n, 1n)), "VoucherContextsDropped", {
      licenseId: 1n,
      oldContexts: 3n,
      contexts: 1n,
    });
    await expectRevert(settle(await sign(6n, 11n)), "VoucherContextsNotAllowed", {
      licenseId: 1n,
      contexts: 11n,
      allowed: 7n,
    });
  });

  it("when somebody else signed, reverts", async () => {
    const { client, settle, stranger, buyer } = await metering();
    const voucher = await signVoucher(client, { licenseId: 1n, units: 5n, contexts: 1n, signer: stranger });
    const args = { licenseId: 1n, signer: buyer.address };
    await expectRevert(settle(voucher), "VoucherSignatureInvalid", args);
  });

  it("when valid, use is counted and paid", async () => {
    const { client, sign, settle, payee, token } = await metering();
    const { totals } = await settle(await sign(40n, 5n));
    expect(totals).to.deep.equal([{ offerId: 1n, units: 40n }]);
    expect(await getUsage(client, { licenseId: 1n })).to.deep.equal({
      units: 40n,
      contexts: 5n,
      commitment: undefined,
    });
    expect(await getEscrow(client, { offerId: 1n })).to.include({ balance: 24_000n });
    const compute = await getWithdrawable(client, { account: payee.address, token });
    expect(compute).to.equal(200n);
  });

  it("packs and signs vouchers as the ledger has them", async () => {
    const { client, sign, ledger, buyer } = await metering();
    const voucher = await sign(2n ** 64n - 1n, 2n ** 32n - 1n);
    const { licenseId, units, contexts } = voucher;
    const batches = [{ offerId: 1n, vouchers: [voucher] }];
    const { data } = await settleOpen.prepare(client, { meterId: 1n, batches });
    const row = await soliditySideVoucher({ ledger }, buyer, { licenseId, units, contexts });
    const rows = [{ offerId: 1n, rows: [row] }];
    expect(data).to.equal(ledger.interface.encodeFunctionData("settleOpen", [1n, rows]));
  });
});

describe("getUsage", () => {
  it("when nothing is settled, is zero", async () => {
    const { client } = await metering();
    expect(await getUsage(client, { licenseId: 1n })).to.deep.equal({
      units: 0n,
      contexts: 0n,
      commitment: undefined,
    });
  });
});
