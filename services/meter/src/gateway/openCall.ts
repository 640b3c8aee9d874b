import { CallEndedError, CallUnitsError } from "../errors.ts";
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

export function openCall({ license, account }: Seat, contexts: bigint, maxUnits: bigint): OpenCall {
  let units = 0n;
  let taken = 0n;
  let isKeptOpen = false;
  let hasEnded = false;
  const call: Call = {
    licenseId: license.licenseId,
    offerId: account.offerId,
    contexts,
    maxUnits,
    use: (more) => {
      if (hasEnded) throw new CallEndedError();
      if (typeof more !== "bigint" || more < 0n || units + more > maxUnits) {
        throw new CallUnitsError(more, maxUnits - units);
      }
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
      const more = units - taken;
      taken = units;
      return more;
    },
    isKeptOpen: () => isKeptOpen,
    end: () => {
      hasEnded = true;
    },
  };
}
