import type { Hex } from "../core/abi.ts";
import { GridError } from "./base.ts";

/** Content is not the one that the capsule's version has on chain. Do not use it. */
export class ContentHashMismatchError extends GridError {
  override readonly name = "ContentHashMismatchError";
  readonly capsuleId: bigint;
  readonly version: bigint;
  /** SHA-256 on chain. */
  readonly expected: Hex;
  /** SHA-256 of the content. */
  readonly actual: Hex;

  constructor(capsuleId: bigint, version: bigint, expected: Hex, actual: Hex) {
    super(
      "CONTENT_HASH_MISMATCH",
      `The content has SHA-256 ${actual}, but version ${version} of capsule ${capsuleId} is ${expected}. Do not use it. Check the file and the version.`,
    );
    this.capsuleId = capsuleId;
    this.version = version;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A server did not deliver content. The bytes before are in the sink: continue with them as `have`. */
export class ContentDeliveryError extends GridError {
  override readonly name = "ContentDeliveryError";
  readonly url: string;
  /** Bytes received and written, `have` included. */
  readonly received: number;
  /** HTTP status. Undefined if there was no answer, or it broke off. */
  readonly status: number | undefined;

  constructor(url: string, received: number, problem: string, status?: number, cause?: unknown) {
    super(
      "CONTENT_DELIVERY",
      `${url} ${problem} after ${received} bytes. Try again later, with these bytes as \`have\`.`,
      {},
      {
        cause,
      },
    );
    this.url = url;
    this.received = received;
    this.status = status;
  }
}
