import type { Client } from "../client.ts";
import {
  type Address,
  type AddressInput,
  type ContractName,
  type FunctionName,
  type Hex,
  type Inputs,
  interfaceOf,
  named,
} from "../core/abi.ts";
import { checkAddress, checkHex, checkNotEmpty, checkUint } from "../core/check.ts";
import { abis } from "../generated/index.ts";

/** A call for the timelock. */
export type Call = {
  readonly target: AddressInput;
  readonly data: Hex;
  /** Wei to send. @default 0n */
  readonly value?: bigint;
};

/** A call ready for a proposal, with a sentence to describe it. */
export type ReadyCall = { readonly target: Address; readonly data: Hex; readonly summary: string };

/** A decoded call. With an unknown target or function it has only target and data. */
export type DecodedCall = {
  readonly target: Address;
  readonly data: Hex;
  readonly value: bigint;
  /** The target's name in the deployment. */
  readonly contract?: ContractName;
  readonly function?: string;
  /** Arguments by name. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** Calls among the arguments, such as those of `relay` or `scheduleBatch`. */
  readonly inner?: readonly DecodedCall[];
};

/** A call with all fields. */
export type FullCall = { readonly target: Address; readonly data: Hex; readonly value: bigint };

export function checkCalls(calls: readonly Call[]): FullCall[] {
  return checkNotEmpty("calls", calls).map(({ target, data, value = 0n }, i) => ({
    target: checkAddress(`calls[${i}].target`, target),
    data: checkHex(`calls[${i}].data`, data),
    value: checkUint(`calls[${i}].value`, value, 256),
  }));
}

/** Encodes a call of one of the deployment's contracts. */
export function readyCall<C extends ContractName, M extends FunctionName<C>>(
  target: Address,
  contract: C,
  method: M,
  args: Inputs<C, M>,
  summary: string,
): ReadyCall {
  return { target, data: interfaceOf(contract, abis).encodeFunctionData(method, args) as Hex, summary };
}

/** Calls inside calls are decoded to this depth. */
const MAX_DEPTH = 4;

export function decodeCall(client: Client, call: Call, depth = 0): DecodedCall {
  const { addresses } = client;
  const raw = { target: checkAddress("target", call.target), data: call.data, value: call.value ?? 0n };
  const found = Object.entries(addresses).find(([, address]) => address === raw.target);
  if (!found) return raw;
  const contract = found[0] as ContractName;
  const decoded = decodeData(contract, call.data);
  const calls = depth < MAX_DEPTH ? innerCalls(decoded.args ?? {}) : [];
  const inner = calls.map((one) => decodeCall(client, one, depth + 1));
  return { ...raw, contract, ...decoded, ...(inner.length > 0 && { inner }) };
}

type CallArguments = {
  readonly target?: Address;
  readonly value?: bigint;
  readonly data?: Hex;
  readonly payload?: Hex;
  readonly targets?: readonly Address[];
  readonly values?: readonly bigint[];
  readonly payloads?: readonly Hex[];
  readonly calldatas?: readonly Hex[];
  readonly calls?: readonly CallArguments[];
};

/** Calls among arguments, by their names in governor, timelock and guardian. */
function innerCalls(args: CallArguments): Call[] {
  const { target, value = 0n, targets, values = [], calls = [] } = args;
  const data = args.data ?? args.payload;
  if (target !== undefined && typeof data === "string") return [{ target, value, data }];
  const list = args.payloads ?? args.calldatas;
  if (targets && list)
    return targets.map((one, i) => ({ target: one, value: values[i] ?? 0n, data: list[i] ?? "0x" }));
  return calls.flatMap(innerCalls);
}

/** A deployment may name contracts without an ABI here. */
function decodeData(contract: ContractName, data: Hex): Pick<DecodedCall, "function" | "args"> {
  if (!(contract in abis)) return {};
  try {
    const parsed = interfaceOf(contract, abis).parseTransaction({ data });
    return parsed ? { function: parsed.name, args: named(parsed.fragment.inputs, parsed.args) } : {};
  } catch {
    return {};
  }
}
