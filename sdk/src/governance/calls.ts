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
  return { target, data: interfaceOf(contract).encodeFunctionData(method, args) as Hex, summary };
}

export function decodeCall({ addresses }: Client, call: Call): DecodedCall {
  const raw = { target: checkAddress("target", call.target), data: call.data, value: call.value ?? 0n };
  const found = Object.entries(addresses).find(([, address]) => address === raw.target);
  if (!found) return raw;
  const contract = found[0] as ContractName;
  return { ...raw, contract, ...decodeData(contract, call.data) };
}

/** A deployment may name contracts without an ABI here. */
function decodeData(contract: ContractName, data: Hex): Pick<DecodedCall, "function" | "args"> {
  if (!(contract in abis)) return {};
  try {
    const parsed = interfaceOf(contract).parseTransaction({ data });
    return parsed ? { function: parsed.name, args: named(parsed.fragment.inputs, parsed.args) } : {};
  } catch {
    return {};
  }
}
