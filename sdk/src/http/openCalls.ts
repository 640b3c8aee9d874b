/** One paid request and its answer. */
export type Call = { sentAt: number; endedAt: number | undefined };

/** Calls whose units the meter's count may lack. Times are numbers of sent requests. */
export function createOpenCalls() {
  const open = new Set<Call>();
  let time = 0;
  let lost = 0;
  return {
    /** @param except a call to leave out */
    count: (except?: Call): number => open.size + lost - (except && open.has(except) ? 1 : 0),
    add(): Call {
      time += 1;
      const call: Call = { sentAt: time, endedAt: undefined };
      open.add(call);
      return call;
    },
    repeat(call: Call): void {
      time += 1;
      call.sentAt = time;
    },
    /** The answer to a call showed a count. It includes all calls that ended before this one was sent. */
    settle({ sentAt }: Call): void {
      for (const call of open) if (call.endedAt !== undefined && call.endedAt < sentAt) open.delete(call);
    },
    /** The call's units are in a shown count, or there are none. */
    end(call: Call): void {
      open.delete(call);
    },
    /** The meter has counted the call, but has not shown the count yet. */
    endBody(call: Call): void {
      call.endedAt = time;
    },
    /** The customer left before the call's end. The meter counts it at an unknown time, so it stays open. */
    lose(call: Call): void {
      if (open.delete(call)) lost += 1;
    },
    /** Calls of an earlier session: their answers are lost. */
    loseEarlier(calls: number): void {
      lost = Math.max(lost, calls);
    },
  };
}
