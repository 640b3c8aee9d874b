import type { Client } from "@benefit-grid/sdk";
import { Contract } from "ethers";
import type { ServedOffer } from "../gateway/license.ts";
import type { Currency } from "./status.ts";

const ERC20 = ["function symbol() view returns (string)", "function decimals() view returns (uint8)"];

/** The offers' currencies, by address. */
export async function readCurrencies(
  client: Client,
  served: ReadonlyMap<bigint, ServedOffer>,
): Promise<ReadonlyMap<string, Currency>> {
  const tokens = new Set([...served.values()].map(({ currency }) => currency));
  const currencies = await Promise.all(
    [...tokens].map(async (token) => {
      const contract = new Contract(token, ERC20, client.provider);
      const [symbol, decimals] = await Promise.all([
        contract.getFunction("symbol")(),
        contract.getFunction("decimals")(),
      ]);
      return [token, { token, symbol: String(symbol), decimals: Number(decimals) }] as const;
    }),
  );
  return new Map(currencies);
}
