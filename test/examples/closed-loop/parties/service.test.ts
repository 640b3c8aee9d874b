import {
  confirmSigners,
  type Deployment,
  deriveUsageSecret,
  priceOfUnits,
  requestClose,
  setSigner,
  settleBatch,
  signPrivateVoucher,
} from "@benefit-grid/sdk";
import { buildBatch, proveBatch } from "@benefit-grid/sdk/proofs";
import { expect } from "chai";
import { network } from "hardhat";
import { createRetrieval } from "../../../../examples/closed-loop/answers/retrieval.ts";
import { createGas } from "../../../../examples/closed-loop/money/gas.ts";
import { type Actor, type Actors, createActors } from "../../../../examples/closed-loop/parties/actors.ts";
import {
  type Catalog,
  CONTEXTS,
  PRICE_PER_MILLION,
  publishCatalog,
} from "../../../../examples/closed-loop/parties/catalog.ts";
import { buyLicense, messageOf, PREPAID_UNITS } from "../../../../examples/closed-loop/parties/customer.ts";
import { type Service, startService } from "../../../../examples/closed-loop/parties/service.ts";
import { deployGrid } from "../../../../scripts/lib/deployment.ts";

const QUESTION = "Who was Sarah Nelmes?";

describe("startService", () => {
  let actors: Actors;
  let application: Actor;
  let catalog: Catalog;
  let service: Service;
  let token: `0x${string}`;

  before(async () => {
    const connection = await network.create();
    const deployment = (await deployGrid(connection)) as Deployment;
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
    await (await application.client.contracts.TestUSD?.mint(customer.address, price))?.wait();
    const { licenseId, secret } = await buyLicense({
      customer,
      application,
      offerId,
      contexts: CONTEXTS,
      keepsCount: false,
      pricePerMillion: PRICE_PER_MILLION,
      currency: token,
      gas: createGas(),
    });
    const sign = (units: bigint, cover = 0n) =>
      signPrivateVoucher(customer.client, { licenseId, units, contexts: CONTEXTS, cover, secret });
    const request = { licenseId: `${licenseId}`, contexts: `${CONTEXTS}`, question: QUESTION };
    const paid = async (units: bigint, cover?: bigint) => messageOf(await sign(units, cover));
    return { customer, licenseId, secret, request, paid };
  }

  async function post(body: unknown, path = "/ask") {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(service.endpoint + path, { method: "POST", body: text });
    return { status: response.status, answer: (await response.json()) as Record<string, string> };
  }

  it("when a question has no voucher, states the price and keeps the answer", async () => {
    const { request } = await licensed();
    const { status, answer } = await post(request);
    expect(status).to.equal(402);
    expect(Object.keys(answer).sort()).to.deep.equal(["answerUnits", "units"]);
    expect(answer.units).to.equal(answer.answerUnits);
  });

  it("when the voucher pays for the answer, gives it once for that voucher", async () => {
    const { request, paid } = await licensed();
    const due = BigInt((await post(request)).answer.units ?? 0);
    const voucher = await paid(due);
    const first = await post({ ...request, voucher });
    expect(first.status).to.equal(200);
    expect(first.answer.text).to.contain("dairymaid");
    const again = await post({ ...request, voucher });
    expect([again.status, again.answer.units]).to.deep.equal([402, `${2n * due}`]);
  });

  it("when the voucher is for another number of units, asks for the right one", async () => {
    const { request, paid } = await licensed();
    const due = BigInt((await post(request)).answer.units ?? 0);
    for (const units of [0n, due - 1n, due + 1n]) {
      const { status, answer } = await post({ ...request, voucher: await paid(units) });
      expect([status, answer.units]).to.deep.equal([402, `${due}`]);
    }
  });

  it("when somebody else signed, serves nothing", async () => {
    const [mine, other] = [await licensed(), await licensed()];
    const due = BigInt((await post(mine.request)).answer.units ?? 0);
    const { licenseId, secret } = mine;
    const use = { licenseId, units: due, contexts: CONTEXTS, secret };
    const voucher = messageOf(await signPrivateVoucher(other.customer.client, use));
    const { status, answer } = await post({ ...mine.request, voucher });
    expect([status, answer.error]).to.deep.equal([403, "The voucher is refused: VoucherSignatureInvalid."]);
  });

  it("when the opening does not match the usage word, serves nothing and waits for the right one", async () => {
    const { request, paid } = await licensed();
    const due = BigInt((await post(request)).answer.units ?? 0);
    const [voucher, other] = [await paid(due), await paid(due, 1n)];
    const lies = [
      { salt: other.salt },
      { salt: `${BigInt(voucher.salt) + 1n}` },
      { salt: "0" },
      { usage: other.usage },
      { usage: `0x${"00".repeat(32)}` },
    ];
    for (const lie of lies) {
      const { status, answer } = await post({ ...request, voucher: { ...voucher, ...lie } });
      expect(status, JSON.stringify(lie)).to.equal(403);
      expect(answer.error).to.equal("The voucher is refused: VoucherOpeningInvalid.");
      expect(answer).to.not.have.property("text");
    }
    expect((await post({ ...request, voucher })).status).to.equal(200);
  });

  it("when the usage word holds fewer units than the voucher states, serves nothing", async () => {
    const { request, paid } = await licensed();
    const due = BigInt((await post(request)).answer.units ?? 0);
    const cheap = await paid(due - 1n);
    const { status, answer } = await post({ ...request, voucher: { ...cheap, units: `${due}` } });
    expect([status, answer.error]).to.deep.equal([403, "The voucher is refused: VoucherOpeningInvalid."]);
  });

  it("after settlement, continues counting from the settled units", async () => {
    const { request, paid, licenseId } = await licensed();
    const due = BigInt((await post(request)).answer.units ?? 0);
    await post({ ...request, voucher: await paid(due) });
    const { chainId, addresses } = catalog.operator.client;
    const parts = { chainId, ledger: addresses.UsageLedger, meterId: catalog.meterId };
    const offers = service.batch();
    const batch = buildBatch({ ...parts, offers, allowLone: true });
    const rows = offers.flatMap((offer) => offer.rows);
    expect(rows.find(({ voucher }) => voucher.licenseId === licenseId)?.voucher.units).to.equal(due);
    await settleBatch(catalog.operator.client, { batch, proof: await proveBatch(batch) });
    service.settled(offers);
    expect(service.batch()).to.deep.equal([]);
    expect(service.books().openings.get(licenseId)?.units).to.equal(due);
    expect((await post(request)).answer.units).to.equal(`${2n * due}`);
    await expectForgetfulMeterRefuses(request);
  });

  /** A meter without its books cannot open the commitment, so it cannot continue counting. */
  async function expectForgetfulMeterRefuses(request: { licenseId: string }) {
    const forgetful = await startService(catalog, createRetrieval());
    const response = await fetch(`${forgetful.endpoint}/ask`, {
      method: "POST",
      body: JSON.stringify(request),
    });
    await forgetful.close();
    expect([response.status, await response.json()]).to.deep.equal([
      403,
      { error: `The meter cannot open what is settled of license ${request.licenseId}.` },
    ]);
  }

  it("when the holder closes, stops serving at once", async () => {
    const { request, customer, licenseId } = await licensed();
    await requestClose(customer.client, { licenseId });
    const { status, answer } = await post(request);
    expect([status, answer.error]).to.deep.equal([
      403,
      `License ${licenseId} may not be used: LicenseExpired.`,
    ]);
  });

  it("when the signer changes, serves nobody until the meter confirms, then the new signer", async () => {
    const { request, customer, licenseId } = await licensed();
    const session = await actors.create("session key");
    const { change } = await setSigner(customer.client, { licenseId, signer: session.address });
    expect((await post(request)).answer.error).to.equal(
      `License ${licenseId} may not be used: SignerChanging.`,
    );
    const { meterId, operator } = catalog;
    await confirmSigners(operator.client, { meterId, changes: [{ licenseId, change }] });
    const units = BigInt((await post(request)).answer.units ?? 0);
    const secret = await deriveUsageSecret(customer.client, { licenseId });
    const use = { licenseId, units, contexts: CONTEXTS, secret };
    const voucher = messageOf(await signPrivateVoucher(session.client, use));
    expect((await post({ ...request, voucher })).status).to.equal(200);
  });

  it("when the context is not in the terms, serves nothing", async () => {
    const { request, licenseId } = await licensed();
    const { status, answer } = await post({ ...request, contexts: `${1n << 31n}` });
    expect([status, answer.error]).to.deep.equal([
      403,
      `License ${licenseId} may not be used: ContextNotAllowed.`,
    ]);
  });

  it("when there is no such license, says so", async () => {
    const { request } = await licensed();
    const { status, answer } = await post({ ...request, licenseId: "18446744073709551615" });
    expect([status, answer.error]).to.deep.equal([403, "There is no license 18446744073709551615."]);
  });

  it("when a request is malformed, names the wrong field", async () => {
    const { request, paid } = await licensed();
    const voucher = await paid(1n);
    const bad: [unknown, RegExp][] = [
      ["{", /licenseId/],
      ["null", /licenseId/],
      ["[]", /licenseId/],
      [{ ...request, licenseId: 1 }, /licenseId/],
      [{ ...request, licenseId: "-1" }, /licenseId/],
      [{ ...request, licenseId: "18446744073709551616" }, /licenseId/],
      [{ ...request, contexts: "4294967296" }, /contexts/],
      [{ ...request, question: 7 }, /not a text/],
      [{ ...request, question: " " }, /empty/],
      [{ ...request, question: "a".repeat(2_001) }, /too long/],
      [{ ...request, voucher: null }, /voucher.units/],
      [{ ...request, voucher: "0x" }, /voucher.units/],
      [{ ...request, voucher: { ...voucher, units: "18446744073709551616" } }, /voucher.units/],
      [{ ...request, voucher: { ...voucher, salt: 7 } }, /voucher.salt/],
      [{ ...request, voucher: { ...voucher, salt: `${1n << 254n}` } }, /voucher.salt/],
      [{ ...request, voucher: { ...voucher, salt: "0x1" } }, /voucher.salt/],
      [{ ...request, voucher: { ...voucher, salt: "1e3" } }, /voucher.salt/],
      [{ ...request, voucher: { ...voucher, usage: `${voucher.usage}00` } }, /voucher.usage/],
      [{ ...request, voucher: { ...voucher, usage: undefined } }, /voucher.usage/],
      [{ ...request, voucher: { ...voucher, signature: "0x12" } }, /voucher.signature/],
      [{ ...request, voucher: { ...voucher, signature: `0x${"zz".repeat(65)}` } }, /voucher.signature/],
    ];
    for (const [body, message] of bad) {
      const { status, answer } = await post(body);
      expect(status, JSON.stringify(body)).to.equal(400);
      expect(answer.error).to.match(message);
    }
  });

  it("when a request is too long or has another path, refuses it", async () => {
    expect((await post("x".repeat(20_000))).status).to.equal(413);
    expect((await post({}, "/other")).status).to.equal(404);
  });
});
