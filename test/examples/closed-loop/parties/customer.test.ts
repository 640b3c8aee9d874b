import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Deployment, priceOfUnits } from "@benefit-grid/sdk";
import { expect } from "chai";
import { network } from "hardhat";
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
  MAX_ANSWER_UNITS,
  PREPAID_UNITS,
} from "../../../../examples/closed-loop/parties/customer.ts";
import { deployGrid } from "../../../../scripts/lib/deployment.ts";

type Market = Awaited<ReturnType<typeof openMarket>>;

describe("ask", () => {
  let market: Market;

  before(async () => {
    market = await openMarket();
  });

  it("when the meter asks more than the limit of an answer, signs nothing", async () => {
    const error = await askMeter(market, [{ units: `${MAX_ANSWER_UNITS + 1n}`, answerUnits: "10" }]);
    expect(error).to.equal(
      `The meter asks ${MAX_ANSWER_UNITS + 1n} units for an answer, more than ${MAX_ANSWER_UNITS}.`,
    );
  });

  it("when the meter counts more units than tokens, reports both", async () => {
    const answer = { text: "A dairymaid.", citations: [], answerUnits: "99" };
    const error = await askMeter(market, [{ units: "99", answerUnits: "99" }, answer]);
    expect(error).to.equal("The meter counted 99 units for “Who?”; its question and answer have 5 tokens.");
  });

  it("when the answer costs more than the units left, tops the license up and signs", async () => {
    const seen: { voucher?: { units: string } }[] = [];
    const answer = { text: "A dairymaid.", citations: [], answerUnits: "5" };
    const units = `${PREPAID_UNITS + 500n}`;
    expect(await askMeter(market, [{ units, answerUnits: units }, answer], seen)).to.equal(undefined);
    expect(seen.map(({ voucher }) => voucher?.units)).to.deep.equal([undefined, units]);
  });

  it("when the meter refuses, says why", async () => {
    expect(await askMeter(market, [{ error: "Closed." }])).to.equal("The meter refused: Closed.");
  });
});

/** Asks a meter with prepared replies: first the price (402), then the answer (200). */
async function askMeter(market: Market, answers: object[], seen: object[] = []): Promise<string | undefined> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = answers[seen.length] ?? {};
    seen.push(JSON.parse(body));
    response.writeHead("error" in answer ? 403 : seen.length === 1 ? 402 : 200);
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await ask(await licensee(market), `http://127.0.0.1:${port}`, "Who?");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    server.close();
  }
}

async function openMarket() {
  const connection = await network.create();
  const deployment = (await deployGrid(connection)) as Deployment;
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
