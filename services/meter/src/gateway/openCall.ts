import { CallEndedError, InvalidUnitsError } from "../errors.ts";
import type { Call } from "../serve.ts";
import type { Seat } from "./seats.ts";

/** A call under way, with the meter's view of it. */
export type OpenCall = {
  readonly call: Call;
  /** Takes the units counted since the last time. */
  readonly take: () => bigint;
  readonly isKeptOpen: () => boolean;
  /** No unit counts afterwards. */
  readonly end: () => void;
};

/** Keeps units within JavaScript's and SQL's whole numbers. */
const MAX_CALL_UNITS = 1n << 53n;

export function openCall({ license, account }: Seat, contexts: bigint): OpenCall {
  let units = 0n;
  let isKeptOpen = false;
  let hasEnded = false;
  const call: Call = {
    licenseId: license.licenseId,
    offerId: account.offerId,
    contexts,
    use: (more) => {
      if (hasEnded) throw new CallEndedError();
      if (typeof more !== "bigint" || more < 0n || units + more > MAX_CALL_UNITS)
        throw new InvalidUnitsError(more);
      units += more;
    },
    keepOpen: () => {
      if (hasEnded) throw new CallEndedError();
      isKeptOpen = true;
    },
  };
  return {
    call,
    take: () => {
      const taken = units;
      units = 0n;
      return taken;
    },
    isKeptOpen: () => isKeptOpen,
    end: () => {
      hasEnded = true;
    },
  };
}
