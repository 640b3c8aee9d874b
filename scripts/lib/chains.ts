import { isLocalChain } from "../../sdk/src/metering/developmentKeys.ts";

/** Public test chains, by https://chainlist.org. */
const TEST_CHAINS: readonly bigint[] = [
  11_155_111n, // Sepolia
  560_048n, // Hoodi
  84_532n, // Base Sepolia
  11_155_420n, // OP Sepolia
  421_614n, // Arbitrum Sepolia
  80_002n, // Polygon Amoy
];

/** Whether the money of a chain is worthless. */
export function isTestChain(chainId: bigint): boolean {
  return isLocalChain(chainId) || TEST_CHAINS.includes(chainId);
}
