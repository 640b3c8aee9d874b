import { ZeroAddress } from "ethers";
import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type PreferCurrencyParameters = {
  readonly championId: bigint;
  /** An accepted ERC-20 token, see `getCurrencies`. @default the standard currency */
  readonly token?: AddressInput;
};
export type PreferCurrencyReturnType = Sent;

/**
 * Sets the currency of a champion's next lots. Only its operator may call.
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
