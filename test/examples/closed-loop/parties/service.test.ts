import { setTimeout as pause } from "node:timers/promises";
import {
  confirmSigners,
  getUsage,
  priceOfUnits,
  requestClose,
  setSigner,
  signPrivateVoucher,
} from "@benefit-grid/sdk";
import {
  type AnyVoucher,
  readVoucherDue,
  toHeader,
  USED_HEADER,
  VOUCHER_HEADER,
  voucherToMessage,
} from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { createRetrieval } from "../../../../examples/closed-loop/answers/retrieval.ts";
import { createGas } from "../../../../examples/closed-loop/money/gas.ts";
import { settle } from "../../../../examples/closed-loop/money/settle.ts";
import { type Actor, type Actors, createActors } from "../../../../examples/closed-loop/parties/actors.ts";
import {
  type Catalog,
  CONTEXTS,
  PRICE_PER_MILLION,
  publishCatalog,
} from "../../../../examples/closed-loop/parties/catalog.ts";
import {
  ask,
  buyLicense,
  PREPAID_UNITS,
  payLast,
} from "../../../../examples/closed-loop/parties/customer.ts";
import { type Service, startService } from "../../../../examples/closed-loop/parties/service.ts";
import { createPrinter } from "../../../../examples/closed-loop/report/console.ts";
import { deployedGrid } from "../../../deployed.ts";

const QUESTION = "Who was Sarah Nelmes?";
/** With its answer it has 300 to 400 tokens. */
const LONG_QUESTION = "a ".repeat(300);

describe("startService", () => {
  let actors: Actors;
  let application: Actor;
  let catalog: Catalog;
  let service: Service;
  let token: `0x${string}`;

  before(async () => {
    const { connection, deployment } = await deployedGrid();
    token = deployment.contracts.TestUSD ?? expect.fail("no TestUSD");
    actors = await createActors(connection, deployment);
    application = await actors.create("application");
    catalog = await publishCatalog(actors, [application], token, createGas());
    service = await startService(catalog, createRetrieval());
  });

  after(() => service.close());

  /** A customer with a license of its own. */
  async function licensed() {
    const customer = await actors.create("customer");
    const [offerId] = catalog.offerIds;
    if (offerId === undefined) throw new Error("The catalog has no offer.");
    const price = priceOfUnits({ units: PREPAID_UNITS, pricePerMillion: PRICE_PER_MILLION });
    await (await application.client.contracts.TestUSD?.mint(customer.address, 2n * price))?.wait();
    const licensee = await buyLicense({
      customer,
      application,
      offerId,
      contexts: CONTEXTS,
      keepsCount: false,
      pricePerMillion: PRICE_PER_MILLION,
      currency: token,
      gas: createGas(),
    });
    const { licenseId, secret } = licensee;
    const sign = (units: bigint, { client } = customer) =>
      signPrivateVoucher(client, { licenseId, units, contexts: CONTEXTS, secret });
    return { licensee, customer, licenseId, sign };
  }

  async function post(voucher: AnyVoucher | undefined, body = QUESTION, { endpoint } = service) {
    const headers = voucher && { [VOUCHER_HEADER]: toHeader(voucherToMessage(voucher)) };
    return await fetch(`${endpoint}/ask`, { method: "POST", body, ...(headers && { headers }) });
  }

  async function refusalOf(response: Response): Promise<[number, string]> {
    const { title, detail } = (await response.json()) as { title?: string; detail: string };
    return [response.status, title ?? detail];
  }

  /** Asks until the meter has looked at the chain again. */
  async function askUntil(status: number, voucher: AnyVoucher): Promise<Response> {
    for (let i = 0; i < 50; i++) {
      const response = await post(voucher);
      if (response.status === status) return response;
      await pause(100);
    }
    return expect.fail(`no answer has status ${status}`);
  }

  it("when a question has no voucher, keeps the answer", async () => {
    expect(await refusalOf(await post(undefined))).to.deep.equal([401, "VoucherMissing"]);
  });

  it("when a license asks, answers and counts the tokens", async () => {
    const { sign, licenseId } = await licensed();
    const response = await post(await sign(0n));
    expect(response.status).to.equal(200);
    const { text, ...rest } = (await response.json()) as { text: string };
    expect(text).to.contain("dairymaid");
    expect(Object.keys(rest)).to.deep.equal(["citations"]);
    const { used } = (await service.store.account(licenseId)) ?? expect.fail("no account");
    expect(response.headers.get(USED_HEADER)).to.equal(`${used}`);
    expect(used).to.equal(BigInt(createRetrieval().answer(QUESTION).units));
  });

  it("when the vouchers stay behind the count, asks for one and answers nothing", async () => {
    const { sign, licenseId } = await licensed();
    const nothing = await sign(0n);
    let response = await post(nothing);
    while (response.status === 200) response = await post(nothing);
    const { used } = (await service.store.account(licenseId)) ?? expect.fail("no account");
    expect(await readVoucherDue(response)).to.deep.equal({ licenseId, used, voucher: nothing });
    expect((await post(await sign(used))).status).to.equal(200);
  });

  it("when somebody else signed, serves nothing", async () => {
    const [mine, other] = [await licensed(), await licensed()];
    const voucher = await mine.sign(10n, other.customer);
    expect(await refusalOf(await post(voucher))).to.deep.equal([401, "VoucherSignatureInvalid"]);
  });

  it("when the opening does not match the usage word, serves nothing and takes the right one", async () => {
    const { sign } = await licensed();
    const [voucher, other] = [await sign(10n), await sign(9n)];
    const lies = [
      { salt: other.salt },
      { salt: voucher.salt + 1n },
      { salt: 0n },
      { usage: other.usage },
      { usage: other.usage, salt: other.salt, signature: other.signature },
      { usage: `0x${"00".repeat(32)}` as const },
    ];
    for (const lie of lies) {
      const refusal = await refusalOf(await post({ ...voucher, ...lie }));
      expect(refusal).to.deep.equal([401, "VoucherOpeningInvalid"]);
    }
    expect((await post(voucher)).status).to.equal(200);
  });

  it("after settlement, continues counting from the settled units", async () => {
    const { licensee, licenseId, sign } = await licensed();
    const { units } = await ask(licensee, service.endpoint, QUESTION);
    await payLast(licensee, service.endpoint);
    const printer = createPrinter({ write: () => true });
    await settle({ printer, gas: createGas() }, catalog, service, "paid");
    const { client } = licensee.customer;
    expect((await getUsage(client, { licenseId })).commitment).to.equal(licensee.voucher?.usage);
    expect(await service.store.unsettled(10)).to.deep.equal([]);
    const { openings, texts } = await service.books();
    expect(openings.get(licenseId)?.units).to.equal(units);
    expect(texts).to.include(QUESTION);
    await ask(licensee, service.endpoint, QUESTION);
    expect(licensee.used).to.equal(2n * units);
    await expectForgetfulMeterAsks(await sign(0n), await sign(units));
  });

  /** A meter without its books continues with the customer's voucher alone, as that opens the commitment. */
  async function expectForgetfulMeterAsks(first: AnyVoucher, settled: AnyVoucher) {
    const forgetful = await startService(catalog, createRetrieval());
    const refusal = await refusalOf(await post(first, QUESTION, forgetful));
    const response = await post(settled, QUESTION, forgetful);
    await forgetful.close();
    expect(refusal).to.deep.equal([403, "OpeningUnknown"]);
    expect([response.status, response.headers.get(USED_HEADER)]).to.deep.equal([
      200,
      `${2n * settled.units}`,
    ]);
  }

  it("when too few units are left, takes the last voucher, and serves again after a top-up", async () => {
    const { licensee, licenseId } = await licensed();
    for (let i = 0; i < 2; i++) await ask(licensee, service.endpoint, LONG_QUESTION);
    await payLast(licensee, service.endpoint);
    expect((await service.store.account(licenseId))?.voucher?.units).to.equal(licensee.used);
    expect(licensee.prepaid).to.equal(PREPAID_UNITS);
    await ask(licensee, service.endpoint, LONG_QUESTION);
    expect(licensee.prepaid).to.equal(2n * PREPAID_UNITS);
  });

  it("when the holder closes, stops serving", async () => {
    const { sign, customer, licenseId } = await licensed();
    const voucher = await sign(10n);
    expect((await post(voucher)).status).to.equal(200);
    await requestClose(customer.client, { licenseId });
    await licensed(); // Later blocks.
    expect(await refusalOf(await askUntil(403, voucher))).to.deep.equal([403, "LicenseExpired"]);
  });

  it("when the signer changes, serves nobody until the meter confirms, then the new signer", async () => {
    const { sign, customer, licenseId } = await licensed();
    const session = await actors.create("session key");
    const { change } = await setSigner(customer.client, { licenseId, signer: session.address });
    expect(await refusalOf(await post(await sign(0n)))).to.deep.equal([403, "SignerChanging"]);
    const { meterId, operator } = catalog;
    await confirmSigners(operator.client, { meterId, changes: [{ licenseId, change }] });
    const response = await askUntil(200, await sign(0n, session));
    expect(((await response.json()) as { text: string }).text).to.contain("dairymaid");
  });

  it("when a question is refused, counts nothing", async () => {
    const { sign, licenseId } = await licensed();
    const voucher = await sign(0n);
    const refusals: [string, number, RegExp][] = [
      [" ", 400, /empty/],
      ["a".repeat(2_001), 400, /too long/],
      ["a ".repeat(1_000), 413, /^Question and answer have 1008 tokens, more than 400\.$/],
      ["x".repeat(20_000), 413, /too long/],
    ];
    for (const [question, status, message] of refusals) {
      const [actual, problem] = await refusalOf(await post(voucher, question));
      expect(actual, question.slice(0, 9)).to.equal(status);
      expect(problem).to.match(message);
    }
    expect((await service.store.account(licenseId))?.used).to.equal(0n);
  });

  it("when a request has another path, refuses it", async () => {
    expect((await fetch(`${service.endpoint}/other`, { method: "POST", body: QUESTION })).status).to.equal(
      404,
    );
  });
});
