import { concat, id, keccak256, toBeHex } from "ethers";
import { poseidon16 } from "poseidon-lite/poseidon16";
import { FIELD } from "../core/check.ts";
import { padded } from "./input.ts";
import type { Instance } from "./instances.ts";
import type { BatchOffer } from "./offers.ts";

const BATCH_DOMAIN = id("Benefit Grid usage batch");
const WORDS_PER_BLOCK = 15;

/** Totals, one for each offer of the instance, then three words a row. Padding rows are implicit. */
export function vectorOf(offers: readonly BatchOffer[], instance: Instance): bigint[] {
  const totals = offers.map(({ units }) => units);
  return [...padded(totals, instance.offers), ...offers.flatMap(wordsOf)];
}

function wordsOf({ allowedContexts, rows }: BatchOffer, index: number): bigint[] {
  return rows.flatMap(({ voucher, oldUsage, cap }) => [
    voucher.licenseId + (BigInt(index) << 64n) + (allowedContexts << 68n) + (cap << 100n),
    BigInt(oldUsage),
    BigInt(voucher.usage),
  ]);
}

/** Poseidon sponge over a vector, padded with zeros to this length. */
export function hashVector(vector: readonly bigint[], length: number): bigint {
  let state = 0n;
  for (let at = 0; at < length; at += WORDS_PER_BLOCK) {
    state = poseidon16([state, ...padded(vector.slice(at, at + WORDS_PER_BLOCK), WORDS_PER_BLOCK)]);
  }
  return state;
}

/** The sum of v_j r^j. */
export function evaluate(vector: readonly bigint[], r: bigint): bigint {
  return vector.reduceRight((sum, word) => (sum * r + word) % FIELD, 0n);
}

/** r is the hash of the ledger, its circuit and the whole vector, so nobody can choose it. */
export function challenge(context: readonly bigint[], vector: readonly bigint[]): bigint {
  const words = [...context, ...vector].map((word) => toBeHex(word, 32));
  return BigInt(keccak256(concat([BATCH_DOMAIN, ...words]))) % FIELD;
}
