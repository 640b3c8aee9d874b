/** `call.use` came after the call's end. The units are not counted. */
export class CallEndedError extends Error {
  override readonly name = "CallEndedError";

  constructor() {
    super(
      "The call has ended, so its units are not counted. Count before the handler returns, or call `keepOpen` before.",
    );
  }
}

/** The store is of a newer program. Nothing was changed. */
export class StoreVersionError extends Error {
  override readonly name = "StoreVersionError";
  /** Version of the store. */
  readonly version: number;
  /** Highest version that this program knows. */
  readonly known: number;

  constructor(version: number, known: number) {
    super(
      `The store has version ${version}, but this program knows ${known}. Use a newer @benefit-grid/meter.`,
    );
    this.version = version;
    this.known = known;
  }
}

/** The store has no account of a license. `open` makes one. */
export class AccountNotFoundError extends Error {
  override readonly name = "AccountNotFoundError";
  readonly licenseId: bigint;

  constructor(licenseId: bigint) {
    super(`The store has no account of license ${licenseId}. Open it first.`);
    this.licenseId = licenseId;
  }
}

/** This meter cannot serve an offer. */
export class OfferNotServedError extends Error {
  override readonly name = "OfferNotServedError";
  readonly offerId: bigint;

  constructor(offerId: bigint, problem: string) {
    super(`Offer ${offerId} ${problem}. Serve it by a meter of its own.`);
    this.offerId = offerId;
  }
}

/** `call.use` got more units than the call may take, or no whole number. They are not counted. */
export class CallUnitsError extends Error {
  override readonly name = "CallUnitsError";
  readonly units: unknown;
  /** Units that the call may still take. */
  readonly left: bigint;

  constructor(units: unknown, left: bigint) {
    super(
      `\`use\` got ${String(units)}, not a bigint from 0 to ${left}. Raise \`maxUnits\`, or limit the service to \`call.maxUnits\`.`,
    );
    this.units = units;
    this.left = left;
  }
}

/** The service behind the meter gave an answer that cannot be counted. Nothing was counted. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";

  constructor(problem: string) {
    super(`The service behind the meter ${problem}. Check its address and version.`);
  }
}

/** A storage cannot read a file. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  /** The file's name in the storage. */
  readonly file: string;

  constructor(file: string, problem: string, cause?: unknown) {
    super(`"${file}" ${problem}. Check the name and the storage's settings.`, { cause });
    this.file = file;
  }
}

/** A stored file does not decrypt: another key, or bytes that were changed, moved or cut off. Nothing of it is sent. */
export class StoredContentError extends Error {
  override readonly name = "StoredContentError";
  /** The file's name in the storage. */
  readonly file: string;
  /** Number of the segment of 64 KiB, from 0. Undefined if the file's size or header is wrong. */
  readonly segment: number | undefined;

  constructor(file: string, problem: string, segment?: number) {
    super(`"${file}" ${problem}. Check the key, or encrypt the content again by \`encryptContent\`.`);
    this.file = file;
    this.segment = segment;
  }
}

/** Another settler has the operator's key. This one stops sending until the other ends. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
  readonly operator: string;

  constructor(operator: string) {
    super(
      `Another settler works for operator ${operator}. This one sends nothing until the other one has ended.`,
    );
    this.operator = operator;
  }
}

/** A transaction waits, and a higher fee would be above `maxFeePerGas`. */
export class FeeLimitError extends Error {
  override readonly name = "FeeLimitError";
  readonly nonce: number;
  /** Base units of the chain's coin. */
  readonly maxFeePerGas: bigint;

  constructor(nonce: number, maxFeePerGas: bigint) {
    super(
      `The transaction with nonce ${nonce} waits, and a higher fee would be above \`maxFeePerGas\` ${maxFeePerGas}. Raise it, or wait until the chain is cheaper.`,
    );
    this.nonce = nonce;
    this.maxFeePerGas = maxFeePerGas;
  }
}

/** The ledger takes no proofs any more. Private vouchers wait until the operator decides. */
export class LedgerRetiredError extends Error {
  override readonly name = "LedgerRetiredError";

  constructor() {
    super(
      "The ledger is retired and takes no proofs. Private vouchers settle only by publishing their openings. Set `allowRetired` to do so before their windows end.",
    );
  }
}

/** A number is too large for the store. Nothing was stored. */
export class NumberOutOfRangeError extends Error {
  override readonly name = "NumberOutOfRangeError";
  readonly number: bigint;

  constructor(number: bigint) {
    super(`The store keeps whole numbers from -2^63 to 2^63 - 1, not ${number}. Nothing was stored.`);
    this.number = number;
  }
}

/** The database does not answer. The next call connects again. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";

  constructor(cause: Error) {
    super(`The store's database does not answer: ${cause.message}. Check it, then try again.`, { cause });
  }
}

/** A configuration has problems. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly file: string;
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super([`${file} cannot be used:`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

/** A worker has no key of the operator. */
export class KeyMissingError extends Error {
  override readonly name = "KeyMissingError";

  constructor(advice: string) {
    super(`The worker has no operator's key. ${advice}.`);
  }
}

/** This Node has no SQLite. */
export class NodeVersionError extends Error {
  override readonly name = "NodeVersionError";

  constructor() {
    super(`The meter needs Node 22.13 or later, but this is ${process.versions.node}.`);
  }
}
