import type { AnyVoucher } from "../shared/voucher.ts";
import { toHeader, USED_HEADER, VOUCHER_HEADER, voucherToMessage } from "./messages.ts";
import type { Call } from "./openCalls.ts";
import { createSession, readCount, type VoucherSessionParameters } from "./session.ts";
import { readVoucherDue, type VoucherDue } from "./voucherDue.ts";
import { watchBody } from "./watchBody.ts";

export type WithVouchersParameters = VoucherSessionParameters;

/**
 * A `fetch` that pays by vouchers. Each request carries a voucher for all use so far. If the meter answers 402, because
 * it counted more, signs for its count within the limits and repeats the request once.
 *
 * A streamed answer is paid after its end: read it to the end, or cancel its body.
 *
 * The meter counts. It cannot get more signed than `maxUnitsPerCall` for each call, nor more than `maxUnits` in all.
 *
 * @throws {@link InvalidParameterError} for a limit or contexts out of range
 * @throws {@link VoucherLimitError} from the returned function, when the meter's count is beyond a limit: nothing is signed
 * @throws {@link MessageFormatError} from the returned function, for a malformed answer of the meter
 * @example
 * ```ts
 * const contexts = encodeContexts(["education"]);
 * const paid = withVouchers(fetch, { client, licenseId, contexts, maxUnits: 1_000_000n, maxUnitsPerCall: 4_000n });
 * const response = await paid("https://meter.example/v1/chat/completions", { method: "POST", body: "{}" });
 * ```
 */
export function withVouchers(
  fetch: typeof globalThis.fetch,
  parameters: WithVouchersParameters,
): typeof globalThis.fetch {
  const session = createSession(parameters);

  async function send(call: Call, request: Request, voucher: AnyVoucher): Promise<Response> {
    request.headers.set(VOUCHER_HEADER, toHeader(voucherToMessage(voucher)));
    try {
      const response = await fetch(request);
      const hasCount = session.note(call, response.headers.get(USED_HEADER));
      if (response.status === 402) await session.refused();
      else if (hasCount || response.status >= 400) session.end(call);
      else return streamed(call, response);
      return response;
    } catch (error) {
      // The meter may have the request nevertheless.
      session.lose(call);
      throw error;
    }
  }

  /** The meter counts this call at the end of its body. A later answer shows that count. */
  function streamed(call: Call, response: Response): Response {
    const onEnd = () => session.endBody(call);
    // The meter counts a broken stream a moment later, so the call stays allowed for the rest of the session.
    const onBreak = () => session.lose(call);
    return watchBody(response, { onEnd, onBreak });
  }

  return async (input, init) => {
    const request = new Request(input, init);
    const again = request.clone();
    const { call, voucher } = await session.begin();
    let last = await send(call, request, voucher);
    try {
      const due = await dueOf(last, parameters.licenseId);
      const covering = due && (await session.cover(call, due));
      if (covering) last = await send(call, again, covering);
      return last;
    } finally {
      if (last.status === 402) session.end(call);
    }
  };
}

/** An answer to HEAD has no body. Its header has the count too. */
async function dueOf(response: Response, licenseId: bigint): Promise<VoucherDue | undefined> {
  const used = response.body ? undefined : readCount(response.headers.get(USED_HEADER));
  return used === undefined ? await readVoucherDue(response) : { licenseId, used };
}
