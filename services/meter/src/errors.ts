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

/** `call.use` got no whole number of units from 0 to 2^53. */
export class InvalidUnitsError extends Error {
  override readonly name = "InvalidUnitsError";
  readonly units: unknown;

  constructor(units: unknown) {
    super(`\`use\` got ${String(units)}, not a bigint from 0 to 2^53. Pass whole metered units.`);
    this.units = units;
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
