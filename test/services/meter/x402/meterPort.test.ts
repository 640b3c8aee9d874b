import { setTimeout as pause } from "node:timers/promises";
import {
  createVoucherFacilitator,
  createVoucherServer,
  localFacilitator,
  sqliteStore,
  voucherOption,
} from "@benefit-grid/meter";
import { signVoucher } from "@benefit-grid/sdk";
import { createVoucherScheme } from "@benefit-grid/sdk/http";
import { x402Facilitator } from "@x402/core/facilitator";
import { x402ResourceServer } from "@x402/core/server";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { paymentMiddleware, setSettlementOverrides } from "@x402/hono";
import { expect } from "chai";
import { Wallet } from "ethers";
import { Hono } from "hono";
import { networkHelpers } from "../../../grid.ts";
import { rejectionOf } from "../../../sdk/clients.ts";
import { licensed, request, SECRET, startMeter, vouchersOf } from "../support.ts";

const NETWORK = "eip155:31337";
const CALL = { callId: `0x${"01".repeat(16)}`, offerId: 1n } as const;
const LIMITS = { maxUnits: 100n, seconds: 60 };

async function fixture() {
  const given = await networkHelpers.loadFixture(licensed);
  return { ...given, sign: vouchersOf(given.client) };
}

describe("a meter's part of license-voucher", () => {
  for (const licenseId of [1n, 2n]) {
    it(`when a stock server and a stock client use it, counts license ${licenseId} as fetch does`, async () => {
      const { client, as, meter: operator, sign } = await fixture();
      const meter = await startMeter(client, { credit: 200n });
      const scheme = createVoucherFacilitator(await as(operator), meter.vouchers);
      const facilitator = localFacilitator(new x402Facilitator().register(NETWORK, scheme));
      const server = new x402ResourceServer(facilitator).register(
        "eip155:*",
        createVoucherServer(meter.vouchers),
      );
      const app = new Hono();
      app.use(
        paymentMiddleware(
          { "POST /ask": { accepts: voucherOption(client, { offerId: licenseId, maxUnits: 100n }) } },
          server,
        ),
      );
      app.post("/ask", (c) => {
        setSettlementOverrides(c, { amount: "40" });
        return c.text("served");
      });
      const limits = { licenseId, contexts: 1n, maxUnits: 900n, maxUnitsPerCall: 100n, secret: SECRET };
      const customer = new x402Client().register("eip155:*", createVoucherScheme({ client, ...limits }));
      const paid = wrapFetchWithPayment(
        async (input, init) => await app.fetch(new Request(input, init)),
        customer,
      );
      for (let i = 0; i < 4; i++) {
        const response = await paid("http://meter.example/ask", { method: "POST", body: "question" });
        expect([response.status, await response.text()]).to.deep.equal([200, "served"]);
      }
      expect((await meter.store.account(licenseId))?.used).to.equal(160n);
      expect(meter.served).to.deep.equal([40n, 40n, 40n, 40n]);
      expect((await meter.fetch(request(await sign(licenseId, 160n)))).status, "the same account").to.equal(
        200,
      );
      expect((await meter.store.account(licenseId))?.used).to.equal(260n);
    });
  }

  it("when a call is settled twice, also by another gateway, counts it once", async () => {
    const { client, sign } = await fixture();
    const store = await sqliteStore(":memory:");
    const meter = await startMeter(client, { store });
    const other = await startMeter(client, { store });
    const call = { ...CALL, voucher: await sign(1n, 0n) };
    expect(await meter.vouchers.verify({ ...call, ...LIMITS })).to.deep.include({ ok: true });
    for (const { vouchers } of [meter, meter, other]) {
      expect(await vouchers.settle({ ...call, units: 70n })).to.deep.include({ ok: true, used: 70n });
    }
    expect(meter.served).to.deep.equal([70n]);
    const repeated = { ok: false, reason: "license_voucher_call_repeated" };
    expect(await other.vouchers.verify({ ...call, ...LIMITS })).to.deep.equal(repeated);
  });

  it("when a call comes twice in the same moment, admits it once and gives its units back once", async () => {
    const { client, sign } = await fixture();
    const { vouchers } = await startMeter(client);
    const call = { ...CALL, voucher: await sign(1n, 0n), ...LIMITS };
    const verdicts = await Promise.all([vouchers.verify(call), vouchers.verify(call)]);
    expect(verdicts.map(({ ok }) => ok)).to.deep.equal([true, false]);
    await vouchers.release(call);
    await vouchers.release(call);
    expect((await vouchers.verify(call)).ok).to.equal(true);
    expect((await rejectionOf(vouchers.verify({ ...call, callId: `0x${"02".repeat(16)}` }))).name).to.equal(
      "Refusal",
    );
  });

  it("when the meter closes, admits nothing more, and counts what is under way", async () => {
    const { client, sign } = await fixture();
    const { vouchers, close, store } = await startMeter(client);
    const call = { ...CALL, voucher: await sign(1n, 0n) };
    await vouchers.verify({ ...call, ...LIMITS });
    await close();
    expect(await vouchers.settle({ ...call, units: 30n })).to.deep.include({ ok: true, used: 30n });
    const other = { ...call, callId: `0x${"02".repeat(16)}`, ...LIMITS } as const;
    expect(await rejectionOf(vouchers.verify(other))).to.include({ reason: "ShuttingDown" });
    expect((await store.account(1n))?.used).to.equal(30n);
  });

  it("when a voucher covers too little, says what is due", async () => {
    const { client, sign } = await fixture();
    const { vouchers } = await startMeter(client);
    const voucher = await sign(1n, 0n);
    await vouchers.settle({ ...CALL, voucher, units: 70n });
    const next = { callId: `0x${"02".repeat(16)}`, offerId: 1n, voucher, ...LIMITS } as const;
    expect(await vouchers.verify(next)).to.deep.equal({
      ok: false,
      reason: "license_voucher_due",
      due: { licenseId: 1n, used: 70n },
    });
  });

  it("when somebody else signed, or the offer is another one, refuses both steps", async () => {
    const { client, sign } = await fixture();
    const { vouchers, store } = await startMeter(client);
    const signer = Wallet.createRandom();
    const forged = await signVoucher(client, { signer, licenseId: 1n, units: 5n, contexts: 1n });
    for (const [change, reason] of [
      [{ voucher: forged }, "invalid_license_voucher_signature"],
      [{ offerId: 2n }, "invalid_license_voucher_license"],
      [{ voucher: { ...forged, licenseId: 9n } }, "invalid_license_voucher_license"],
    ] as const) {
      const right = { ...CALL, voucher: await sign(1n, 0n) };
      const call = { ...right, ...(change as Partial<typeof right>) };
      expect(await vouchers.verify({ ...call, ...LIMITS })).to.deep.equal({ ok: false, reason });
      expect(await vouchers.settle({ ...call, units: 5n })).to.deep.equal({ ok: false, reason });
    }
    expect((await store.account(1n))?.used).to.equal(0n);
  });

  it("when calls in flight take all credit, the next one waits until one is released or too old", async () => {
    const { client, sign } = await fixture();
    const { vouchers } = await startMeter(client);
    const voucher = await sign(1n, 0n);
    const first = { ...CALL, voucher, ...LIMITS };
    const second = { ...first, callId: `0x${"02".repeat(16)}` } as const;
    expect((await vouchers.verify({ ...first, seconds: 0.05 })).ok).to.equal(true);
    expect((await rejectionOf(vouchers.verify(second))).name).to.equal("Refusal");
    let verdict = await vouchers.verify(second).catch(() => undefined);
    while (!verdict) {
      await pause(10);
      verdict = await vouchers.verify(second).catch(() => undefined);
    }
    expect(verdict.ok).to.equal(true);
    await vouchers.release(second);
    expect((await vouchers.verify(first)).ok).to.equal(true);
  });
});
