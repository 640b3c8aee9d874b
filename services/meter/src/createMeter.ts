import { type Client, InvalidParameterError } from "@benefit-grid/sdk";
import { createVoucherVerifier, type VoucherVerifier } from "@benefit-grid/sdk/meter";
import { createChainClock } from "./gateway/chainClock.ts";
import { createCommitter } from "./gateway/committer.ts";
import type { MeterEvents } from "./gateway/events.ts";
import { answer } from "./gateway/gateway.ts";
import { readOffers, type ServedOffer } from "./gateway/license.ts";
import { Refusal, responseTo } from "./gateway/refusal.ts";
import { createSeats } from "./gateway/seats.ts";
import { watchLicenses } from "./gateway/watch.ts";
import type { Serve } from "./serve.ts";
import { type Health, storeHealth } from "./store/health.ts";
import type { Store } from "./store/store.ts";
import { createVoucherPort } from "./x402/createVoucherPort.ts";
import type { VoucherPort } from "./x402/voucherPort.ts";

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
  /** Checks vouchers. @default `createVoucherVerifier` with the fastest implementation here */
  readonly verifier?: VoucherVerifier;
  /** Pause between two looks at the chain, milliseconds. @default 4,000 */
  readonly interval?: number;
  /** Without the chain, known licenses are served for this long, milliseconds. @default 600,000 */
  readonly maxAge?: number;
  /** Answers requests without a voucher, as by another protocol. @default status 401 */
  readonly withoutVoucher?: (request: Request) => Promise<Response>;
};

export type Meter = {
  /** The meter's id at the ledger. */
  readonly meterId: bigint;
  /** Answers a request: authenticates, serves, counts and stores. Never throws. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The meter behind x402's scheme `license-voucher`, for `createVoucherFacilitator` and `createVoucherServer`. */
  readonly vouchers: VoucherPort;
  /** Reads the newest events at once, instead of at the next look. */
  readonly update: () => Promise<void>;
  /** Whether the meter can serve: chain and store answer. The reason against it otherwise. */
  readonly health: () => Promise<Health>;
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
  const { maxUnits, credit, withoutVoucher } = { ...parameters, credit: checkedCredit(parameters) };
  const offers = await readOffers(client, parameters.offers);
  const clock = await createChainClock(client);
  const { chainId, addresses } = client;
  const ledger = addresses.UsageLedger;
  const { verify } = parameters.verifier ?? (await createVoucherVerifier({ chainId, ledger }));
  const seats = createSeats({ client, store, offers });
  const committer = createCommitter(store, seats.forget);
  const onError = (error: unknown) => parameters.onError?.(error);
  const watch = watchLicenses({ client, clock, interval, onChange: seats.refresh, onError });
  const { track, ended } = createTracker();
  const limits = { verify, credit, maxUnits, contexts, maxAge, withoutVoucher };
  const { onServed } = parameters;
  const port = createVoucherPort({ ...limits, seats, committer, clock, store, onServed });
  const gateway = { ...limits, serve, seats, committer, clock, track, events: parameters };
  let isClosing = false;

  function checkOpen(): void {
    if (isClosing) throw new Refusal("ShuttingDown", "This gateway is shutting down. Try again.");
  }

  async function fetch(request: Request): Promise<Response> {
    try {
      checkOpen();
      return await track(answer(request, gateway));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : failure(error);
      parameters.onRefused?.({ reason: refusal.reason, message: refusal.message });
      return responseTo(refusal);
    }
  }

  /** Calls under way are still counted while the meter closes. */
  const vouchers: VoucherPort = {
    ...port,
    verify: async (call) => {
      checkOpen();
      return await track(port.verify(call));
    },
    settle: async (call) => await track(port.settle(call)),
  };

  function failure(error: unknown): Refusal {
    onError(error);
    return new Refusal(
      "StoreFailed",
      "The meter could not read or store its accounts. Nothing was counted. Try again.",
    );
  }

  async function health(): Promise<Health> {
    if (isClosing) return { ok: false, problem: "The meter is shutting down." };
    if (clock.age() > maxAge) return { ok: false, problem: "The chain does not answer." };
    return await storeHealth(store);
  }

  async function close(): Promise<void> {
    isClosing = true;
    await watch.stop();
    await ended();
    await committer.idle();
  }

  const { meterId } = [...offers.values()][0] as ServedOffer;
  return Object.freeze({ meterId, fetch, vouchers, update: watch.update, health, close });
}

/** Counts work under way. */
function createTracker() {
  let under = 0;
  let wake = () => {};
  return {
    track: async <T>(work: Promise<T>): Promise<T> => {
      under += 1;
      try {
        return await work;
      } finally {
        under -= 1;
        if (under === 0) wake();
      }
    },
    ended: async (): Promise<void> => {
      while (under > 0) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

function checkedCredit({ offers, maxUnits, credit = 2n * maxUnits }: CreateMeterParameters): bigint {
  if (offers.length === 0) throw new InvalidParameterError("offers", "is empty", "Pass at least one offer");
  if (maxUnits < 1n) throw new InvalidParameterError("maxUnits", `is ${maxUnits}`, "Pass at least 1 unit");
  if (credit >= maxUnits) return credit;
  const problem = `is ${credit}, less than \`maxUnits\` ${maxUnits}: no call could ever be served`;
  throw new InvalidParameterError("credit", problem, "Pass at least `maxUnits`");
}
