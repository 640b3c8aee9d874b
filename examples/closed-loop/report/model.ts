import type { Currency } from "./amounts.ts";
import { type BenefitModel, COIN } from "./benefit-model.ts";

export const ROLES = ["Data", "Model", "Compute", "Platform"] as const;
export type Role = (typeof ROLES)[number];

/**
 * A run as plain data. Amounts are base units of `currency`; units are metered units.
 * No text in it is trusted: names, questions and answers may contain anything.
 */
export type ReportModel = {
  readonly title: string;
  /** One or two sentences below the title. */
  readonly lead: string;
  /** The chain of the run, such as `Hardhat network, chain 31337`. */
  readonly network: string;
  readonly currency: Currency;
  readonly offer: OfferFacts;
  readonly customers: readonly CustomerRow[];
  /** The four legs as the router counted them, in any order. */
  readonly legs: readonly Leg[];
  /** Left in the offers' escrow at the end, as the router reports it. */
  readonly escrow: bigint;
  /** The growth of the router's token balance, and its debts of this run: escrow and remainders. */
  readonly router: { readonly held: bigint; readonly owed: bigint };
  /** Every claim: one row per role and beneficiary. */
  readonly earnings: readonly Earning[];
  /** All works of the corpus, whose contributors divide the data leg. */
  readonly works: readonly WorkRow[];
  readonly gas: readonly GasRow[];
  readonly answers: readonly AnswerRow[];
  /** The last voucher of each license. */
  readonly vouchers: readonly VoucherRow[];
  /** Sentences about the licenses that share a total in the batch. */
  readonly anonymity: readonly string[];
  readonly views: Views;
  /** How the licenses ended; empty while they are open. */
  readonly closings: readonly ClosingRow[];
  /** The result of free use; absent on a chain whose time we cannot set. */
  readonly benefit?: BenefitModel;
  /** The service's license policy: its title and its sentences, and its hash on chain. */
  readonly policy: { readonly text: string; readonly hash: string };
  /** Hashes that anyone can recompute. */
  readonly fingerprints: readonly Fingerprint[];
};

export type OfferFacts = {
  /** Name of the service capsule. */
  readonly capsule: string;
  /** Name of one metered unit, such as `token`. */
  readonly unit: string;
  /** Price of 1,000,000 units. */
  readonly pricePerMillion: bigint;
  /** In private mode the chain sees commitments instead of counts. */
  readonly isPrivate: boolean;
};

export type CustomerRow = {
  readonly name: string;
  readonly application: string;
  readonly license: bigint;
  /** Paid into escrow when the license was minted or topped up. */
  readonly paid: bigint;
  /** Settled out of escrow. */
  readonly spent: bigint;
  /** Still in escrow, or refunded. */
  readonly unused: bigint;
};

export type Leg = {
  readonly role: Role;
  readonly amount: bigint;
  /** The part still in the router: fractions of a base unit that no beneficiary could claim. */
  readonly remainder: bigint;
  /** The part in the corpus' pool, not yet divisible among its members. @default 0n */
  readonly pooled?: bigint;
};

/** A work of the corpus, cited or not. */
export type WorkRow = {
  readonly title: string;
  readonly contributor: string;
  /** Credited on chain: one for each passage that answers cited. */
  readonly units: bigint;
  readonly amount: bigint;
};

export type Earning = {
  readonly role: Role;
  readonly beneficiary: string;
  /** Why it earns, such as `gave Opticks: 3 of 11 cited passages`. */
  readonly reason: string;
  /** Its units in the shares table and those of all rows of the role, if the role has such rows. */
  readonly share?: { readonly units: bigint; readonly ofUnits: bigint };
  readonly amount: bigint;
};

export type GasRow = {
  readonly step: string;
  readonly gas: bigint;
  /**
   * Number of customers, licenses or payments that the gas was for.
   * @default 1
   */
  readonly count?: number;
};

export type AnswerRow = {
  readonly customer: string;
  readonly question: string;
  readonly text: string;
  readonly citations: readonly {
    readonly author: string;
    readonly title: string;
    readonly year: number;
    readonly paragraph: number;
    readonly quote: string;
  }[];
  readonly units: bigint;
};

export type VoucherRow = {
  readonly license: bigint;
  readonly customer: string;
  /** Cumulative. */
  readonly units: bigint;
  /** The signed and settled word: plain units or a commitment, as `0x…`. */
  readonly usage: string;
  readonly signature: string;
};

/** Facts as each party knows them, side by side. */
export type Views = { readonly parties: readonly string[]; readonly rows: readonly ViewRow[] };

/** One fact, with a value for each party in the parties' order. */
export type ViewRow = { readonly fact: string; readonly values: readonly string[] };

export type ClosingRow = {
  readonly customer: string;
  /** The customer shows its opening or a bound, or nothing is settled. */
  readonly how: "opening" | "bound" | "unused";
  /** Units that count as used: published. */
  readonly used: bigint;
  readonly refund: bigint;
  /** The price of the units between count and bound, still in escrow. */
  readonly kept: bigint;
};

/** What each kind of closing publishes. */
export const ENDINGS: Readonly<Record<ClosingRow["how"], string>> = {
  opening: "its count, by opening",
  bound: "a bound, by proof",
  unused: "that nothing was used",
};

/** Warns about a batch with a single license of an offer. */
export const LONE =
  "With one license of an offer in the batch, its count is public. A meter should wait for a second license if it can.";

/** Explains the money kept back by bounds. */
export const KEPT_BACK = [
  "Kept back by bounds: a customer may prove an upper bound and keep its exact count secret. It gets no refund for the units between count and bound.",
  "Their price is not lost: it stays in the offer's escrow, and becomes a payment to the capsule once the offer is retired.",
] as const;

/** Explains the royalties of the corpus' contributors. */
export const ROYALTIES =
  "The corpus is a pool. After each settlement its curator credits one unit for each passage that the settled answers cited. Royalties follow use, not bytes. The number of passages of a work is public, in one sum for all customers of the batch; which passages they are is not.";

export type Fingerprint = { readonly name: string; readonly hash: string; readonly command: string };

/** A law of conservation: two sums that must be equal. */
export type Check = {
  readonly name: string;
  readonly left: bigint;
  readonly right: bigint;
  /** Symbol and decimals of both sums. */
  readonly currency: Currency;
};

const UNITS: Currency = { symbol: "units", decimals: 0 };

/** The laws of conservation, exact to the last base unit. */
export function checksOf(model: ReportModel): Check[] {
  const { customers, legs, earnings, works, answers, vouchers, offer, router, closings, escrow, currency } =
    model;
  const paid = sum(customers.map((row) => row.paid));
  const spent = sum(customers.map((row) => row.spent));
  const unused = sum(customers.map((row) => row.unused));
  const answered = sum(answers.map((row) => row.units));
  const units = sum(vouchers.map((row) => row.units));
  const cited = BigInt(answers.flatMap(({ citations }) => citations).length);
  const credited = sum(works.map((row) => row.units));
  const check = (name: string, left: bigint, right: bigint): Check => ({ name, left, right, currency });
  return [
    { ...check("units answered = units in vouchers", answered, units), currency: UNITS },
    { ...check("passages cited = units credited", cited, credited), currency: UNITS },
    check("units in vouchers × price = settled", (units * offer.pricePerMillion) / 1_000_000n, spent),
    check("paid in = settled + unused", paid, spent + unused),
    check("settled = the four legs", spent, sum(legs.map((leg) => leg.amount))),
    ...legs.map(({ role, amount: leg, remainder, pooled = 0n }) => {
      const earned = sum(earnings.filter((row) => row.role === role).map((row) => row.amount));
      return check(`${role} leg = earned + remainder`, leg, earned + remainder + pooled);
    }),
    check("unused = refunded + left in escrow", unused, sum(closings.map(({ refund }) => refund)) + escrow),
    check("router holds = router owes", router.held, router.owed),
    ...(model.benefit ? benefitChecks(model.benefit, currency) : []),
  ];
}

function benefitChecks(
  { buyers, total, received, inVault, released, coins, minted, unsold }: BenefitModel,
  currency: Currency,
): Check[] {
  const contributed = sum(buyers.map((row) => row.paid));
  const bought = sum(buyers.map((row) => row.coins));
  return [
    { name: "contributed = the vault received", left: contributed, right: total, currency },
    {
      name: "the vault received = in the vault + released",
      left: received,
      right: inVault + released,
      currency,
    },
    { name: "coins minted = on sale", left: minted, right: coins, currency: COIN },
    { name: "coins on sale = bought + unsold", left: coins, right: bought + unsold, currency: COIN },
  ];
}

export const brokenChecks = (model: ReportModel): Check[] =>
  checksOf(model).filter(({ left, right }) => left !== right);

/** How many passages of a work the answers cited, by the answers themselves. */
export function passagesOf({ answers }: ReportModel, { title }: WorkRow): bigint {
  return BigInt(answers.flatMap(({ citations }) => citations).filter((one) => one.title === title).length);
}

export const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
