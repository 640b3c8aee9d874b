import { type Client, InvalidParameterError } from "@benefit-grid/sdk";
import {
  fromHeader,
  MessageFormatError,
  USED_HEADER,
  VOUCHER_HEADER,
  voucherFromMessage,
} from "@benefit-grid/sdk/http";
import { type AnyVoucher, createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { type AdmitParameters, authenticate, checkCredit } from "./gateway/admit.ts";
import { createChainClock } from "./gateway/chainClock.ts";
import { createCommitter, type Slot } from "./gateway/committer.ts";
import { holdLastChunk } from "./gateway/holdLastChunk.ts";
import { readOffers } from "./gateway/license.ts";
import { type OpenCall, openCall } from "./gateway/openCall.ts";
import { malformed, Refusal, type RefusalReason, responseTo } from "./gateway/refusal.ts";
import { createSeats, type Seat } from "./gateway/seats.ts";
import { watchLicenses } from "./gateway/watch.ts";
import type { Serve } from "./serve.ts";
import type { Account, Store } from "./store/store.ts";

/** What a meter reports while it runs, for logs and metrics. */
export type MeterEvents = {
  /** A call's units are on disk. A stream may report several times. */
  readonly onServed?: (served: {
    readonly licenseId: bigint;
    readonly offerId: bigint;
    readonly units: bigint;
  }) => void;
  readonly onRefused?: (refused: { readonly reason: RefusalReason; readonly message: string }) => void;
  /** The service threw, the store failed, or the chain did not answer. */
  readonly onError?: (error: unknown) => void;
};

export type CreateMeterParameters = MeterEvents & {
  readonly client: Client;
  readonly store: Store;
  /** Offers that this meter serves. At least one. */
  readonly offers: readonly bigint[];
  /** The service. */
  readonly serve: Serve;
  /** Units of one call, at most. A license with fewer units left is not served. */
  readonly maxUnits: bigint;
  /** Units that each gateway serves beyond a license's newest voucher, at most. @default twice `maxUnits` */
  readonly credit?: bigint;
  /** Contexts of this service, see `encodeContexts`. Vouchers have to declare them. @default none */
  readonly contexts?: bigint;
  /** Pause between two looks at the chain, milliseconds. @default 4,000 */
  readonly interval?: number;
  /** Without the chain, known licenses are served for this long, milliseconds. @default 600,000 */
  readonly maxAge?: number;
  /** Answers requests without a voucher, as by another protocol. @default status 401 */
  readonly withoutVoucher?: (request: Request) => Promise<Response>;
};

export type Meter = {
  /** Answers a request: authenticates, serves, counts and stores. Never throws. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Reads the newest events at once, instead of at the next look. */
  readonly update: () => Promise<void>;
  /** Whether the meter can serve: chain and store answer. The reason against it otherwise. */
  readonly health: () => Promise<{ readonly ok: boolean; readonly problem?: string }>;
  /** Refuses new requests, waits for those under way, and stores what they used. Leaves the store open. */
  readonly close: () => Promise<void>;
};
export type CreateMeterReturnType = Meter;

/**
 * Wraps a service: each request is paid by a license, counted and stored before its answer leaves.
 *
 * @throws {@link InvalidParameterError} for limits out of range or no offer
 * @throws {@link OfferNotServedError} for an offer of another ledger or meter
 * @example
 * ```ts
 * const store = await sqliteStore("meter.db");
 * const meter = await createMeter({ client, store, offers: [offerId], maxUnits: 4_000n, serve });
 * export default { fetch: meter.fetch }; // Deno, Bun; Hono, Express and Fastify: see the guide
 * ```
 */
export async function createMeter(parameters: CreateMeterParameters): Promise<CreateMeterReturnType> {
  const { client, store, serve, contexts = 0n, maxAge = 600_000, interval = 4_000 } = parameters;
  const { maxUnits, credit = 2n * maxUnits } = checked(parameters);
  const offers = await readOffers(client, parameters.offers);
  const clock = await createChainClock(client);
  const { verify } = await createVoucherVerifier({
    chainId: client.chainId,
    ledger: client.addresses.UsageLedger,
  });
  const seats = createSeats({ client, store, offers });
  const committer = createCommitter(store);
  const report = (error: unknown) => parameters.onError?.(error);
  const watch = watchLicenses({ client, clock, interval, onChange: seats.refresh, onError: report });
  const under = new Set<Promise<unknown>>();
  let isClosing = false;

  const limits = (): AdmitParameters => ({ verify, credit, maxUnits, contexts, now: clock.now() });

  async function answer(request: Request): Promise<Response> {
    if (isClosing) throw new Refusal("ShuttingDown", "This gateway is shutting down. Try again.");
    const header = request.headers.get(VOUCHER_HEADER);
    if (header === null) {
      if (parameters.withoutVoucher) return await parameters.withoutVoucher(request);
      throw new Refusal(
        "VoucherMissing",
        `The request has no header ${VOUCHER_HEADER}. Buy a license first.`,
      );
    }
    if (clock.age() > maxAge) throw new Refusal("ChainUnreachable", "The chain does not answer. Try again.");
    const voucher = voucherOf(header);
    const found = seats.of(voucher);
    const seat = found instanceof Promise ? await found : found;
    const slot = keep(seat, authenticate(seat, voucher, limits()));
    try {
      checkCredit(seat, limits());
    } catch (error) {
      await slot?.stored;
      throw error;
    }
    return await run(seat, openCall(seat, voucher.contexts), slot, request);
  }

  /** The newest voucher counts at once, and is on disk before the answer leaves. */
  function keep(seat: Seat, newer: AnyVoucher | undefined): Slot | undefined {
    if (!newer) return undefined;
    seat.account = { ...seat.account, voucher: newer };
    const slot = committer.record(newer.licenseId, 0n, newer);
    slot.stored.catch(() => seats.forget(newer.licenseId));
    return slot;
  }

  async function run(
    seat: Seat,
    open: OpenCall,
    slot: Slot | undefined,
    request: Request,
  ): Promise<Response> {
    seat.held += maxUnits;
    let isHeld = true;
    const release = () => {
      if (isHeld) seat.held -= maxUnits;
      isHeld = false;
      open.end();
    };
    try {
      const response = await served(request, open);
      const account = await count(seat, open.take(), slot);
      const { body } = response;
      const headers = new Headers(response.headers);
      headers.set(USED_HEADER, account.used.toString());
      const { status, statusText } = response;
      if (!open.isKeptOpen() || !body) {
        release();
        return new Response(body, { status, statusText, headers });
      }
      const settle = once(async () => {
        open.end();
        try {
          const units = open.take();
          if (units > 0n) await count(seat, units, undefined);
        } catch (error) {
          report(error);
          throw error;
        } finally {
          release();
        }
      });
      return new Response(
        holdLastChunk(body, () => track(settle())),
        { status, statusText, headers },
      );
    } catch (error) {
      release();
      throw error;
    }
  }

  async function served(request: Request, { call }: OpenCall): Promise<Response> {
    try {
      return await serve(request, call);
    } catch (error) {
      report(error);
      throw new Refusal("ServiceFailed", "The service failed. Nothing was counted.");
    }
  }

  /** Joins the voucher's entry if that has not left yet. */
  async function count(seat: Seat, units: bigint, slot: Slot | undefined): Promise<Account> {
    const { licenseId, offerId } = seat.account;
    try {
      const joined = slot?.add(units);
      const account = await (joined ? slot : committer.record(licenseId, units))?.stored;
      if (slot && !joined) await slot.stored;
      seat.account = account as Account;
    } catch (error) {
      seats.forget(licenseId);
      report(error);
      throw new Refusal(
        "StoreFailed",
        "The meter could not store this call. Nothing was counted. Try again.",
      );
    }
    if (units > 0n) parameters.onServed?.({ licenseId, offerId, units });
    return seat.account;
  }

  function track<T>(work: Promise<T>): Promise<T> {
    under.add(work);
    const done = () => under.delete(work);
    work.then(done, done);
    return work;
  }

  async function fetch(request: Request): Promise<Response> {
    try {
      return await track(answer(request));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : failure(error);
      parameters.onRefused?.({ reason: refusal.reason, message: refusal.message });
      return responseTo(refusal);
    }
  }

  function failure(error: unknown): Refusal {
    report(error);
    return new Refusal(
      "StoreFailed",
      "The meter could not read or store its accounts. Nothing was counted. Try again.",
    );
  }

  return Object.freeze({
    fetch,
    update: watch.update,
    health: async () => {
      if (isClosing) return { ok: false, problem: "shutting down" };
      if (clock.age() > maxAge) return { ok: false, problem: "the chain does not answer" };
      return await store.totals().then(
        () => ({ ok: true }),
        (error) => ({ ok: false, problem: `the store does not answer: ${error}` }),
      );
    },
    close: async () => {
      isClosing = true;
      await watch.stop();
      while (under.size > 0) await Promise.allSettled(under);
      await committer.idle();
    },
  });
}

function voucherOf(header: string): AnyVoucher {
  try {
    return voucherFromMessage(fromHeader(header));
  } catch (error) {
    if (error instanceof MessageFormatError) throw malformed(error);
    throw error;
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

function checked(parameters: CreateMeterParameters): CreateMeterParameters {
  const { offers, maxUnits, credit = 2n * maxUnits } = parameters;
  if (offers.length === 0) throw new InvalidParameterError("offers", "is empty", "Pass at least one offer");
  if (maxUnits < 1n) throw new InvalidParameterError("maxUnits", `is ${maxUnits}`, "Pass at least 1 unit");
  if (credit < maxUnits) {
    const problem = `is ${credit}, less than \`maxUnits\` ${maxUnits}: no call could ever be served`;
    throw new InvalidParameterError("credit", problem, "Pass at least `maxUnits`");
  }
  return parameters;
}
