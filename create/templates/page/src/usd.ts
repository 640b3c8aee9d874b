import { formatUnits } from "viem";

/** An amount of the test currency, which has six decimals. */
export function usd(amount: bigint): string {
  return `$${formatUnits(amount, 6)}`;
}
