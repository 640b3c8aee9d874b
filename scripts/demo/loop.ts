import { type Deployment, encodeContexts, getEscrow } from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { type Actor, type Actors, createActors } from "./actors.ts";
import { formatAmount } from "./amounts.ts";
import { type Catalog, publishCatalog } from "./catalog.ts";
import { closeLicenses } from "./close.ts";
import type { Printer } from "./console.ts";
import { ask, buyLicense, type Licensee } from "./customer.ts";
import { createGas, type Gas } from "./gas.ts";
import { payOut, readLegs } from "./payout.ts";
import type { Application } from "./questions.ts";
import { type AnswerRow, type ClosingRow, type ReportModel, sum } from "./report-model.ts";
import { createRetrieval } from "./retrieval.ts";
import { type Service, startService } from "./service.ts";
import { settle } from "./settle.ts";
import { CURRENCY, customerRow, fingerprints, offerFacts, voucherRow } from "./summary.ts";
import { createWatch } from "./watch.ts";

/** Base units of the test currency that each customer starts with. */
const CUSTOMER_FUNDS = 10_000_000n;

export type LoopOptions = {
  readonly connection: NetworkConnection;
  readonly deployment: Deployment;
  readonly applications: readonly Application[];
  readonly printer: Printer;
  /** Where it runs, in words. */
  readonly network: string;
  /** Whether the chain is ours to move forward in time, so that licenses can be closed. */
  readonly canWarp: boolean;
};

type Run = LoopOptions & {
  readonly actors: Actors;
  readonly apps: readonly Actor[];
  readonly token: `0x${string}`;
  readonly gas: Gas;
  /** The block before the first of the run. */
  readonly startBlock: number;
};

/** Capsules, licenses, metered questions, settlement, claims, refunds: all of it, on real input. */
export async function runLoop(options: LoopOptions): Promise<ReportModel> {
  const run = await prepare(options);
  const { printer, actors, apps, token, gas } = run;
  const retrieval = await printer.step(
    "read and index the corpus",
    () => createRetrieval(),
    ({ works, passages }) => `${works} books, ${passages} passages`,
  );
  const catalog = await printer.step(
    "publish corpus, model and service",
    () => publishCatalog(actors, apps, token, gas),
    ({ corpusId, modelId, serviceId }) => `capsules ${corpusId}, ${modelId}, ${serviceId}`,
  );
  const service = await printer.step(
    "serve over HTTP",
    () => startService(catalog, retrieval),
    ({ endpoint, implementation }) => `${endpoint}, signatures checked by ${implementation} code`,
  );
  try {
    const before = await routerBalance(run);
    const licensees = await printer.step(
      "buy licenses",
      () => buyLicenses(run, catalog),
      (all) => `${all.length}`,
    );
    const answers = await printer.step(
      "ask questions",
      () => askAll(run, licensees, service.endpoint),
      (all) => `${all.length} answers, ${sum(all.map(({ units }) => units))} tokens`,
    );
    return await finish(run, { catalog, licensees, answers, service, before });
  } finally {
    await service.close();
  }
}

async function prepare(options: LoopOptions): Promise<Run> {
  const token = options.deployment.contracts.TestUSD;
  if (!token) throw new Error("This deployment has no TestUSD, which the customers pay with.");
  const actors = await createActors(options.connection, options.deployment);
  const apps: Actor[] = [];
  for (const { name } of options.applications) apps.push(await actors.create(name));
  const startBlock = await options.connection.ethers.provider.getBlockNumber();
  return { ...options, actors, apps, token, gas: createGas(), startBlock };
}

async function buyLicenses(run: Run, { offerIds }: Catalog): Promise<Licensee[]> {
  const { token: currency, gas } = run;
  const licensees: Licensee[] = [];
  for (const [i, { contexts, customers }] of run.applications.entries()) {
    const [application, offerId] = [run.apps[i], offerIds[i]];
    if (!application || offerId === undefined)
      throw new TypeError("Each application has an account and an offer.");
    const parts = { application, offerId, contexts: encodeContexts(contexts), currency, gas };
    for (const { name, keepsCount = false } of customers) {
      const customer = await run.actors.create(name, { hasGas: false });
      await fund(run, application, customer);
      licensees.push(await buyLicense({ ...parts, customer, keepsCount }));
    }
  }
  return licensees;
}

async function fund({ token }: Run, { client }: Actor, customer: Actor): Promise<void> {
  const usd = client.contracts.TestUSD;
  if (!usd) throw new TypeError(`There is no TestUSD at ${token}.`);
  await (await usd.mint(customer.address, CUSTOMER_FUNDS)).wait();
}

async function askAll(
  { applications }: Run,
  licensees: readonly Licensee[],
  endpoint: string,
): Promise<AnswerRow[]> {
  const questions = applications.flatMap(({ customers }) => customers.map((customer) => customer.questions));
  const answers: AnswerRow[] = [];
  for (const [i, licensee] of licensees.entries()) {
    for (const question of questions[i] ?? []) {
      const { text, citations, answerUnits } = await ask(licensee, endpoint, question);
      answers.push({
        customer: licensee.customer.name,
        question,
        text,
        citations,
        units: BigInt(answerUnits),
      });
    }
  }
  return answers;
}

type Use = {
  readonly catalog: Catalog;
  readonly licensees: readonly Licensee[];
  readonly answers: readonly AnswerRow[];
  readonly service: Service;
  readonly before: bigint;
};

async function finish(run: Run, use: Use): Promise<ReportModel> {
  const { printer, apps, token, gas, canWarp } = run;
  const { catalog, licensees, answers, service, before } = use;
  const anonymity = await settle(run, catalog, service);
  const watch = createWatch(run, use);
  const rows = await printer.step("look at the chain as each party", () => watch.settled());
  const earnings = await printer.step(
    "pay everyone",
    () => payOut(catalog, apps, token, gas),
    (all) => `${all.length}`,
  );
  const closings = canWarp ? await close(run, licensees) : [];
  const customers = licensees.map(customerRow);
  const legs = await readLegs(catalog, token);
  const refunds = sum(closings.map(({ refund }) => refund));
  const owed =
    sum(customers.map(({ unused }) => unused)) - refunds + sum(legs.map(({ remainder }) => remainder));
  const held = (await routerBalance(run)) - before;
  return {
    title: "The closed loop",
    lead: "A service answered questions from public-domain books with a language model. Each answer was metered and paid for by the token; how much each customer used was settled privately.",
    network: run.network,
    currency: CURRENCY,
    offer: offerFacts,
    customers,
    legs,
    escrow: await escrowBalance(catalog),
    router: { held, owed },
    earnings,
    gas: gas.rows(),
    answers,
    vouchers: licensees.flatMap(voucherRow),
    anonymity,
    views: {
      parties: watch.parties,
      rows: closings.length > 0 ? [...rows, ...(await watch.closed())] : rows,
    },
    closings,
    fingerprints: fingerprints(),
  };
}

async function close(run: Run, licensees: readonly Licensee[]): Promise<ClosingRow[]> {
  return await run.printer.step(
    "close and refund licenses",
    () => closeLicenses(run, licensees),
    (closings) => formatAmount(sum(closings.map(({ refund }) => refund)), CURRENCY),
  );
}

async function escrowBalance({ operator, offerIds }: Catalog): Promise<bigint> {
  const escrows = await Promise.all(offerIds.map((offerId) => getEscrow(operator.client, { offerId })));
  return sum(escrows.map(({ balance }) => balance));
}

async function routerBalance({ apps, token }: Run): Promise<bigint> {
  const client = apps[0]?.client;
  const usd = client?.contracts.TestUSD;
  if (!client || !usd) throw new TypeError(`There is no TestUSD at ${token}.`);
  return await usd.balanceOf(client.addresses.SettlementRouter);
}
