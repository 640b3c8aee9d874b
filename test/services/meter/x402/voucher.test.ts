import type { AddressInfo } from "node:net";
import {
  createVoucherFacilitator,
  createVoucherServer,
  localFacilitator,
  type VoucherPort,
  voucherOption,
} from "@benefit-grid/meter";
import { type Client, signVoucher } from "@benefit-grid/sdk";
import {
  createVoucherScheme,
  MessageFormatError,
  RequirementsMismatchError,
  type SignedCount,
  VOUCHER_SCHEME,
  VoucherLimitError,
  type VoucherRequirements,
  voucherToMessage,
} from "@benefit-grid/sdk/http";
import { x402Facilitator } from "@x402/core/facilitator";
import { encodePaymentRequiredHeader } from "@x402/core/http";
import { x402ResourceServer } from "@x402/core/server";
import type { PaymentPayload, PaymentRequirements, SchemeNetworkClient } from "@x402/core/types";
import { paymentMiddleware as expressMiddleware } from "@x402/express";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { paymentMiddleware, setSettlementOverrides } from "@x402/hono";
import { expect } from "chai";
import express from "express";
import { type Context, Hono } from "hono";
import { licenseFixture, Mode, mintParams, networkHelpers } from "../../../grid.ts";
import { addOffer } from "../../../licenses/support.ts";
import { expectInvalid, rejectionOf, withClients } from "../../../sdk/clients.ts";
import { memoryPort } from "./support.ts";

const URL = "http://meter.example/ask";
const NETWORK = "eip155:31337";
const SECRET = `0x${"5e".repeat(32)}` as const;
const LIMITS = { contexts: 1n, maxUnits: 900n, maxUnitsPerCall: 100n, secret: SECRET };

/** License 1 is open, license 2 private. */
async function licensed() {
  const given = await withClients(licenseFixture);
  const { licenses, buyer, meter, as } = given;
  const offerId = await addOffer(given, {}, { mode: Mode.Private });
  await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1_000n), "0x");
  return { ...given, client: await as(buyer), operator: await as(meter) };
}

function resourceServer(operator: Client, port: VoucherPort) {
  const facilitator = new x402Facilitator().register(NETWORK, createVoucherFacilitator(operator, port));
  return new x402ResourceServer(localFacilitator(facilitator)).register(
    "eip155:*",
    createVoucherServer(port),
  );
}

/** A stock x402 server. */
function honoOf(
  operator: Client,
  port: VoucherPort,
  answer: (c: Context) => Response = (c) => c.text("served"),
  offerId = 1n,
) {
  const accepts = voucherOption(operator, { offerId, maxUnits: 100n });
  const app = new Hono();
  app.use(paymentMiddleware({ "POST /ask": { accepts } }, resourceServer(operator, port)));
  app.post("/ask", answer);
  const fetch: typeof globalThis.fetch = async (input, init) => await app.fetch(new Request(input, init));
  return fetch;
}

/** A stock x402 client with our scheme. */
function payer(fetch: typeof globalThis.fetch, scheme: SchemeNetworkClient) {
  return wrapFetchWithPayment(fetch, new x402Client().register("eip155:*", scheme));
}

const POST = { method: "POST", body: "question" };

async function ask(paid: ReturnType<typeof payer>) {
  const response = await paid(URL, POST);
  const receipt = response.headers.get("PAYMENT-RESPONSE");
  const { extra } = receipt ? decodePaymentResponseHeader(receipt) : {};
  return [response.status, extra?.used];
}

describe("license-voucher", () => {
  for (const [mode, licenseId] of [
    ["open", 1n],
    ["private", 2n],
  ] as const) {
    it(`lets a stock client pay a stock Hono server, in ${mode} mode`, async () => {
      const { client, operator } = await networkHelpers.loadFixture(licensed);
      const { port, state } = memoryPort(operator);
      const scheme = createVoucherScheme({ client, licenseId, ...LIMITS });
      const paid = payer(honoOf(operator, port, undefined, licenseId), scheme);
      for (const used of ["100", "200", "300"]) expect(await ask(paid)).to.deep.equal([200, used]);
      expect(state.seen).to.deep.equal([0n, 100n, 200n]);
    });
  }

  it("lets a stock client pay a stock Express server", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator);
    const app = express();
    const accepts = voucherOption(operator, { offerId: 1n, maxUnits: 100n });
    app.use(expressMiddleware({ "POST /ask": { accepts } }, resourceServer(operator, port)));
    app.post("/ask", (_, response) => {
      response.send("served");
    });
    const server = app.listen(0, "127.0.0.1");
    try {
      await new Promise((resolve) => server.once("listening", resolve));
      const paid = payer(fetch, createVoucherScheme({ client, licenseId: 1n, ...LIMITS }));
      const { port: number } = server.address() as AddressInfo;
      for (let i = 0; i < 2; i++) {
        const response = await paid(`http://127.0.0.1:${number}/ask`, POST);
        expect([response.status, await response.text()]).to.deep.equal([200, "served"]);
      }
      expect(state.used).to.equal(200n);
    } finally {
      server.close();
    }
  });

  it("when the server states fewer units, counts these", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port } = memoryPort(operator);
    const answer = (c: Context) => {
      setSettlementOverrides(c, { amount: "37" });
      return c.text("served");
    };
    const paid = payer(
      honoOf(operator, port, answer),
      createVoucherScheme({ client, licenseId: 1n, ...LIMITS }),
    );
    expect(await ask(paid)).to.deep.equal([200, "37"]);
    expect(await ask(paid)).to.deep.equal([200, "74"]);
  });

  it("when the server states more units than it asked for, counts none and is not paid", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator);
    const answer = (c: Context) => {
      setSettlementOverrides(c, { amount: "101" });
      return c.text("served");
    };
    const paid = payer(
      honoOf(operator, port, answer),
      createVoucherScheme({ client, licenseId: 1n, ...LIMITS }),
    );
    expect((await ask(paid))[0]).to.equal(402);
    expect(state.used).to.equal(0n);
  });

  it("when the voucher covers too little, signs for the server's count and repeats the call once", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator, { credit: 200n });
    const scheme = createVoucherScheme({ client, licenseId: 1n, ...LIMITS });
    const hiding = { ...scheme, schemeHooks: { onPaymentResponse: withoutReceipt(scheme) } };
    const paid = payer(honoOf(operator, port), hiding);
    for (let i = 0; i < 4; i++) expect((await ask(paid))[0]).to.equal(200);
    expect(state.seen).to.deep.equal([0n, 0n, 0n, 200n, 200n]);
  });

  it("when it lost its count, takes it from its own newest voucher", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    for (const licenseId of [1n, 2n]) {
      const { port, state } = memoryPort(operator);
      const start = () =>
        payer(
          honoOf(operator, port, undefined, licenseId),
          createVoucherScheme({ client, licenseId, ...LIMITS }),
        );
      const before = start();
      for (let i = 0; i < 3; i++) await ask(before);
      expect(await ask(start())).to.deep.equal([200, "400"]);
      expect(state.seen.slice(3)).to.deep.equal([0n, 300n]);
    }
  });

  it("when calls run at the same time, serves each of them", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator, { credit: 400n });
    const paid = payer(honoOf(operator, port), createVoucherScheme({ client, licenseId: 1n, ...LIMITS }));
    const answers = await Promise.all([1, 2, 3].map(() => ask(paid)));
    expect(answers.map(([status]) => status)).to.deep.equal([200, 200, 200]);
    expect(await ask(paid)).to.deep.equal([200, "400"]);
    expect(state.seen).to.deep.equal([0n, 0n, 0n, 300n]);
  });

  it("when the server counts more than the calls allow, signs nothing", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator);
    const paid = payer(honoOf(operator, port), createVoucherScheme({ client, licenseId: 1n, ...LIMITS }));
    await ask(paid);
    state.used = 101n;
    const error = (await rejectionOf(paid(URL, POST))) as VoucherLimitError;
    expect(error, error.stack).to.be.instanceOf(VoucherLimitError);
    expect([error.units, error.allowed, error.limit]).to.deep.equal([101n, 100n, "maxUnitsPerCall"]);
    expect(state.seen.every((units) => units <= 100n)).to.equal(true);
  });

  it("when the handler fails, counts nothing and holds nothing in flight", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator);
    let isDown = true;
    const answer = (c: Context) => (isDown ? c.text("down", 500) : c.text("served"));
    const paid = payer(
      honoOf(operator, port, answer),
      createVoucherScheme({ client, licenseId: 1n, ...LIMITS }),
    );
    expect(await ask(paid)).to.deep.equal([500, undefined]);
    expect([state.used, state.inFlight.size]).to.deep.equal([0n, 0]);
    isDown = false;
    expect(await ask(paid)).to.deep.equal([200, "100"]);
  });
});

describe("createVoucherScheme", () => {
  it("when a limit is out of range, names it", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    await expectInvalid(
      () => createVoucherScheme({ client, licenseId: 1n, ...LIMITS, maxUnits: -1n }),
      "maxUnits",
    );
  });

  it("when the requirements do not fit the license or the limits, signs nothing", async () => {
    const { client, stranger, ledgerAddress } = await networkHelpers.loadFixture(licensed);
    const scheme = createVoucherScheme({ client, licenseId: 1n, ...LIMITS });
    const requirements = requirementsOf(String(ledgerAddress));
    const wrong: [Partial<VoucherRequirements>, string][] = [
      [{ network: "eip155:1" }, "network"],
      [{ asset: stranger.address }, "asset"],
      [{ extra: { offerId: "2" } }, "extra.offerId"],
      [{ extra: {} }, "extra.offerId"],
      [{ amount: "101" }, "amount"],
      [{ amount: "1.5" }, "amount"],
    ];
    for (const [change, field] of wrong) {
      const error = await rejectionOf(scheme.createPaymentPayload(2, { ...requirements, ...change }));
      expect(error, error.stack).to.be.instanceOf(RequirementsMismatchError);
      expect(error).to.include({ field });
    }
    expect(scheme.findDefaultAsset(requirements.asset, "eip155:1")).to.equal(undefined);
    expect(scheme.findDefaultAsset(stranger.address, NETWORK)).to.equal(undefined);
  });

  it("when the units due are malformed, names the field", async () => {
    const { client, ledgerAddress } = await networkHelpers.loadFixture(licensed);
    const requirements = requirementsOf(String(ledgerAddress));
    const due = { version: 1, licenseId: "1", used: 5 };
    const accepts = [{ ...requirements, extra: { ...requirements.extra, due } }];
    const answer = async () =>
      new Response("{}", {
        status: 402,
        headers: {
          "PAYMENT-REQUIRED": encodePaymentRequiredHeader({
            x402Version: 2,
            resource: { url: URL },
            accepts,
          }),
        },
      });
    const error = await rejectionOf(
      payer(answer, createVoucherScheme({ client, licenseId: 1n, ...LIMITS }))(URL),
    );
    expect(error, error.stack).to.be.instanceOf(MessageFormatError);
    expect((error as MessageFormatError).pointer).to.equal("/extra/due/used");
  });

  it("when the network fails, keeps the call among those that may have used units", async () => {
    const { client, operator } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator);
    const served = honoOf(operator, port);
    let isDown = true;
    const flaky: typeof globalThis.fetch = async (input, init) => {
      const response = await served(input, init);
      if (isDown && response.status === 200) throw new TypeError("fetch failed");
      return response;
    };
    const paid = payer(flaky, createVoucherScheme({ client, licenseId: 1n, ...LIMITS }));
    expect((await rejectionOf(paid(URL, POST))).message).to.equal("fetch failed");
    isDown = false;
    expect(await ask(paid)).to.deep.equal([200, "200"]);
    expect(state.seen).to.deep.equal([0n, 0n, 100n]);
  });

  it("when the network lost a call, holds it in flight for its time only", async () => {
    const { client, ledgerAddress } = await networkHelpers.loadFixture(licensed);
    const inFlightAfter = async (maxTimeoutSeconds: number) => {
      let kept: SignedCount | undefined;
      const store = {
        load: async () => kept,
        save: async (count: SignedCount) => {
          kept = count;
        },
      };
      const scheme = createVoucherScheme({ client, licenseId: 1n, ...LIMITS, store });
      const requirements = { ...requirementsOf(String(ledgerAddress)), maxTimeoutSeconds };
      const lost = await scheme.createPaymentPayload(2, requirements);
      expect(lost.payload.voucher.units).to.equal("0");
      const { payload } = await scheme.createPaymentPayload(2, requirements);
      const settleResponse = { success: true, extra: { used: "100" } };
      await scheme.schemeHooks.onPaymentResponse({ paymentPayload: { payload }, settleResponse });
      const third = await scheme.createPaymentPayload(2, requirements);
      expect(third.payload.voucher.units).to.equal("100");
      return (kept?.calls ?? 0) - 1;
    };
    expect([await inFlightAfter(300), await inFlightAfter(-1)]).to.deep.equal([1, 0]);
  });
});

describe("createVoucherFacilitator", () => {
  it("when a payload is malformed, forged or for something else, refuses it with a reason", async () => {
    const given = await networkHelpers.loadFixture(licensed);
    const { client, operator, as, stranger } = given;
    const { port, state } = memoryPort(operator);
    const facilitator = createVoucherFacilitator(operator, port);
    const accepted = requirementsOf(String(given.ledgerAddress));
    const voucher = voucherToMessage(await signVoucher(client, { licenseId: 1n, units: 0n, contexts: 1n }));
    const forged = voucherToMessage(
      await signVoucher(await as(stranger), { licenseId: 1n, units: 900n, contexts: 1n }),
    );
    const callId = `0x${"00".repeat(16)}`;
    const payloadOf = (payload: Record<string, unknown>, changes: Partial<PaymentRequirements> = {}) =>
      ({ x402Version: 2, accepted: { ...accepted, ...changes }, payload }) as PaymentPayload;
    const malformed = "invalid_license_voucher_payload";
    const cases: [PaymentPayload, string][] = [
      [payloadOf({ voucher }), malformed],
      [payloadOf({ voucher, callId: "0x00" }), malformed],
      [payloadOf({ voucher: {}, callId }), malformed],
      [payloadOf({ voucher, callId }, { network: "eip155:1" }), malformed],
      [payloadOf({ voucher, callId }, { asset: stranger.address }), malformed],
      [payloadOf({ voucher, callId }, { extra: { offerId: "2" } }), malformed],
      [payloadOf({ voucher, callId }, { scheme: "exact" }), malformed],
      [payloadOf({ voucher, callId }, { amount: "1.5" }), malformed],
      [payloadOf({ voucher: { ...voucher, licenseId: "2" }, callId }), "invalid_license_voucher_license"],
      [payloadOf({ voucher: forged, callId }), "invalid_license_voucher_signature"],
    ];
    for (const [payload, reason] of cases) {
      const { isValid, invalidReason } = await facilitator.verify(payload, accepted);
      expect([isValid, invalidReason]).to.deep.equal([false, reason]);
      const settled = await facilitator.settle(payload, accepted);
      expect([settled.success, settled.errorReason]).to.deep.equal([false, reason]);
    }
    const other = { ...accepted, network: "eip155:1" as const };
    const { invalidReason } = await facilitator.verify(payloadOf({ voucher, callId }), other);
    expect(invalidReason).to.equal("invalid_license_voucher_requirements");
    expect(state.used).to.equal(0n);
  });

  it("when a call is settled twice, counts it once, and refuses it afterwards", async () => {
    const { client, operator, ledgerAddress } = await networkHelpers.loadFixture(licensed);
    const { port, state } = memoryPort(operator);
    const facilitator = createVoucherFacilitator(operator, port);
    const accepted = requirementsOf(String(ledgerAddress));
    const { payload } = await createVoucherScheme({ client, licenseId: 1n, ...LIMITS }).createPaymentPayload(
      2,
      accepted,
    );
    const sent = { x402Version: 2, accepted, payload };
    expect((await facilitator.verify(sent, accepted)).isValid).to.equal(true);
    for (let i = 0; i < 2; i++)
      expect((await facilitator.settle(sent, accepted)).extra).to.deep.equal({ used: "100" });
    expect(state.used).to.equal(100n);
    expect((await facilitator.verify(sent, accepted)).invalidReason).to.equal(
      "license_voucher_call_repeated",
    );
  });
});

describe("createVoucherServer", () => {
  it("when the price is money, says how to state units", async () => {
    const error = await rejectionOf(createVoucherServer().parsePrice("$0.01", NETWORK));
    expect(error.message).to.equal(
      'The price of license-voucher is metered units of an offer, not "$0.01". Use `voucherOption`.',
    );
  });
});

function requirementsOf(asset: string): PaymentRequirements {
  const terms = { payTo: asset, maxTimeoutSeconds: 300, extra: { offerId: "1" } };
  return { scheme: VOUCHER_SCHEME, network: NETWORK, asset, amount: "100", ...terms };
}

/** The scheme's hook, for a server that does not say its count in receipts. */
function withoutReceipt({ schemeHooks }: SchemeNetworkClient) {
  const hook = schemeHooks?.onPaymentResponse;
  if (!hook) throw new Error("The scheme has no hook.");
  return async (context: Parameters<typeof hook>[0]) => {
    const { settleResponse } = context;
    return await hook(
      settleResponse ? { ...context, settleResponse: { ...settleResponse, extra: {} } } : context,
    );
  };
}
