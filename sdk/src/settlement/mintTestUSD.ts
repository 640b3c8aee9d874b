import type { AddressInput } from "../core/abi.ts";
import { checkAddress, checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";
import { TestChainOnlyError } from "../errors.ts";
import { isTestChain } from "../shared/chains.ts";

export type MintTestUSDParameters = {
  /** The receiver. */
  readonly to: AddressInput;
  /** Base units: 1,000,000 are a test dollar. */
  readonly amount: bigint;
};
export type MintTestUSDReturnType = Sent;

/**
 * Mints worthless test dollars. Anyone may call, on test chains.
 *
 * @throws {@link TestChainOnlyError} on any other chain
 * @throws {@link InvalidParameterError} for a malformed address or amount, or a deployment without `TestUSD`
 * @example
 * ```ts
 * await mintTestUSD(client, { to: account, amount: 100_000_000n });
 * ```
 */
export const mintTestUSD = defineWrite({
  contract: "TestUSD",
  method: "mint",
  args: ({ to, amount }: MintTestUSDParameters, client) => {
    if (!isTestChain(client.chainId))
      throw new TestChainOnlyError(client.chainId, { contract: "TestUSD", function: "mint" });
    return [checkAddress("to", to), checkUint("amount", amount, 256, 1n)];
  },
  result: () => ({}),
});
