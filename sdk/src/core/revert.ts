import { AbiCoder, dataSlice, ErrorFragment, isHexString } from "ethers";
import { ContractRevertError } from "../errors.ts";
import { abis } from "../generated/index.ts";
import { BUILTIN_ERRORS, type Hex, named, type Revert } from "./abi.ts";

let fragments: Map<string, ErrorFragment> | undefined;

function fragmentsBySelector(): Map<string, ErrorFragment> {
  if (!fragments) {
    const items = [...Object.values(abis).flat(), ...BUILTIN_ERRORS].filter(({ type }) => type === "error");
    const errors = items.map((item) => ErrorFragment.from(item));
    fragments = new Map(errors.map((error) => [error.selector, error]));
  }
  return fragments;
}

/** Waits for a call and turns its revert into a `ContractRevertError`. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw revertOf(error) ?? error;
  }
}

/** What a node, a wallet or ethers threw, as a `ContractRevertError` if it tells how the contract reverted. */
export function revertOf(error: unknown): ContractRevertError | undefined {
  if (error instanceof ContractRevertError) return error;
  const data = findData(error, 0);
  return data === undefined ? undefined : new ContractRevertError(decode(data), error);
}

const MAX_DEPTH = 5;

/** Each library wraps the node's error in one of its own; the revert's data is in one of them. */
function findData(value: unknown, depth: number): Hex | undefined {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return undefined;
  const { data, error, info, cause } = value as Record<string, unknown>;
  if (isHexString(data)) return data as Hex;
  for (const inner of [data, error, info, cause]) {
    const found = findData(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function decode(data: Hex): Revert {
  const fragment = fragmentsBySelector().get(data.slice(0, 10));
  try {
    if (fragment) return { name: fragment.name, args: argsOf(fragment, data) } as Revert;
  } catch {
    // Another error happens to begin with the same four bytes.
  }
  return { name: "UnknownRevert", args: { data } };
}

function argsOf({ inputs }: ErrorFragment, data: Hex): object {
  return named(inputs, AbiCoder.defaultAbiCoder().decode(inputs, dataSlice(data, 4)));
}
