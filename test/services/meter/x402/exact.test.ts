import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import {
  type CreateExactPaymentsParameters,
  createExactPayments,
  type ExactKey,
  type ExactPayments,
  sqliteExactPayments,
} from "@benefit-grid/meter";
import { type Address, type Client, type Hex, tokenDomain } from "@benefit-grid/sdk";
import { toExactSigner } from "@benefit-grid/sdk/http";
import { decodePaymentRequiredHeader, encodePaymentSignatureHeader } from "@x402/core/http";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { ExactEvmScheme } from "@x402/evm";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { expect } from "chai";
import { connection, ethers, networkHelpers } from "../../../grid.ts";
import { serve as serveNode, temporaryFolder } from "../../../sdk/cli/support.ts";
import { expectInvalid, rejectionOf } from "../../../sdk/clients.ts";
import { dying } from "./dying.ts";
import { atPresent, DAY, exactFixture } from "./support.ts";

const URL = "https://meter.example/ask";
const AMOUNT = 10_000n;

type Given = Awaited<ReturnType<typeof exactFixture>>;
type Exact = Awaited<ReturnType<typeof createExactPayments>>;

const folder = temporaryFolder();
let files = 0;
const open: ExactPayments[] = [];

function newPath(): string {
  return join(folder, `${files++}.db`);
}

/** A new file, and how to open it again after a crash. */
function storeFile(path = newPath()) {
  return () => {
    const store = sqliteExactPayments(path);
    open.push(store);
    return store;
  };
}

async function exactOf({ operator, token }: Given, changes: Partial<CreateExactPaymentsParameters> = {}) {
  const store = changes.store ?? storeFile()();
  return createExactPayments({
    client: operator,
    store,
    capsuleId: 1n,
    token,
    amountPerCall: AMOUNT,
    maxTimeoutSeconds: DAY,
    ...changes,
  });
}

/** A meter's fetch. */
function serve(exact: Exact, handler = () => new Response("served")): typeof fetch {
  return async (input, init) => {
    const payment = await exact.accept(new Request(input, init));
    return payment.ok ? await payment.answer(handler) : payment.response;
  };
}

async function signed(customer: Client, requirements: PaymentRequirements): Promise<PaymentPayload> {
  const scheme = new ExactEvmScheme(await toExactSigner(customer));
  const { payload } = await scheme.createPaymentPayload(2, requirements);
  return { x402Version: 2, accepted: requirements, payload };
}

function requestOf(payload: PaymentPayload): Request {
  return new Request(URL, { headers: { "PAYMENT-SIGNATURE": encodePaymentSignatureHeader(payload) } });
}

/** What a capsule received. */
async function paymentsTo({ router }: Given) {
  const events = await router.queryFilter(router.filters.Paid(1n));
  return events.map(({ args }) => ({ payer: args.payer, amount: args.amount }));
}

function errorOf(response: Response): string | undefined {
  return decodePaymentRequiredHeader(response.headers.get("PAYMENT-REQUIRED") ?? "").error;
}

/** A provider with another method. */
function changed<T extends object, K extends keyof T>(provider: T, method: K, change: unknown): T {
  return new Proxy(provider, {
    get(target, name) {
      if (name === method) return change;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("createExactPayments", () => {
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close().catch(() => undefined);
  });

  it("when a request has no payment, answers 402 with the requirements", async () => {
    const given = await atPresent(exactFixture);
    const exact = await exactOf(given, { maxTimeoutSeconds: 300 });
    const response = await serve(exact)(URL);
    expect(response.status).to.equal(402);
    const required = decodePaymentRequiredHeader(response.headers.get("PAYMENT-REQUIRED") ?? "");
    const { name, version } = await tokenDomain(given.operator, given.token as Address);
    expect(required).to.deep.equal({
      x402Version: 2,
      error: "payment_required",
      resource: { url: URL },
      accepts: [
        {
          scheme: "exact",
          network: "eip155:31337",
          asset: given.token,
          amount: "10000",
          payTo: given.meter.address,
          maxTimeoutSeconds: 300,
          extra: { name, version, paymentFlow: "upfront" },
        },
      ],
    });
  });

  it("when a stock x402 client allows the token, is paid and pays the capsule", async () => {
    const given = await atPresent(exactFixture);
    const exact = await exactOf(given);
    const client = new x402Client()
      .register("eip155:*", new ExactEvmScheme(await toExactSigner(given.customer)))
      .setSpendControls({ allowedAssets: [{ network: "eip155:31337", asset: given.token }] });
    const paid = wrapFetchWithPayment(serve(exact), client);
    const before = await given.usd.balanceOf(given.meter);
    const response = await paid(URL, { method: "POST", body: "question" });
    expect([response.status, await response.text()]).to.deep.equal([200, "served"]);
    const receipt = decodePaymentResponseHeader(response.headers.get("PAYMENT-RESPONSE") ?? "");
    expect(receipt).to.include({ success: true, payer: given.buyer.address, network: "eip155:31337" });
    await exact.drain();
    expect(await paymentsTo(given)).to.deep.equal([{ payer: given.meter.address, amount: AMOUNT }]);
    expect(await given.usd.balanceOf(given.router)).to.equal(AMOUNT);
    expect(await given.usd.balanceOf(given.meter)).to.equal(before);
  });

  it("when requests come at the same time, serves and pays each once", async () => {
    const given = await atPresent(exactFixture);
    const exact = await exactOf(given);
    const payloads = await Promise.all([1, 2, 3].map(() => signed(given.customer, exact.requirements)));
    const twice = [...payloads, ...payloads];
    const answers = await Promise.all(twice.map((payload) => serve(exact)(requestOf(payload))));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 402, 402, 402]);
    await exact.drain();
    expect(await paymentsTo(given)).to.have.length(3);
  });

  it("when an authorization is replayed, refuses it", async () => {
    const given = await atPresent(exactFixture);
    const store = storeFile();
    const exact = await exactOf(given, { store: store() });
    const payload = await signed(given.customer, exact.requirements);
    expect((await serve(exact)(requestOf(payload))).status).to.equal(200);
    await exact.drain();
    const { authorization, signature } = payload.payload as { authorization: { nonce: Hex }; signature: Hex };
    const upper = { ...authorization, nonce: `0x${authorization.nonce.slice(2).toUpperCase()}` };
    const again = { ...payload, payload: { authorization: upper, signature } };
    const elsewhere = await exactOf(given);
    for (const [handler, request] of [
      [exact, requestOf(payload)],
      [exact, requestOf(again)],
      [elsewhere, requestOf(payload)],
    ] as const) {
      const response = await serve(handler)(request);
      expect([response.status, errorOf(response)]).to.deep.equal([
        402,
        "invalid_exact_evm_nonce_already_used",
      ]);
    }
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when the payment does not fit, refuses it with a reason", async () => {
    const given = await atPresent(exactFixture);
    const exact = await exactOf(given);
    const { requirements } = exact;
    const { customer, stranger, as } = given;
    const pay = (changes: Partial<PaymentRequirements>) => signed(customer, { ...requirements, ...changes });
    const hidden = async (changes: Partial<PaymentRequirements>) => ({
      ...(await pay(changes)),
      accepted: requirements,
    });
    const value = "invalid_exact_evm_payload_authorization_value_mismatch";
    const expired = await pay({ maxTimeoutSeconds: -60 });
    const cases: [PaymentPayload | string, string][] = [
      ["not base64", "invalid_payload"],
      [{ ...(await pay({})), x402Version: 1 }, "invalid_x402_version"],
      [await pay({ scheme: "upto" }), "invalid_exact_evm_scheme"],
      [await pay({ network: "eip155:1" }), "invalid_exact_evm_network_mismatch"],
      [await hidden({ network: "eip155:1" }), "invalid_exact_evm_signature"],
      [await pay({ asset: stranger.address }), "invalid_exact_evm_asset_mismatch"],
      [await hidden({ asset: stranger.address }), "invalid_exact_evm_signature"],
      [await pay({ payTo: stranger.address }), "invalid_exact_evm_recipient_mismatch"],
      [await hidden({ payTo: stranger.address }), "invalid_exact_evm_recipient_mismatch"],
      [await pay({ amount: "9999" }), value],
      [await hidden({ amount: "9999" }), value],
      [{ ...expired, accepted: requirements }, "invalid_exact_evm_payload_authorization_valid_before"],
      [await signed(await as(stranger), requirements), "invalid_exact_evm_transaction_simulation_failed"],
      [{ ...(await pay({})), payload: {} }, "unsupported_payload_type"],
      [{ ...(await pay({})), payload: { authorization: {}, signature: "0x" } }, "invalid_payload"],
    ];
    for (const [payload, reason] of cases) {
      const headers = { "PAYMENT-SIGNATURE": String(payload) };
      const request = typeof payload === "string" ? new Request(URL, { headers }) : requestOf(payload);
      const payment = await exact.accept(request);
      expect(payment.ok ? "accepted" : payment.reason).to.equal(reason);
    }
    expect(await exact.resume()).to.deep.equal({ paid: 0, open: 0, errors: [] });
  });

  const CRASHES = [
    ["add", "after", 0, 1],
    ["settled", "before", 1, 1],
    ["settled", "after", 1, 1],
    ["serve", "after", 1, 0],
    ["paid", "before", 1, 0],
    ["paid", "after", 1, 0],
  ] as const;
  for (const [step, when, paid, served] of CRASHES) {
    it(`when the process dies ${when} it stores "${step}", pays the router once and serves what is owed`, async () => {
      const given = await atPresent(exactFixture);
      const file = storeFile();
      const before = await exactOf(given, { store: dying(file(), step, when) });
      const payload = await signed(given.customer, before.requirements);
      const died = serve(before)(requestOf(payload));
      if (step === "paid") expect((await died).status).to.equal(200);
      else expect((await rejectionOf(died)).message).to.equal("killed");
      await before.drain();

      const after = await exactOf(given, { store: file() });
      await after.resume();
      await after.resume();
      expect(await paymentsTo(given)).to.have.length(paid);
      const { status } = await serve(after)(requestOf(payload));
      expect(status).to.equal(served === 1 ? 200 : 402);
      await after.drain();
      expect(await paymentsTo(given)).to.have.length(1);
      expect(await given.usd.balanceOf(given.router)).to.equal(AMOUNT);
      expect(await after.resume()).to.deep.equal({ paid: 0, open: 0, errors: [] });
    });
  }

  for (const [method, when] of [
    ["add", "after"],
    ["settled", "before"],
    ["settled", "after"],
    ["paid", "before"],
  ] as const) {
    it(`when its process is killed ${when} "${method}", the next one pays the router once`, async () => {
      const given = await atPresent(exactFixture);
      const file = newPath();
      const { requirements } = await exactOf(given);
      const payload = await signed(given.customer, requirements);
      const node = await serveNode(connection);
      const { deployment, token, meter } = given;
      const chainId = Number(deployment.chainId);
      const header = encodePaymentSignatureHeader(payload);
      const task = { rpc: node.rpc, account: meter.address, deployment: { ...deployment, chainId }, file };
      const argument = JSON.stringify({ ...task, token, header, method, when });
      const gateway = spawn(process.execPath, ["test/services/meter/x402/gateway.ts", argument]);
      const [, signal] = await once(gateway, "exit");
      node.close();
      expect(signal).to.equal("SIGKILL");
      const after = await exactOf(given, { store: storeFile(file)() });
      await after.resume();
      if (method !== "paid") expect((await serve(after)(requestOf(payload))).status).to.equal(200);
      await after.drain();
      expect(await paymentsTo(given)).to.have.length(1);
      expect(await given.usd.balanceOf(given.router)).to.equal(AMOUNT);
    });
  }

  it("when two gateways continue the same payment, pays the router once", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "settled", "after") });
    await rejectionOf(serve(before)(requestOf(await signed(given.customer, before.requirements))));
    const gateways = await Promise.all([file(), file()].map((store) => exactOf(given, { store })));
    await Promise.all(gateways.map((gateway) => gateway.resume()));
    await gateways[0]?.resume();
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when another gateway pays first, pays the router no second time", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "settled", "after") });
    await rejectionOf(serve(before)(requestOf(await signed(given.customer, before.requirements))));
    const other = await exactOf(given, { store: file() });
    const { provider } = given.operator;
    // It asks for the newest block after it saw that nothing is paid yet.
    const slow = changed(provider, "getBlock", async (tag: "latest") => {
      await other.resume();
      return await provider.getBlock(tag);
    });
    const gateway = await exactOf(given, { client: { ...given.operator, provider: slow }, store: file() });
    expect(await gateway.resume()).to.deep.equal({ paid: 1, open: 0, errors: [] });
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when two gateways get the same payment at the same time, one serves it", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const gateways = await Promise.all([file(), file()].map((store) => exactOf(given, { store })));
    const payload = await signed(given.customer, (gateways[0] as Exact).requirements);
    const answers = await Promise.all(gateways.map((gateway) => serve(gateway)(requestOf(payload))));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 402]);
    for (const gateway of gateways) {
      await gateway.drain();
      await gateway.resume();
    }
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when the payment to the router fails, says so and pays later", async () => {
    const given = await atPresent(exactFixture);
    const { usd, meter, stranger } = given;
    const errors: unknown[] = [];
    const kept = storeFile()();
    const store = {
      ...kept,
      serve: async (key: ExactKey) => {
        await usd.connect(meter).transfer(stranger, await usd.balanceOf(meter));
        return await kept.serve(key);
      },
    };
    const exact = await exactOf(given, { store, onError: (error) => errors.push((error as Error).name) });
    const payload = await signed(given.customer, exact.requirements);
    expect((await serve(exact)(requestOf(payload))).status).to.equal(200);
    await exact.drain();
    expect(errors).to.deep.equal(["ERC20InsufficientBalance"]);
    const failed = await exact.resume();
    expect([failed.paid, failed.open, failed.errors.length]).to.deep.equal([0, 1, 1]);
    await usd.mint(meter, AMOUNT);
    expect(await exact.resume()).to.deep.equal({ paid: 1, open: 0, errors: [] });
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when the node does not answer, says so and takes the same payment later", async () => {
    const given = await atPresent(exactFixture);
    const { provider } = given.operator;
    let isGone = false;
    const call = async (transaction: Parameters<typeof provider.call>[0]) => {
      if (isGone) throw new Error("no connection");
      return await provider.call(transaction);
    };
    const client = { ...given.operator, provider: changed(provider, "call", call) };
    const exact = await exactOf(given, { client });
    const payload = await signed(given.customer, exact.requirements);
    isGone = true;
    expect((await rejectionOf(exact.accept(requestOf(payload)))).message).to.equal("no connection");
    isGone = false;
    expect((await serve(exact)(requestOf(payload))).status).to.equal(200);
    await exact.drain();
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when the handler fails, lets the customer send the same payment again", async () => {
    const given = await atPresent(exactFixture);
    const exact = await exactOf(given);
    const payload = await signed(given.customer, exact.requirements);
    const failing = serve(exact, () => {
      throw new Error("no model");
    });
    expect((await rejectionOf(failing(requestOf(payload)))).message).to.equal("no model");
    const overloaded = serve(exact, () => new Response("later", { status: 503 }));
    expect((await overloaded(requestOf(payload))).status).to.equal(503);
    expect((await serve(exact)(requestOf(payload))).status).to.equal(200);
    expect((await serve(exact)(requestOf(payload))).status).to.equal(402);
    await exact.drain();
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when the customer uses the nonce for another transfer, pays nothing and forgets it", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "add", "after") });
    const payload = await signed(given.customer, before.requirements);
    await rejectionOf(serve(before)(requestOf(payload)));
    const { authorization } = payload.payload as { authorization: Record<string, string> };
    await transferWith(given, { ...authorization, to: given.stranger.address } as Authorization);
    const after = await exactOf(given, { store: file() });
    expect(await after.resume()).to.deep.equal({ paid: 0, open: 0, errors: [] });
    expect((await serve(after)(requestOf(payload))).status).to.equal(402);
    expect(await paymentsTo(given)).to.have.length(0);
  });

  it("when somebody else submits the transfer first, takes it as the payment", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "add", "after") });
    const payload = await signed(given.customer, before.requirements);
    await rejectionOf(serve(before)(requestOf(payload)));
    await transferWith(given, (payload.payload as { authorization: Authorization }).authorization);
    const after = await exactOf(given, { store: file() });
    expect((await after.resume()).open).to.equal(0);
    expect((await serve(after)(requestOf(payload))).status).to.equal(200);
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when one transfer is shown for two authorizations, counts it for its own", async () => {
    const given = await atPresent(exactFixture);
    const { stranger, usd } = given;
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "add", "after") });
    const calls: string[] = [];
    for (const to of [stranger.address, given.meter.address]) {
      const payload = await signed(given.customer, before.requirements);
      await rejectionOf(serve(before)(requestOf(payload)));
      const { authorization } = payload.payload as { authorization: Authorization };
      const args = await signedTransfer(given, { ...authorization, to: to as Hex });
      calls.push(usd.interface.encodeFunctionData("transferWithAuthorization", args));
    }
    // Somebody sends both in one transaction.
    const account = [stranger.address];
    const batcher = await ethers.deployContract("TimelockController", [
      0,
      account,
      account,
      ethers.ZeroAddress,
    ]);
    const token = await usd.getAddress();
    const targets = [token, token];
    await batcher
      .connect(stranger)
      .scheduleBatch(targets, [0, 0], calls, ethers.ZeroHash, ethers.ZeroHash, 0);
    await batcher.connect(stranger).executeBatch(targets, [0, 0], calls, ethers.ZeroHash, ethers.ZeroHash);
    const after = await exactOf(given, { store: file() });
    expect(await after.resume()).to.deep.equal({ paid: 1, open: 0, errors: [] });
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when the customer cancels the authorization, pays nothing and forgets it", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "add", "after") });
    const payload = await signed(given.customer, before.requirements);
    await rejectionOf(serve(before)(requestOf(payload)));
    const { buyer, usd, customer, token, stranger } = given;
    const { nonce } = (payload.payload as { authorization: Authorization }).authorization;
    const fields = ["authorizer", "nonce"].map((name, i) => ({
      name,
      type: ["address", "bytes32"][i] ?? "",
    }));
    const domain = await tokenDomain(customer, token as Address);
    const message = { authorizer: buyer.address, nonce };
    const signature = await buyer.signTypedData(domain, { CancelAuthorization: fields }, message);
    const { v, r, s } = ethers.Signature.from(signature);
    await usd.connect(stranger).cancelAuthorization(buyer, nonce, v, r, s);
    const after = await exactOf(given, { store: file() });
    expect(await after.resume()).to.deep.equal({ paid: 0, open: 0, errors: [] });
    expect(await paymentsTo(given)).to.have.length(0);
  });

  it("when the node does not show the transfer yet, forgets nothing", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "settled", "before") });
    await rejectionOf(serve(before)(requestOf(await signed(given.customer, before.requirements))));
    const { provider } = given.operator;
    for (const method of ["getLogs", "getTransactionReceipt"] as const) {
      const answer = async () => (method === "getLogs" ? [] : null);
      const client = { ...given.operator, provider: changed(provider, method, answer) };
      const after = await exactOf(given, { client, store: file() });
      expect(await after.resume()).to.deep.equal({ paid: 0, open: 1, errors: [] });
    }
    const after = await exactOf(given, { store: file() });
    expect(await after.resume()).to.deep.equal({ paid: 1, open: 0, errors: [] });
  });

  it("when more confirmations are needed, waits for them before a payment counts", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "settled", "before") });
    await rejectionOf(serve(before)(requestOf(await signed(given.customer, before.requirements))));
    const exact = await exactOf(given, { store: file(), confirmations: 3 });
    expect(await exact.resume()).to.deep.equal({ paid: 0, open: 1, errors: [] });
    expect(await paymentsTo(given)).to.have.length(0);
    await networkHelpers.mine(2);
    expect(await exact.resume()).to.deep.equal({ paid: 0, open: 1, errors: [] });
    expect(await paymentsTo(given)).to.have.length(1);
    await networkHelpers.mine(2);
    expect(await exact.resume()).to.deep.equal({ paid: 1, open: 0, errors: [] });
    expect(await paymentsTo(given)).to.have.length(1);
  });

  it("when the client cannot sign, names it", async () => {
    const given = await atPresent(exactFixture);
    const client = { ...given.operator, runner: given.operator.provider };
    await expectInvalid(exactOf(given, { client }), "client");
  });

  it("when an authorization expires unused, forgets it", async () => {
    const given = await atPresent(exactFixture);
    const file = storeFile();
    const before = await exactOf(given, { store: dying(file(), "add", "after") });
    await rejectionOf(serve(before)(requestOf(await signed(given.customer, before.requirements))));
    const after = await exactOf(given, { store: file() });
    expect(await after.resume()).to.deep.equal({ paid: 0, open: 1, errors: [] });
    await networkHelpers.time.increase(2 * DAY);
    expect(await after.resume()).to.deep.equal({ paid: 0, open: 0, errors: [] });
  });
});

type Authorization = {
  from: Hex;
  to: Hex;
  value: string;
  validAfter: string;
  validBefore: string;
  nonce: Hex;
};

type TransferArgs = [string, string, string, string, string, string, number, string, string];

/** The buyer signs a transfer, and a stranger submits it. */
async function transferWith(given: Given, authorization: Authorization) {
  const args = await signedTransfer(given, authorization);
  await given.usd.connect(given.stranger).transferWithAuthorization(...args);
}

async function signedTransfer(
  { buyer, customer, token }: Given,
  { from, to, value, validAfter, validBefore, nonce }: Authorization,
) {
  const types = ["address", "address", "uint256", "uint256", "uint256", "bytes32"];
  const names = ["from", "to", "value", "validAfter", "validBefore", "nonce"];
  const fields = names.map((name, i) => ({ name, type: types[i] ?? "" }));
  const message = { from, to, value, validAfter, validBefore, nonce };
  const domain = await tokenDomain(customer, token as Address);
  const signature = await buyer.signTypedData(domain, { TransferWithAuthorization: fields }, message);
  const { v, r, s } = ethers.Signature.from(signature);
  const args: TransferArgs = [from, to, value, validAfter, validBefore, nonce, v, r, s];
  return args;
}
