import type { Provider } from "ethers";

/** Fees of a transaction by EIP-1559, base units of the chain's coin for a unit of gas. */
export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** The node's present fees, at most `most`. */
export async function currentFees(provider: Provider, most: bigint): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = await provider.getFeeData();
  const fee = maxFeePerGas ?? gasPrice ?? most;
  return capped({ maxFeePerGas: fee, maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0n }, most);
}

/** Fees that replace a waiting transaction: nodes want at least a tenth more of both. Undefined above `most`. */
export function raisedFees(fees: Fees, current: Fees, most: bigint): Fees | undefined {
  const raised = {
    maxFeePerGas: larger(raise(fees.maxFeePerGas), current.maxFeePerGas),
    maxPriorityFeePerGas: larger(raise(fees.maxPriorityFeePerGas), current.maxPriorityFeePerGas),
  };
  return raised.maxFeePerGas > most ? undefined : capped(raised, most);
}

/** 12.5 % more, rounded up. */
function raise(fee: bigint): bigint {
  return (fee * 9n) / 8n + 1n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function capped({ maxFeePerGas, maxPriorityFeePerGas }: Fees, most: bigint): Fees {
  const fee = maxFeePerGas < most ? maxFeePerGas : most;
  return {
    maxFeePerGas: fee,
    maxPriorityFeePerGas: maxPriorityFeePerGas < fee ? maxPriorityFeePerGas : fee,
  };
}
