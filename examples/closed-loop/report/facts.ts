import { priceOfUnits } from "@benefit-grid/sdk";
import { corpusHash, modelHash } from "../answers/corpus.ts";
import { PRICE_PER_MILLION } from "../parties/catalog.ts";
import type { Licensee } from "../parties/customer.ts";
import type { CustomerRow, Fingerprint, OfferFacts, VoucherRow } from "./model.ts";

export const CURRENCY = { symbol: "tUSD", decimals: 6 } as const;

export const offerFacts: OfferFacts = {
  capsule: "Answers from old books",
  unit: "token",
  pricePerMillion: PRICE_PER_MILLION,
  isPrivate: true,
};

export function customerRow({
  customer,
  application,
  licenseId,
  prepaid,
  pricePerMillion,
  voucher,
}: Licensee): CustomerRow {
  const priceOf = (units: bigint) => priceOfUnits({ units, pricePerMillion });
  const [paid, spent] = [priceOf(prepaid), priceOf(voucher?.units ?? 0n)];
  return {
    name: customer.name,
    application: application.name,
    license: licenseId,
    paid,
    spent,
    unused: paid - spent,
  };
}

/** The last voucher of a license; empty if nothing was asked. */
export function voucherRow({ customer, licenseId, voucher }: Licensee): VoucherRow[] {
  if (!voucher) return [];
  const { units, usage, signature } = voucher;
  return [{ license: licenseId, customer: customer.name, units, usage, signature }];
}

/** The capsules' content hashes, each with the command to recompute it. */
export function fingerprints(): Fingerprint[] {
  const command = (folder: string) =>
    `cd ${folder} && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum`;
  return [
    { name: "corpus", hash: corpusHash(), command: command("examples/closed-loop/answers/corpus") },
    { name: "model", hash: modelHash(), command: command("node_modules/wink-eng-lite-web-model") },
  ];
}
