import { formatInteger } from "../report/amounts.ts";
import type { ViewRow } from "../report/model.ts";
import type { ChainView, PublicLicense } from "./chain-view.ts";
import { describeContexts, describeTexts, describeUnits, type Party, unitsKnown } from "./knowledge.ts";

/** Names of customers by license, and of applications by offer. */
export type Names = {
  readonly customers: ReadonlyMap<bigint, string>;
  readonly applications: ReadonlyMap<bigint, string>;
};

/** The parties' knowledge after the batch is settled. */
export function settledRows(
  chain: ChainView,
  parties: readonly Party[],
  questions: readonly string[],
  names: Names,
): ViewRow[] {
  const everybody = (fact: string, value: string): ViewRow => ({ fact, values: parties.map(() => value) });
  return [
    ...unitRows("settled", chain, parties, names),
    ...[...chain.totals].map(([offerId, units]) =>
      everybody(`all of ${names.applications.get(offerId)}: units settled`, formatInteger(units)),
    ),
    ...firstOfEach(chain.licenses).flatMap((license) => {
      const name = names.customers.get(license.licenseId);
      return [
        everybody(`${name}: units prepaid`, formatInteger(license.prepaid)),
        everybody(`${name}: batches it was in`, formatInteger(license.batches)),
        everybody(`${name}: usage word`, shorten(license.usage ?? "none")),
        contextRow(`${name}: contexts`, chain, license, parties),
      ];
    }),
    { fact: "questions read", values: parties.map((party) => describeTexts(questions, chain, party)) },
  ];
}

/** The parties' knowledge of lifetime use after the licenses are closed. */
export function closedRows(chain: ChainView, parties: readonly Party[], names: Names): ViewRow[] {
  return [
    ...unitRows("in its life, after closing", chain, parties, names),
    ...firstOfEach(chain.licenses).map((license) => {
      const fact = `${names.customers.get(license.licenseId)}: contexts, after closing`;
      return contextRow(fact, chain, license, parties);
    }),
  ];
}

function contextRow(
  fact: string,
  chain: ChainView,
  license: PublicLicense,
  parties: readonly Party[],
): ViewRow {
  return { fact, values: parties.map(({ openings }) => describeContexts(chain, license, openings)) };
}

function unitRows(when: string, chain: ChainView, parties: readonly Party[], names: Names): ViewRow[] {
  const known = parties.map(({ openings }) => unitsKnown(chain, openings));
  return chain.licenses.map(({ licenseId }) => ({
    fact: `${names.customers.get(licenseId)}: units ${when}`,
    values: known.map((units) => describeUnits(units.get(licenseId) ?? { from: 0n, to: 0n })),
  }));
}

/** One license of each offer, as an example. */
function firstOfEach(licenses: readonly PublicLicense[]): PublicLicense[] {
  return licenses.filter(({ offerId }, i) => licenses.findIndex((one) => one.offerId === offerId) === i);
}

const shorten = (hex: string): string => (hex.length > 18 ? `${hex.slice(0, 10)}…${hex.slice(-4)}` : hex);
