import { AbiCoder, dataSlice, ErrorFragment, isHexString } from "ethers";
import { ContractRevertError } from "../errors.ts";
import { abis } from "../generated/index.ts";
import { FOREIGN_ERRORS, type Hex, named, type Revert } from "./abi.ts";

let fragments: Map<string, ErrorFragment> | undefined;

function fragmentsBySelector(): Map<string, ErrorFragment> {
  if (!fragments) {
    const items = [...Object.values(abis).flat(), ...FOREIGN_ERRORS].filter(({ type }) => type === "error");
    const errors = items.map((item) => ErrorFragment.from(item));
    fragments = new Map(errors.map((error) => [error.selector, error]));
  }
  return fragments;
}

/** Awaits a call and decodes its revert as a `ContractRevertError`. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw revertOf(error) ?? error;
  }
}

/** Decodes an error of a node, a wallet or ethers, if it holds the data of a revert. */
export function revertOf(error: unknown): ContractRevertError | undefined {
  if (error instanceof ContractRevertError) return error;
  const data = findData(error, 0);
  return data === undefined ? undefined : new ContractRevertError(decodeRevert(data), error);
}

const MAX_DEPTH = 5;

/** Libraries wrap the node's error in their own. One of the layers has the revert's data. */
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

/** Decodes a revert's data, such as the reason inside of another error. */
export function decodeRevert(data: Hex): Revert {
  const fragment = fragmentsBySelector().get(data.slice(0, 10));
  try {
    if (fragment) return { name: fragment.name, args: argsOf(fragment, data) } as Revert;
  } catch {
    // Another error with the same first four bytes.
  }
  return { name: "UnknownRevert", args: { data } };
}

function argsOf({ inputs }: ErrorFragment, data: Hex): object {
  return named(inputs, AbiCoder.defaultAbiCoder().decode(inputs, dataSlice(data, 4)));
}
