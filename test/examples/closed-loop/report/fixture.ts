import type { BenefitModel } from "../../../../examples/closed-loop/report/benefit-model.ts";
import type { Earning, ReportModel } from "../../../../examples/closed-loop/report/model.ts";

const earning = (role: Earning["role"], beneficiary: string, amount: bigint): Earning => {
  const share = { units: 1n, ofUnits: 2n };
  return { role, beneficiary, reason: `${beneficiary} did it`, share, amount };
};

/**
 * Two customers, 10 and 90 units at 1,000 base units: 100,000 settled, legs 40/30/20/10, one base unit of rounding.
 * The first closes within 20 units, the second by its opening.
 */
export const reportModel: ReportModel = {
  title: "A run",
  lead: "What happened.",
  network: "Hardhat network, chain 31337",
  currency: { symbol: "USDC", decimals: 6 },
  offer: { capsule: "Answers", unit: "token", pricePerMillion: 1_000_000_000n, isPrivate: true },
  customers: [
    {
      name: "customer 1",
      application: "Clinic reader",
      license: 1n,
      paid: 50_000n,
      spent: 10_000n,
      unused: 40_000n,
    },
    {
      name: "customer 2",
      application: "School reader",
      license: 2n,
      paid: 100_000n,
      spent: 90_000n,
      unused: 10_000n,
    },
  ],
  legs: [
    { role: "Data", amount: 40_000n, remainder: 1n },
    { role: "Model", amount: 30_000n, remainder: 0n },
    { role: "Compute", amount: 20_000n, remainder: 0n },
    { role: "Platform", amount: 10_000n, remainder: 0n },
  ],
  escrow: 10_000n,
  router: { held: 10_001n, owed: 10_001n },
  earnings: [
    earning("Data", "library A", 13_333n),
    earning("Data", "library B", 26_666n),
    earning("Model", "model maker", 30_000n),
    earning("Compute", "meter", 20_000n),
    earning("Platform", "Commons", 10_000n),
  ],
  works: [
    { title: "Candle", contributor: "library A", units: 1n, amount: 39_999n },
    { title: "Unread <1>", contributor: "library C", units: 0n, amount: 0n },
  ],
  gas: [
    { step: "Publish", gas: 390_000n },
    { step: "Settle", gas: 300_000n, count: 2 },
  ],
  answers: [
    {
      customer: "customer 1",
      question: "What is a dip?",
      text: "“a candle” (Faraday)",
      citations: [{ author: "Faraday", title: "Candle", year: 1861, paragraph: 4, quote: "a candle" }],
      units: 10n,
    },
    {
      customer: "customer 2",
      question: "What is France?",
      text: "No passage answers this.",
      citations: [],
      units: 90n,
    },
  ],
  vouchers: [
    {
      license: 1n,
      customer: "customer 1",
      units: 10n,
      usage: `0x${"1a".repeat(32)}`,
      signature: `0x${"2b".repeat(65)}`,
    },
    {
      license: 2n,
      customer: "customer 2",
      units: 90n,
      usage: `0x${"3c".repeat(32)}`,
      signature: `0x${"4d".repeat(65)}`,
    },
  ],
  anonymity: ["Offer 1: 100 units of 2 licenses. Each of the two learns the other's count."],
  views: {
    parties: ["outsider", "meter"],
    rows: [
      { fact: "customer 1: units", values: ["hidden: 0 to 50", "10"] },
      { fact: "questions read", values: ["0 of 2", "2 of 2"] },
    ],
  },
  closings: [
    { customer: "customer 1", how: "bound", used: 20n, refund: 30_000n, kept: 10_000n },
    { customer: "customer 2", how: "opening", used: 90n, refund: 10_000n, kept: 0n },
  ],
  policy: {
    text: "A license\nYou may use it, if:\n  - the purpose is research",
    hash: `0x${"5e".repeat(32)}`,
  },
  fingerprints: [{ name: "Corpus", hash: "ab".repeat(32), command: "cat * | sha256sum" }],
};

/** Free use of 400 units, a lot of 2,160 coins at two a coin, and one unsold coin. */
export const benefitModel: BenefitModel = {
  citizens: 2,
  units: 400n,
  target: 1_000n,
  anonymity: ["Offer 3: 400 units of 2 licenses."],
  round: 34n,
  fromHeight: 144n << 64n,
  toHeight: (3_744n << 64n) / 20n,
  minted: 216_000_000_000n,
  coins: 216_000_000_000n,
  total: 4_320_000_000n,
  reserve: 1_000_000n,
  price: 2_000_000n,
  buyers: [
    { name: "supporter <1>", paid: 3_240_000_000n, coins: 161_900_000_000n },
    { name: "supporter 2", paid: 1_080_000_000n, coins: 54_000_000_000n },
  ],
  unsold: 100_000_000n,
  programmeId: 1n,
  received: 5_320_000_000n,
  released: 1_000_000_000n,
  inVault: 4_320_000_000n,
  agrees: true,
};
