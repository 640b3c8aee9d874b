import { validateHeaderName, validateHeaderValue } from "node:http";
import { USED_HEADER } from "@benefit-grid/sdk/http";
import type { Answer, Serve } from "../serve.ts";
import type { Account } from "../store/store.ts";
import type { Committer, Slot } from "./committer.ts";
import type { MeterEvents } from "./events.ts";
import { holdLastChunk } from "./holdLastChunk.ts";
import { type OpenCall, openCall } from "./openCall.ts";
import { Refusal } from "./refusal.ts";
import type { Seat } from "./seats.ts";

export type RunParameters = {
  readonly serve: Serve;
  /** Units of one call, at most. */
  readonly maxUnits: bigint;
  readonly committer: Committer;
  readonly events: MeterEvents;
  /** Keeps the meter open until this work is done. */
  readonly track: (work: Promise<unknown>) => void;
};

/** One admitted request. */
export type Admitted = {
  readonly request: Request;
  readonly seat: Seat;
  /** Contexts of its voucher. */
  readonly contexts: bigint;
  /** Its voucher on the way to the store, if that is new. */
  readonly slot: Slot | undefined;
  /** Gives back the units held for it. */
  readonly release: () => void;
};

/**
 * Serves a request, counts its units and stores them before the answer leaves.
 *
 * @throws {@link Refusal} `ServiceFailed` or `StoreFailed`: nothing was counted
 */
export async function runCall(admitted: Admitted, parameters: RunParameters): Promise<Response> {
  const { seat, request, contexts, slot } = admitted;
  const open = openCall(seat, contexts, parameters.maxUnits);
  const end = () => {
    open.end();
    admitted.release();
  };
  try {
    const answer = await served(request, open, parameters);
    const { used } = await count(seat, open.take(), slot, parameters);
    const stream = open.isKeptOpen() ? toResponse(answer) : undefined;
    if (stream?.body) {
      // Without the header: the count lacks this call.
      return withBody(stream, heldBody(seat, open, stream.body, end, parameters));
    }
    end();
    return withUsed(stream ?? answer, used);
  } catch (error) {
    end();
    // The voucher is stored although its request failed.
    await slot?.stored.catch(() => undefined);
    throw error;
  }
}

async function served(
  request: Request,
  { call }: OpenCall,
  { serve, events }: RunParameters,
): Promise<Response | Answer> {
  try {
    const answer = await serve(request, call);
    if (!isResponse(answer)) check(answer);
    return answer;
  } catch (error) {
    events.onError?.(error);
    throw new Refusal("ServiceFailed", "The service failed. Nothing was counted.");
  }
}

/** Not by `instanceof`: `@hono/node-server` replaces the class, and `fetch` returns the original one. */
function isResponse(answer: Response | Answer): answer is Response {
  return "clone" in answer;
}

/** Fails before anything is counted. */
function check({ status = 200, headers }: Answer): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`The answer's status is ${status}. Use 200 to 599.`);
  }
  for (const name of Object.keys(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, headers[name] as string);
  }
}

function toResponse(answer: Response | Answer): Response {
  return isResponse(answer) ? answer : new Response(answer.body, answer);
}

/** Stores units. Joins the voucher's entry if that has not left yet. */
async function count(
  seat: Seat,
  units: bigint,
  slot: Slot | undefined,
  { committer, events }: RunParameters,
): Promise<Account> {
  const { licenseId, offerId } = seat.account;
  try {
    const hasJoined = slot?.add(units);
    const account = await slot?.stored;
    // Units are stored after their voucher: without it, they must not count.
    seat.account = hasJoined && account ? account : await committer.record(licenseId, units).stored;
  } catch (error) {
    events.onError?.(error);
    throw new Refusal("StoreFailed", "The meter could not store this call. Nothing was counted. Try again.");
  }
  if (units > 0n) events.onServed?.({ licenseId, offerId, units });
  return seat.account;
}

/** The stream's end counts its units. */
function heldBody(
  seat: Seat,
  open: OpenCall,
  body: ReadableStream<Uint8Array>,
  end: () => void,
  parameters: RunParameters,
): ReadableStream<Uint8Array> {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  parameters.track(ended);
  let settled: Promise<void> | undefined;

  async function settle(): Promise<void> {
    open.end();
    try {
      const units = open.take();
      if (units > 0n) await count(seat, units, undefined, parameters);
    } finally {
      end();
      resolve();
    }
  }

  return holdLastChunk(body, () => {
    settled ??= settle();
    return settled;
  });
}

/** Changes a response in place, since a copy costs more than all else here. Answers of `fetch` cannot be changed. */
function withUsed(answer: Response | Answer, used: bigint): Response {
  if (!isResponse(answer)) {
    const { body, status = 200, headers } = answer;
    return new Response(body, { status, headers: { ...headers, [USED_HEADER]: used.toString() } });
  }
  try {
    answer.headers.set(USED_HEADER, used.toString());
    return answer;
  } catch {
    return withUsed(withBody(answer, answer.body), used);
  }
}

function withBody(
  { status, statusText, headers }: Response,
  body: ReadableStream<Uint8Array> | null,
): Response {
  return new Response(body, { status, statusText, headers });
}
