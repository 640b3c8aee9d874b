import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getLicense, priceOfUnits, VoucherLimitError } from "@benefit-grid/sdk";
import {
  type AnyVoucher,
  fromHeader,
  USED_HEADER,
  VOUCHER_HEADER,
  voucherDueToMessage,
  voucherFromMessage,
} from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { createGas } from "../../../../examples/closed-loop/money/gas.ts";
import { createActors } from "../../../../examples/closed-loop/parties/actors.ts";
import {
  CONTEXTS,
  PRICE_PER_MILLION,
  publishCatalog,
} from "../../../../examples/closed-loop/parties/catalog.ts";
import {
  ask,
  buyLicense,
  type Licensee,
  PREPAID_UNITS,
  payLast,
} from "../../../../examples/closed-loop/parties/customer.ts";
import { MAX_ANSWER_UNITS } from "../../../../examples/closed-loop/parties/service.ts";
import { deployedGrid } from "../../../deployed.ts";

type Market = Awaited<ReturnType<typeof openMarket>>;

const ANSWER = { text: "A dairymaid.", citations: [] };
const SPENT = { status: 403, body: { title: "LicenseUnitsSpent", detail: "Top it up." } };

/** Question and answer have 5 tokens. */
const answered = (used: bigint): Reply => ({ status: 200, used, body: ANSWER });

describe("ask", () => {
  let market: Market;

  before(async () => {
    market = await openMarket();
  });

  it("when the meter asks more than the limit of an answer, signs nothing", async () => {
    const customer = await licensee(market);
    const { licenseId } = customer;
    const used = MAX_ANSWER_UNITS + 1n;
    const body = voucherDueToMessage({ licenseId, used });
    const { error, seen } = await askMeter(customer, [{ status: 402, used, body }]);
    expect(error).to.be.instanceOf(VoucherLimitError).with.property("units", used);
    expect(unitsOf(seen)).to.deep.equal([0n]);
  });

  it("when the meter counts more units than tokens, reports both and signs nothing", async () => {
    const customer = await licensee(market);
    const { error, seen } = await askMeter(customer, [answered(99n)]);
    expect(error?.message).to.equal(
      "The meter counted 99 units for “Who?”; its question and answer have 5 tokens.",
    );
    expect(unitsOf(seen)).to.deep.equal([0n]);
    expect(customer.voucher).to.equal(undefined);
  });

  it("when the answer has no count, reports it", async () => {
    const { error } = await askMeter(await licensee(market), [{ status: 200, body: ANSWER }]);
    expect(error?.message).to.contain("The meter counted 0 units");
  });

  it("when too few units are left, tops the license up and asks until the meter knows", async () => {
    const customer = await licensee(market);
    const { error, seen } = await askMeter(customer, [SPENT, SPENT, SPENT, answered(5n)]);
    expect(error).to.equal(undefined);
    expect(seen).to.have.length(4);
    expect(customer.prepaid).to.equal(2n * PREPAID_UNITS);
    const { prepaid } = await getLicense(customer.customer.client, customer);
    expect(prepaid).to.equal(2n * PREPAID_UNITS);
  });

  it("when the meter refuses, says why", async () => {
    const { error } = await askMeter(await licensee(market), [{ status: 403, body: { detail: "Closed." } }]);
    expect(error?.message).to.equal("The meter refused: Closed.");
  });

  it("when it asks again, pays for the answer before", async () => {
    const customer = await licensee(market);
    const { seen } = await askMeter(customer, [answered(5n), answered(10n)], 2);
    expect(unitsOf(seen)).to.deep.equal([0n, 5n]);
    expect([customer.used, customer.voucher?.units]).to.deep.equal([10n, 5n]);
  });
});

describe("payLast", () => {
  let market: Market;

  before(async () => {
    market = await openMarket();
  });

  it("sends a voucher for all answers, by a request without a question", async () => {
    const customer = await licensee(market);
    const { seen } = await askMeter(customer, [answered(5n), { status: 204, used: 5n }], 1, payLast);
    expect(seen.map(({ method }) => method)).to.deep.equal(["POST", "HEAD"]);
    expect(unitsOf(seen)).to.deep.equal([0n, 5n]);
    expect(customer.voucher).to.deep.equal(seen[1]?.voucher);
  });

  it("when nothing was asked, sends nothing", async () => {
    const { seen } = await askMeter(await licensee(market), [], 0, payLast);
    expect(seen).to.deep.equal([]);
  });
});

type Reply = { status: number; used?: bigint; body?: object };
type Seen = { method: string | undefined; voucher: AnyVoucher };

const unitsOf = (seen: readonly Seen[]) => seen.map(({ voucher }) => voucher.units);

/** Asks a meter with prepared replies, and ends the session. */
async function askMeter(
  customer: Licensee,
  replies: readonly Reply[],
  times = 1,
  end: typeof payLast = async () => undefined,
): Promise<{ error?: Error; seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(({ method, headers }, response) => {
    const { status, used, body } = replies[seen.length] ?? expect.fail("no reply is left");
    seen.push({
      method,
      voucher: voucherFromMessage(fromHeader(`${headers[VOUCHER_HEADER.toLowerCase()]}`)),
    });
    response.writeHead(status, used === undefined ? {} : { [USED_HEADER]: `${used}` });
    response.end(body && JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (let i = 0; i < times; i++) await ask(customer, endpoint, "Who?");
    await end(customer, endpoint);
    return { seen };
  } catch (error) {
    return { error: error as Error, seen };
  } finally {
    server.close();
  }
}

async function openMarket() {
  const { connection, deployment } = await deployedGrid();
  const currency = deployment.contracts.TestUSD ?? expect.fail("no TestUSD");
  const actors = await createActors(connection, deployment);
  const application = await actors.create("application");
  const gas = createGas();
  const { offerIds } = await publishCatalog(actors, [application], currency, gas);
  return { actors, application, currency, gas, offerId: offerIds[0] ?? 0n };
}

/** A new customer with a license of its own. */
async function licensee({ actors, application, currency, gas, offerId }: Market) {
  const customer = await actors.create("customer", { hasGas: false });
  await (
    await application.client.contracts.TestUSD?.mint(
      customer.address,
      10n * priceOfUnits({ units: PREPAID_UNITS, pricePerMillion: PRICE_PER_MILLION }),
    )
  )?.wait();
  const purchase = {
    customer,
    application,
    offerId,
    contexts: CONTEXTS,
    keepsCount: false,
    pricePerMillion: PRICE_PER_MILLION,
    currency,
    gas,
  };
  return await buyLicense(purchase);
}
