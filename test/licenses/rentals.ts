import { WINDOW } from "../grid.ts";

type Change = { start: bigint; to: string };
type Rental = { user: string; expires: bigint };

/** A license's signers, as a plain account of what happens in order of time. `LicenseNFT` computes the same backwards. */
export function createSignerModel(holder: string) {
  const pauses: { start: bigint; end: bigint }[] = [];
  const state = {
    holder,
    signer: holder,
    changes: 0n,
    pending: undefined as Change | undefined,
    rental: undefined as Rental | undefined,
  };

  /** The first second in which a change has taken effect: more than the window went by without pause. */
  function effectiveAt({ start }: Change): bigint {
    let left = WINDOW;
    let from = start;
    for (const pause of pauses) {
      if (pause.end <= from) continue;
      const free = pause.start > from ? pause.start - from : 0n;
      if (free > left) break;
      left -= free;
      from = pause.end;
    }
    return from + left + 1n;
  }

  /** Lets happen what happens by itself until this time. */
  function advance(now: bigint): void {
    for (;;) {
      const changed = state.pending ? effectiveAt(state.pending) : undefined;
      const ended = state.rental?.expires;
      const isChangeNext = changed !== undefined && (ended === undefined || changed < ended);
      const next = isChangeNext ? changed : ended;
      if (next === undefined || next > now) return;
      if (isChangeNext) {
        state.signer = (state.pending as Change).to;
        state.pending = undefined;
      } else {
        state.rental = undefined;
        start(state.holder, next);
      }
    }
  }

  function start(to: string, now: bigint): void {
    state.pending = state.signer === to ? undefined : { start: now, to };
    state.changes += 1n;
  }

  return {
    state,
    advance,
    pause: (begin: bigint, end: bigint) => pauses.push({ start: begin, end }),
    /** The account that may name the signer. */
    entitled: () => state.rental?.user ?? state.holder,
    setSigner: start,
    setUser(user: string, expires: bigint, now: bigint): void {
      const isSame = state.rental?.user === user;
      state.rental = { user, expires };
      if (!isSame) start(user, now);
    },
    endRental(now: bigint): void {
      if (!state.rental) return;
      state.rental = undefined;
      start(state.holder, now);
    },
    transfer(to: string, now: bigint): void {
      state.rental = undefined;
      state.holder = to;
      start(to, now);
    },
    confirm(): void {
      if (!state.pending) return;
      state.signer = state.pending.to;
      state.pending = undefined;
    },
  };
}
