import type { AnyVoucher } from "../shared/voucher.ts";
import { toHeader, USED_HEADER, VOUCHER_HEADER, voucherToMessage } from "./messages.ts";
import { createSession, type VoucherSessionParameters } from "./session.ts";
import { readVoucherDue } from "./voucherDue.ts";

export type WithVouchersParameters = VoucherSessionParameters;

/**
 * A `fetch` that pays by vouchers. Each request carries a voucher for all use so far. If the meter answers 402, because
 * it counted more, signs for its count within the limits and repeats the request once.
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
  return async (input, init) => {
    const request = new Request(input, init);
    const again = request.clone();
    const sent = await session.begin();
    try {
      const response = await fetch(withVoucher(request, sent));
      session.note(response.headers.get(USED_HEADER));
      if (response.status !== 402) return response;
      await session.refused();
      const due = await readVoucherDue(response);
      const voucher = due && (await session.cover(due));
      if (!voucher) return response;
      const second = await fetch(withVoucher(again, voucher));
      session.note(second.headers.get(USED_HEADER));
      if (second.status === 402) await session.refused();
      return second;
    } finally {
      session.end();
    }
  };
}

function withVoucher(request: Request, voucher: AnyVoucher): Request {
  request.headers.set(VOUCHER_HEADER, toHeader(voucherToMessage(voucher)));
  return request;
}
