import { AbiCoder, dataSlice, ErrorFragment, isHexString } from "ethers";
import { ContractRevertError, type FailedCall } from "../errors.ts";
import { FOREIGN_ERRORS, type Hex, loadedAbis, named, type Revert } from "./abi.ts";
import { layersOf } from "./layers.ts";

let fragments: { abis: object; bySelector: Map<string, ErrorFragment> } | undefined;

function fragmentsBySelector(): Map<string, ErrorFragment> {
  const abis = loadedAbis();
  if (fragments?.abis !== abis) {
    const ours = Object.values(abis).flatMap((lines) => lines.filter((line) => line.startsWith("error ")));
    const errors = [...new Set(ours), ...FOREIGN_ERRORS].map((item) => ErrorFragment.from(item));
    fragments = { abis, bySelector: new Map(errors.map((error) => [error.selector, error])) };
  }
  return fragments.bySelector;
}

/** Decodes an error of a node, a wallet or ethers, if it holds the data of a revert. */
export function revertOf(error: unknown, call: FailedCall = {}): ContractRevertError | undefined {
  if (error instanceof ContractRevertError) return error;
  for (const { data } of layersOf(error)) {
    if (isHexString(data)) return new ContractRevertError(decodeRevert(data as Hex), error, call);
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
