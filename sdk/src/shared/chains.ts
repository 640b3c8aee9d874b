// Imports nothing: scripts use it before the SDK's code is generated.

/** Hardhat's, Anvil's and Ganache's default chain ids. */
const LOCAL_CHAINS: readonly bigint[] = [31_337n, 1_337n];

/** Public test chains, by https://chainlist.org. */
const TEST_CHAINS: readonly bigint[] = [
  11_155_111n, // Sepolia
  560_048n, // Hoodi
  84_532n, // Base Sepolia
  11_155_420n, // OP Sepolia
  421_614n, // Arbitrum Sepolia
  80_002n, // Polygon Amoy
];

/** Whether a chain is a development node's. */
export function isLocalChain(chainId: bigint): boolean {
  return LOCAL_CHAINS.includes(chainId);
}

/** Whether the money of a chain is worthless. */
export function isTestChain(chainId: bigint): boolean {
  return isLocalChain(chainId) || TEST_CHAINS.includes(chainId);
}
