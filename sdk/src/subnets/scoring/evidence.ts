import { getAddress } from "ethers";
import type { Address, AddressInput, Hex } from "../../core/abi.ts";
import { checkList, checkObject } from "../../core/check.ts";
import {
  address,
  type Check,
  dataset,
  finite,
  formatDocument,
  hash,
  hashText,
  list,
  object,
  oneOf,
  parseDocument,
  record,
  whole,
} from "./document.ts";
import { DocumentError } from "./errors.ts";

/** A version of a capsule. */
export type DatasetVersion = { readonly capsuleId: bigint; readonly version: bigint };

/** Why one miner got its weight. */
export type EvidenceEntry<A = Address> = {
  readonly miner: A;
  /** The weight follows from it. */
  readonly score: number;
  /** The parts of the score, such as `mcc` and `brier`. */
  readonly parts: Readonly<Record<string, number>>;
  /** From 0 to 65535, as revealed on chain. */
  readonly weight: bigint;
  /** The data of the test. */
  readonly dataset: DatasetVersion;
  /** SHA-256 of the test set, as committed by the validator. */
  readonly testSetHash: Hex;
  /** From `hashSubmission`. Missing if the miner submitted nothing. */
  readonly submissionHash?: Hex;
};

/** A validator's reasons for its weights in an epoch. Anyone can compute the scores again from them. */
export type Evidence<A = Address> = {
  readonly chainId: bigint;
  /** The SubnetHub. */
  readonly hub: A;
  readonly subnetId: bigint;
  readonly epoch: bigint;
  readonly validator: A;
  /** One per miner, in any order. */
  readonly entries: readonly EvidenceEntry<A>[];
};
export type EvidenceInput = Evidence<AddressInput>;

const FORMAT = "benefit-grid/evidence/1";

const EVIDENCE: Check = object({
  format: oneOf([FORMAT]),
  chainId: whole(64, 1n),
  hub: address,
  subnetId: whole(32),
  epoch: whole(32, 1n),
  validator: address,
  entries: list(
    object(
      {
        miner: address,
        score: finite,
        parts: record(/^[a-z][A-Za-z0-9]{0,31}$/, finite),
        weight: whole(16),
        dataset,
        testSetHash: hash,
      },
      { submissionHash: hash },
    ),
  ),
});

/**
 * Evidence as canonical JSON (RFC 8785). Entries are in order of their miners, numbers of the chain are text. Publish it
 * at the URI revealed with the weights.
 *
 * @throws {@link DocumentError} for the first wrong value, and a miner with two entries
 * @throws {@link InvalidParameterError} without an object or list of entries
 * @example
 * ```ts
 * const text = formatEvidence({
 *   ...{ chainId: 1n, hub: ledger, subnetId: 3n, epoch: 12n, validator: operator },
 *   entries: [
 *     {
 *       miner: account,
 *       score: 0.5,
 *       parts: { mcc: 0.76, brier: 0.09 },
 *       weight: 65_535n,
 *       dataset: { capsuleId, version: 1n },
 *       testSetHash: await hashContent(bytes),
 *     },
 *   ],
 * });
 * ```
 */
export function formatEvidence(evidence: EvidenceInput): string {
  const { entries } = checkObject("evidence", evidence);
  const sorted = [...checkList("evidence.entries", entries)].sort((a, b) =>
    minerOf(a) < minerOf(b) ? -1 : 1,
  );
  const text = formatDocument("evidence", EVIDENCE, { ...evidence, format: FORMAT, entries: sorted });
  checkOrder(sorted.map(minerOf));
  return text;
}

function minerOf(entry: EvidenceEntry<AddressInput>): string {
  return String(entry?.miner).toLowerCase();
}

/**
 * The hash that a validator commits with its weights: keccak256 of `formatEvidence`.
 *
 * @throws {@link DocumentError} for the first wrong value, and a miner with two entries
 * @throws {@link InvalidParameterError} without an object or list of entries
 * @example
 * ```ts
 * const evidenceHash = hashEvidence(evidence);
 * ```
 */
export function hashEvidence(evidence: EvidenceInput): Hex {
  return hashText(formatEvidence(evidence));
}

/**
 * The evidence of a text by `formatEvidence`. Compare its `hashEvidence` with the chain's.
 *
 * @throws {@link DocumentError} for the first problem: no JSON, another form of JSON, a missing, wrong or unknown value,
 * and a miner with two entries. It says what to do
 * @example
 * ```ts
 * const { entries } = parseEvidence(formatEvidence(evidence));
 * ```
 */
export function parseEvidence(text: string): Evidence {
  const json = parseDocument("evidence", EVIDENCE, text) as EvidenceJson;
  checkOrder(json.entries.map(({ miner }) => miner));
  return {
    chainId: BigInt(json.chainId),
    hub: getAddress(json.hub) as Address,
    subnetId: BigInt(json.subnetId),
    epoch: BigInt(json.epoch),
    validator: getAddress(json.validator) as Address,
    entries: json.entries.map(entryOf),
  };
}

type EntryJson = Omit<EvidenceEntry<string>, "weight" | "dataset"> & {
  readonly weight: string;
  readonly dataset: Readonly<Record<keyof DatasetVersion, string>>;
};
type EvidenceJson = Readonly<Record<Exclude<keyof Evidence, "entries">, string>> & {
  readonly entries: readonly EntryJson[];
};

function entryOf({ miner, weight, dataset: { capsuleId, version }, ...rest }: EntryJson): EvidenceEntry {
  return {
    ...rest,
    miner: getAddress(miner) as Address,
    weight: BigInt(weight),
    dataset: { capsuleId: BigInt(capsuleId), version: BigInt(version) },
  };
}

/** Addresses in lower case, sorted. */
function checkOrder(miners: readonly string[]): void {
  const wrong = miners.findIndex((miner, i) => i > 0 && miner <= (miners[i - 1] as string));
  if (wrong === -1) return;
  const isTwice = miners[wrong] === miners[wrong - 1];
  throw new DocumentError(
    "evidence",
    `/entries/${wrong}/miner`,
    isTwice ? "has two entries" : "is not in the order of addresses",
    isTwice ? "Keep one entry per miner" : "Get the text that was hashed",
  );
}
