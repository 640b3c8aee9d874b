/** A request that a license pays for. */
export type Call = {
  readonly licenseId: bigint;
  readonly offerId: bigint;
  /** Contexts of the license's use so far, one bit each, see `encodeContexts`. Its terms allow them. */
  readonly contexts: bigint;
  /** Metered units of this call, at most. They are held until it ends. */
  readonly maxUnits: bigint;
  /**
   * Counts metered units of this call. May be called repeatedly until the handler returns, and after `keepOpen` until
   * the response's body ends.
   *
   * @throws {@link CallEndedError} afterwards
   * @throws {@link CallUnitsError} for more than `maxUnits` in all, or no whole number: they are not counted
   */
  readonly use: (units: bigint) => void;
  /**
   * Keeps the call open until the response's body ends, for streams whose units are known late. The meter holds the
   * last chunk back until the units are stored, and omits `Benefit-Grid-Used`. If the customer leaves early, the units
   * counted so far are due.
   */
  readonly keepOpen: () => void;
};

/** An answer without a `Response`: on Node the meter adds its header faster. */
export type Answer = {
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
  /** 200 to 599. @default 200 */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * The operator's service. It answers a paid request and counts its units by `call.use`. If it throws, nothing is
 * counted and the customer gets status 500.
 */
export type Serve = (request: Request, call: Call) => Response | Answer | Promise<Response | Answer>;

/** A `Serve` whose answers are responses. */
export type ServeResponse = (request: Request, call: Call) => Promise<Response>;
