import { type Deployment, encodeContexts } from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { createRetrieval } from "./answers/retrieval.ts";
import { finish, routerBalance } from "./finish.ts";
import { createGas, type Gas } from "./money/gas.ts";
import { type Actor, type Actors, createActors } from "./parties/actors.ts";
import { type Catalog, PRICE_PER_MILLION, publishCatalog } from "./parties/catalog.ts";
import { ask, buyLicense, type Licensee, payLast } from "./parties/customer.ts";
import type { Application } from "./parties/questions.ts";
import { startService } from "./parties/service.ts";
import { formatInteger, plural } from "./report/amounts.ts";
import type { Printer, Progress } from "./report/console.ts";
import { type AnswerRow, type ReportModel, sum } from "./report/model.ts";

/** Each customer's money at the start, base units of the test currency. */
const CUSTOMER_FUNDS = 10_000_000n;

export type LoopOptions = {
  readonly connection: NetworkConnection;
  readonly deployment: Deployment;
  readonly applications: readonly Application[];
  readonly printer: Printer;
  /** The chain, in words. */
  readonly network: string;
  /** Whether we can advance the chain's time: closing and mining take days. */
  readonly canWarp: boolean;
};

export type Run = LoopOptions & {
  readonly actors: Actors;
  readonly apps: readonly Actor[];
  readonly token: `0x${string}`;
  readonly gas: Gas;
  /** The block before the first of the run. */
  readonly startBlock: number;
};

/** Runs the loop: capsules, licenses, metered questions, settlement, claims, refunds. */
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
    ({ corpusId, modelId, serviceId }) => `capsules ${corpusId}, ${modelId} and ${serviceId}`,
  );
  const service = await printer.step(
    "serve over HTTP",
    () => startService(catalog, retrieval),
    ({ endpoint, implementation }) => `${endpoint}, ${implementation} signature checks`,
  );
  try {
    const before = await routerBalance(run);
    const licensees = await printer.step(
      "buy licenses",
      () => buyLicenses(run, catalog),
      (all) => plural(all.length, "license"),
    );
    const answers = await printer.step(
      "ask questions",
      (progress) => askAll(run, licensees, service.endpoint, progress),
      (all) => `${plural(all.length, "answer")}, ${formatInteger(sum(all.map(({ units }) => units)))} tokens`,
    );
    return await finish(run, { catalog, licensees, answers, service, retrieval, before });
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
      throw new TypeError(`Application ${i + 1} has no account or no offer.`);
    const terms = { offerId, contexts: encodeContexts(contexts), pricePerMillion: PRICE_PER_MILLION };
    const parts = { application, ...terms, currency, gas };
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
  progress: Progress,
): Promise<AnswerRow[]> {
  const questions = applications.flatMap(({ customers }) => customers.map((customer) => customer.questions));
  const answers: AnswerRow[] = [];
  for (const [i, licensee] of licensees.entries()) {
    for (const question of questions[i] ?? []) {
      progress(`${answers.length + 1} of ${questions.flat().length}`);
      const answer = await ask(licensee, endpoint, question);
      answers.push({ customer: licensee.customer.name, question, ...answer });
    }
    await payLast(licensee, endpoint);
  }
  return answers;
}
