import type { Hex } from "../../core/abi.ts";
import { checkObject } from "../../core/check.ts";
import {
  type Check,
  dataset,
  formatDocument,
  hash,
  hashText,
  isObject,
  object,
  oneOf,
  parseDocument,
  whole,
} from "./document.ts";
import type { DatasetVersion } from "./evidence.ts";

/** A file of a miner. It stays with the miner until the answers are revealed. */
export type SubmittedContent = {
  /** SHA-256 of the file, from `hashContent`. */
  readonly contentHash: Hex;
  /** Bytes of the file. */
  readonly size: bigint;
};

/** Answers to a test set. */
export type AnswersSubmission = SubmittedContent & {
  readonly kind: "answers";
  /** SHA-256 of the test set without labels, as the miner got it. */
  readonly questionsHash: Hex;
};
/** A step of training. */
export type GradientSubmission = SubmittedContent & {
  readonly kind: "gradient";
  /** SHA-256 of the parameters that the gradient was computed for. */
  readonly modelHash: Hex;
  /** The data assigned to the miner. */
  readonly dataset: DatasetVersion;
};
/** Data for training. */
export type DataSubmission = SubmittedContent & {
  readonly kind: "data";
  /** The version of a capsule with the data, if they are registered. */
  readonly dataset?: DatasetVersion;
};
/** An architecture of a model. */
export type ArchitectureSubmission = SubmittedContent & { readonly kind: "architecture" };

/** A miner's submission in an epoch, by the hash of its content. */
export type Submission = AnswersSubmission | GradientSubmission | DataSubmission | ArchitectureSubmission;

const CONTENT = { contentHash: hash, size: whole(64) };

const CHECKS: Readonly<Record<Submission["kind"], Check>> = {
  answers: members("answers", { questionsHash: hash }),
  gradient: members("gradient", { modelHash: hash, dataset }),
  data: members("data", {}, { dataset }),
  architecture: members("architecture", {}),
};

function members(
  kind: string,
  needed: Readonly<Record<string, Check>>,
  optional?: Readonly<Record<string, Check>>,
): Check {
  return object({ kind: oneOf([kind]), ...CONTENT, ...needed }, optional);
}

const KIND = oneOf(Object.keys(CHECKS));

const SUBMISSION: Check = (value, pointer) => {
  const kind = isObject(value) ? value.kind : undefined;
  const check = Object.hasOwn(CHECKS, String(kind)) ? CHECKS[kind as Submission["kind"]] : undefined;
  if (check) return check(value, pointer);
  return isObject(value) ? KIND(kind, `${pointer}/kind`) : CHECKS.data(value, pointer);
};

/**
 * A submission as canonical JSON (RFC 8785). Numbers are text.
 *
 * @throws {@link DocumentError} for the first wrong value
 * @throws {@link InvalidParameterError} without an object
 * @example
 * ```ts
 * const size = BigInt(bytes.length);
 * const text = formatSubmission({ kind: "architecture", contentHash: await hashContent(bytes), size });
 * ```
 */
export function formatSubmission(submission: Submission): string {
  return formatDocument("submission", SUBMISSION, checkObject("submission", submission));
}

/**
 * The hash of a submission: keccak256 of `formatSubmission`. A miner commits to it. The hub's commitment also has the
 * miner, the epoch and a salt, so nobody can copy it or guess it.
 *
 * @throws {@link DocumentError} for the first wrong value
 * @throws {@link InvalidParameterError} without an object
 * @example
 * ```ts
 * const submissionHash = hashSubmission({ kind: "data", contentHash, size: 1_024n });
 * ```
 */
export function hashSubmission(submission: Submission): Hex {
  return hashText(formatSubmission(submission));
}

/**
 * The submission of a text by `formatSubmission`. Compare its `hashSubmission` with the miner's commitment, and the
 * content's `hashContent` with `contentHash`.
 *
 * @throws {@link DocumentError} for the first problem. It says what to do
 * @example
 * ```ts
 * const { kind } = parseSubmission(formatSubmission({ kind: "data", contentHash, size: 1_024n }));
 * ```
 */
export function parseSubmission(text: string): Submission {
  const json = parseDocument("submission", SUBMISSION, text) as SubmissionJson;
  const { size, dataset: data, ...rest } = json;
  const version = data && { capsuleId: BigInt(data.capsuleId), version: BigInt(data.version) };
  return { ...rest, size: BigInt(size), ...(version && { dataset: version }) } as Submission;
}

type SubmissionJson = {
  readonly size: string;
  readonly dataset?: Readonly<Record<keyof DatasetVersion, string>>;
};
