import { getEscrow } from "@benefit-grid/sdk";
import type { Retrieval } from "./answers/retrieval.ts";
import type { Run } from "./loop.ts";
import { proveBenefit } from "./money/benefit.ts";
import { closeLicenses } from "./money/close.ts";
import { payOut, readLegs } from "./money/payout.ts";
import { creditWorks } from "./money/royalties.ts";
import { settle } from "./money/settle.ts";
import type { Catalog } from "./parties/catalog.ts";
import type { Licensee } from "./parties/customer.ts";
import { policyFacts } from "./parties/policy.ts";
import type { Service } from "./parties/service.ts";
import { formatAmount, plural } from "./report/amounts.ts";
import { CURRENCY, customerRow, fingerprints, offerFacts, voucherRow } from "./report/facts.ts";
import { type AnswerRow, type ClosingRow, type ReportModel, sum } from "./report/model.ts";
import { createWatch } from "./views/watch.ts";

/** The run up to settlement. */
export type Use = {
  readonly catalog: Catalog;
  readonly licensees: readonly Licensee[];
  readonly answers: readonly AnswerRow[];
  readonly service: Service;
  readonly retrieval: Retrieval;
  /** The router's balance at the start. */
  readonly before: bigint;
};

type Outcome = Pick<ReportModel, "anonymity" | "views" | "earnings" | "works" | "closings">;

/** Settles and pays everybody; where time can be advanced, closes the licenses and mines the free use. */
export async function finish(run: Run, use: Use): Promise<ReportModel> {
  const { printer, apps, token, gas, canWarp } = run;
  const { catalog, licensees, service } = use;
  const anonymity = await settle(run, catalog, service, "paid");
  await creditWorks(run, catalog, service.cited());
  const watch = await createWatch(run, use);
  const rows = await printer.step(
    "look at the chain as each party",
    () => watch.settled(),
    (facts) => `${plural(facts.length, "fact")} seen by ${watch.parties.length}`,
  );
  const { earnings, works } = await printer.step(
    "pay everyone",
    () => payOut(catalog, apps, token, gas),
    ({ earnings: all }) =>
      `${plural(all.length, "payment")}, ${formatAmount(sum(all.map(({ amount }) => amount)), CURRENCY)}`,
  );
  const closings = canWarp ? await close(run, licensees) : [];
  if (canWarp) rows.push(...(await watch.closed()));
  const views = { parties: watch.parties, rows };
  const model = await modelOf(run, use, { anonymity, views, earnings, works, closings });
  return canWarp ? { ...model, benefit: await proveBenefit(run, use), gas: run.gas.rows() } : model;
}

async function close(run: Run, licensees: readonly Licensee[]): Promise<ClosingRow[]> {
  return await run.printer.step(
    "close and refund licenses",
    () => closeLicenses(run, licensees),
    (closings) => `${formatAmount(sum(closings.map(({ refund }) => refund)), CURRENCY)} refunded`,
  );
}

async function modelOf(run: Run, use: Use, outcome: Outcome): Promise<ReportModel> {
  const { catalog, licensees, answers, before } = use;
  const customers = licensees.map(customerRow);
  const legs = await readLegs(catalog, run.token);
  const refunds = sum(outcome.closings.map(({ refund }) => refund));
  const owed =
    sum(customers.map(({ unused }) => unused)) - refunds + sum(legs.map(({ remainder }) => remainder));
  return {
    title: "The closed loop",
    lead: "A service answered questions from public-domain books with a language model. Each answer was metered and paid by the token. The chain settled each customer's use without seeing the count.",
    network: run.network,
    currency: CURRENCY,
    offer: offerFacts,
    customers,
    legs,
    escrow: await escrowBalance(catalog),
    router: { held: (await routerBalance(run)) - before, owed },
    gas: run.gas.rows(),
    answers,
    vouchers: licensees.flatMap(voucherRow),
    policy: policyFacts,
    fingerprints: fingerprints(),
    ...outcome,
  };
}

async function escrowBalance({ operator, offerIds }: Catalog): Promise<bigint> {
  const escrows = await Promise.all(offerIds.map((offerId) => getEscrow(operator.client, { offerId })));
  return sum(escrows.map(({ balance }) => balance));
}

export async function routerBalance({ apps, token }: Run): Promise<bigint> {
  const client = apps[0]?.client;
  const usd = client?.contracts.TestUSD;
  if (!client || !usd) throw new TypeError(`There is no TestUSD at ${token}.`);
  return await usd.balanceOf(client.addresses.SettlementRouter);
}
