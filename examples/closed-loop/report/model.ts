import type { Currency } from "./amounts.ts";
import type { BenefitModel } from "./benefit-model.ts";

export const ROLES = ["Data", "Model", "Compute", "Platform"] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a run of the demo did, as plain data. All amounts are base units of `currency`, all units metered units.
 * Nothing in it is trusted: names, questions and answers may contain any text.
 */
export type ReportModel = {
  readonly title: string;
  /** One or two sentences below the title. */
  readonly lead: string;
  /** Where it ran, such as `Hardhat network, chain 31337`. */
  readonly network: string;
  readonly currency: Currency;
  readonly offer: OfferFacts;
  readonly customers: readonly CustomerRow[];
  /** The four legs as the router counted them, in any order. */
  readonly legs: readonly Leg[];
  /** What the offers' escrow holds in the end, as the router says. */
  readonly escrow: bigint;
  /** What the router's token balance grew by, and what it owes of this run: escrow and remainders. */
  readonly router: { readonly held: bigint; readonly owed: bigint };
  /** Every claim: one row per role and beneficiary. */
  readonly earnings: readonly Earning[];
  readonly gas: readonly GasRow[];
  readonly answers: readonly AnswerRow[];
  /** The last voucher of each license. */
  readonly vouchers: readonly VoucherRow[];
  /** Who hides whom in the batch, in sentences. */
  readonly anonymity: readonly string[];
  readonly views: Views;
  /** How the licenses ended; empty while they last. */
  readonly closings: readonly ClosingRow[];
  /** What came of free use; absent where days cannot pass. */
  readonly benefit?: BenefitModel;
  /** Hashes that anyone can recompute, and how. */
  readonly fingerprints: readonly Fingerprint[];
};

/** What was sold. */
export type OfferFacts = {
  /** Name of the service capsule. */
  readonly capsule: string;
  /** What one metered unit is, such as `token`. */
  readonly unit: string;
  /** Price of one unit. */
  readonly price: bigint;
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
  /** What the router still holds of the leg: fractions of a base unit that no beneficiary could claim. */
  readonly remainder: bigint;
};

export type Earning = {
  readonly role: Role;
  readonly beneficiary: string;
  /** Why it earns, such as `wrote 28,676 of 741,131 bytes of the corpus`. */
  readonly reason: string;
  /** Its units in the shares table, and those of all rows of the role. */
  readonly units: bigint;
  readonly ofUnits: bigint;
  readonly amount: bigint;
};

export type GasRow = {
  readonly step: string;
  readonly gas: bigint;
  /** How many customers, licenses or payments the gas was for; 1 if absent. */
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
  /** The word that was signed and settled: plain units or a commitment, as `0x…`. */
  readonly usage: string;
  readonly signature: string;
};

/** What each party can tell, side by side. */
export type Views = { readonly parties: readonly string[]; readonly rows: readonly ViewRow[] };

/** One fact as each party knows it, in the order of the parties. */
export type ViewRow = { readonly fact: string; readonly values: readonly string[] };

export type ClosingRow = {
  readonly customer: string;
  /** What was shown: the opening, a bound, or that nothing is settled. */
  readonly how: "opening" | "bound" | "unused";
  /** Units that count as used: published. */
  readonly used: bigint;
  readonly refund: bigint;
  /** What the bound says too much, still in escrow. */
  readonly kept: bigint;
};

/** What an ending shows to everybody. */
export const ENDINGS: Readonly<Record<ClosingRow["how"], string>> = {
  opening: "its count, by opening",
  bound: "a bound, by proof",
  unused: "that nothing was used",
};

export const KEPT_BACK =
  "What a bound says too much is the price of keeping a count: it stays in the offer's escrow, and goes to the capsule once the offer is retired.";

export type Fingerprint = { readonly name: string; readonly hash: string; readonly command: string };

/** Two sums that must be equal. */
export type Check = {
  readonly name: string;
  readonly left: bigint;
  readonly right: bigint;
  readonly isAmount: boolean;
};

/** The laws of conservation that a report shows, to the last unit. */
export function checksOf(model: ReportModel): Check[] {
  const { customers, legs, earnings, answers, vouchers, offer, router, closings, escrow } = model;
  const paid = sum(customers.map((row) => row.paid));
  const spent = sum(customers.map((row) => row.spent));
  const unused = sum(customers.map((row) => row.unused));
  const units = sum(vouchers.map((row) => row.units));
  const amount = (name: string, left: bigint, right: bigint): Check => ({
    name,
    left,
    right,
    isAmount: true,
  });
  return [
    {
      name: "units answered = units in vouchers",
      left: sum(answers.map((row) => row.units)),
      right: units,
      isAmount: false,
    },
    amount("units in vouchers × price = settled", units * offer.price, spent),
    amount("paid in = settled + unused", paid, spent + unused),
    amount("settled = the four legs", spent, sum(legs.map((leg) => leg.amount))),
    ...legs.map(({ role, amount: leg, remainder }) => {
      const earned = sum(earnings.filter((row) => row.role === role).map((row) => row.amount));
      return amount(`${role} leg = earned + remainder`, leg, earned + remainder);
    }),
    amount("unused = refunded + left in escrow", unused, sum(closings.map(({ refund }) => refund)) + escrow),
    amount("router holds = router owes", router.held, router.owed),
    ...(model.benefit ? benefitChecks(model.benefit, amount) : []),
  ];
}

function benefitChecks(
  { buyers, total, received, inVault, released, coins, minted, unsold }: BenefitModel,
  amount: (name: string, left: bigint, right: bigint) => Check,
): Check[] {
  const bought = sum(buyers.map((row) => row.coins));
  return [
    amount("contributed = the vault received", sum(buyers.map((row) => row.paid)), total),
    amount("the vault received = in the vault + released", received, inVault + released),
    { name: "coins minted = on sale", left: minted, right: coins, isAmount: false },
    { name: "coins on sale = bought + unsold", left: coins, right: bought + unsold, isAmount: false },
  ];
}

export const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
