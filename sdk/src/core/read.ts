import { type FunctionFragment, Interface } from "ethers";
import { addressOf, type Client } from "../client.ts";
import { ContractNotFoundError, NotFoundError } from "../errors.ts";
import {
  type Address,
  type AddressInput,
  type ContractName,
  type FunctionName,
  type Inputs,
  interfaceOf,
  named,
  type Output,
} from "./abi.ts";
import { explained } from "./failure.ts";
import { callTogether } from "./multicall.ts";

/** Calls a view function at a block, by default the newest. Returns several values by name. */
export async function read<C extends ContractName, M extends FunctionName<C>>(
  client: Client,
  contract: C,
  method: M,
  args: Inputs<C, M>,
  blockTag: number | "latest" = "latest",
): Promise<Output<C, M>> {
  return await readAt(client, contract, addressOf(client, contract), method, args, blockTag);
}

/** The same for a contract that the deployment does not list. */
export async function readAt<C extends ContractName, M extends FunctionName<C>>(
  client: Client,
  contract: C,
  to: Address,
  method: M,
  args: Inputs<C, M>,
  blockTag: number | "latest" = "latest",
): Promise<Output<C, M>> {
  const abi = interfaceOf(contract);
  const data = abi.encodeFunctionData(method, args);
  const call = callTogether(client, { to, data, blockTag });
  const result = await explained(call, { contract, function: method });
  const outputs = abi.getFunction(method)?.outputs ?? [];
  if (result === "0x" && outputs.length > 0) {
    throw new ContractNotFoundError(client.chainId, { [contract]: to });
  }
  const values = named(outputs, abi.decodeFunctionResult(method, result));
  return (outputs.length === 1 ? Object.values(values)[0] : values) as Output<C, M>;
}

/** Calls a view without parameters of any contract. Returns its only value. */
export async function readRaw<T>(client: Client, to: Address, signature: string): Promise<T> {
  const abi = new Interface([signature]);
  const [fragment] = abi.fragments as FunctionFragment[];
  const { name } = fragment as FunctionFragment;
  const data = abi.encodeFunctionData(name);
  const result = await explained(client.provider.call({ to, data }), { function: name });
  return abi.decodeFunctionResult(name, result)[0];
}

/** An account with a delegation of EIP-7702 still signs by its key: it counts as no contract. */
export async function isContract(client: Client, account: AddressInput): Promise<boolean> {
  const code = await explained(client.provider.getCode(account));
  return code !== "0x" && !code.startsWith("0xef0100");
}

/** Contracts that count ids from 1, and the last id of each. */
type Counter = { readonly contract: ContractName; readonly last: string };
const COUNTERS = {
  capsule: { contract: "CapsuleRegistry", last: "lastCapsuleId" },
  champion: { contract: "ChampionRegistry", last: "lastChampionId" },
  funding: { contract: "SubnetHub", last: "lastFundingId" },
  license: { contract: "LicenseNFT", last: "lastLicenseId" },
  offer: { contract: "TermsRegistry", last: "lastOfferId" },
  programme: { contract: "Commons", last: "lastProgrammeId" },
} as const satisfies Record<string, Counter>;

/**
 * For views that answer zeros for an id that was never given. A license keeps its id after closing.
 *
 * @throws {@link NotFoundError}
 */
export async function checkExists(client: Client, kind: keyof typeof COUNTERS, id: bigint): Promise<void> {
  const { contract, last } = COUNTERS[kind];
  const lastId = BigInt(await read(client, contract, last as never, [] as never));
  if (id === 0n || id > lastId) throw new NotFoundError(kind, id);
}

/** A block's timestamp, by default the newest block's. */
export async function timeAt(client: Client, blockTag: number | "latest" = "latest"): Promise<bigint> {
  const block = await explained(client.provider.getBlock(blockTag));
  if (!block)
    throw new NotFoundError("block", String(blockTag), "Wait until the node has synced, or use another node");
  return BigInt(block.timestamp);
}
