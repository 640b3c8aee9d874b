import type { Address, Client, Hex } from "@benefit-grid/sdk";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { Interface, type InterfaceAbi, type Signer, verifyTypedData } from "ethers";
import type { Turns } from "../inTurn.ts";

type Call = {
  readonly address: Hex;
  readonly abi: readonly unknown[];
  readonly functionName: string;
  readonly args?: readonly unknown[];
};

/** An ethers signer for the facilitator schemes of `@x402/evm`. */
export async function toFacilitatorSigner(
  { provider }: Client,
  { signer, confirmations, queue }: { signer: Signer; confirmations: number; queue: Turns },
) {
  const address = (await signer.getAddress()) as Address;
  const send = (to: Hex, data: Hex) =>
    // Transactions prepared at the same time would take the same nonce.
    queue(async () => (await signer.sendTransaction({ to, data })).hash as Hex);

  return toFacilitatorEvmSigner({
    address,
    getCode: async ({ address: account }) => (await provider.getCode(account)) as Hex,
    async readContract(call) {
      const { abi, fragment, data } = encoded(call);
      const values = abi.decodeFunctionResult(
        fragment,
        await provider.call({ from: address, to: call.address, data }),
      );
      return values.length === 1 ? values[0] : values;
    },
    writeContract: (call) => send(call.address, encoded(call).data),
    sendTransaction: ({ to, data }) => send(to, data),
    async verifyTypedData({ address: account, domain, types, message, signature }) {
      const { EIP712Domain: _, ...own } = types as Record<string, { name: string; type: string }[]>;
      return verifyTypedData(domain, own, message, signature).toLowerCase() === account.toLowerCase();
    },
    async waitForTransactionReceipt({ hash, timeout }) {
      const receipt = await provider.waitForTransaction(hash, confirmations, timeout);
      if (!receipt) throw new Error(`Transaction ${hash} is not confirmed yet.`);
      // It reads address, topics and data.
      return { status: receipt.status === 1 ? "success" : "reverted", logs: receipt.logs as never };
    },
  });
}

function encoded({ abi, functionName, args = [] }: Call) {
  const contract = new Interface(abi as InterfaceAbi);
  const fragment = contract.getFunction(functionName, [...args]);
  if (!fragment) throw new TypeError(`The ABI has no ${functionName} with ${args.length} arguments.`);
  return { abi: contract, fragment, data: contract.encodeFunctionData(fragment, args) as Hex };
}
