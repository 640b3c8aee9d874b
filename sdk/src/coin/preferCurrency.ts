import { ZeroAddress } from "ethers";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type PreferCurrencyParameters = {
  readonly championId: bigint;
  /** ERC-20 token that governance accepts, see `getCurrencies`; the standard one unless given. */
  readonly token?: AddressInput;
};
export type PreferCurrencyReturnType = Sent;

/**
 * Says which currency a champion's lots shall be sold for, from the next one on. Only its operator may.
 *
 * @throws {@link InvalidParameterError} for a malformed id or address
 * @throws {@link ContractRevertError} `ChampionNonexistent`, `CallerNotSaleOperator`, `CurrencyNotAccepted`
 * @example
 * ```ts
 * await preferCurrency(client, { championId: 1n, token: currency });
 * ```
 */
export const preferCurrency = defineWrite({
  contract: "CoinSale",
  method: "preferCurrency",
  args: ({ championId, token = ZeroAddress }: PreferCurrencyParameters) => [
    checkUint("championId", championId, 32),
    checkAddress("token", token),
  ],
  result: () => ({}),
});
