import { ZeroAddress } from "ethers";
import { addressOf, type Client, checkCall } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { type ReadyCall, readyCall } from "./calls.ts";

export type CallToSetSectorShareParameters = {
  /** The sector's number in offers. */
  readonly sector: bigint;
  /** Basis points of what applications leave of the platform's part, at most 5,000. */
  readonly bps: bigint;
  /** Earns the part, such as the feed of a subnet. Needed unless `bps` is 0. */
  readonly account?: AddressInput;
};
export type CallToSetSectorShareReturnType = ReadyCall;

/**
 * Builds a call to set a sector's part of the platform's leg of future metered use, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed parameter
 * @example
 * ```ts
 * const { feed } = await getFeed(client, { subnetId: 1n });
 * const call = callToSetSectorShare(client, { sector: 1n, bps: 2_000n, account: feed });
 * ```
 */
export function callToSetSectorShare(
  client: Client,
  parameters: CallToSetSectorShareParameters,
): CallToSetSectorShareReturnType {
  const { sector, bps, account } = checkCall(client, parameters);
  const place = checkUint("sector", sector, 16);
  const part = checkUint("bps", bps, 16);
  const payee = checkAddress("account", account ?? (part === 0n ? ZeroAddress : ""));
  const summary =
    part === 0n
      ? `End sector ${place}'s part of the platform's leg`
      : `Pay ${payee} ${part} basis points of what applications leave of the platform's leg in sector ${place}`;
  const target = addressOf(client, "SettlementRouter");
  return readyCall(target, "SettlementRouter", "setSectorShare", [place, payee, part], summary);
}
