import { FunctionFragment, Interface } from "ethers";
import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress, checkParameters } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import type { ReadyCall } from "./calls.ts";

export type CallToFunctionParameters = {
  readonly target: AddressInput;
  /** Solidity signature: `setVotingDelay(uint48)`. */
  readonly function: string;
  readonly args: readonly unknown[];
};
export type CallToFunctionReturnType = ReadyCall;

/**
 * Builds a call to any function, for a proposal.
 *
 * @throws {@link InvalidParameterError} for a malformed address or function, or arguments of other types
 * @example
 * ```ts
 * const call = callToFunction({ target: account, function: "setVotingDelay(uint48)", args: [86_400n] });
 * ```
 */
export function callToFunction(parameters: CallToFunctionParameters): CallToFunctionReturnType {
  checkParameters(parameters);
  const target = checkAddress("target", parameters.target);
  const fragment = parse(parameters.function);
  const summary = `Call ${fragment.format()} of ${target}`;
  try {
    for (const [i, input] of fragment.inputs.entries()) input.walk(parameters.args[i], checkBoolean);
    const data = new Interface([fragment]).encodeFunctionData(fragment, parameters.args) as Hex;
    return { target, data, summary };
  } catch (error) {
    const problem = `do not fit ${fragment.format()}`;
    throw new InvalidParameterError("args", problem, error instanceof Error ? error.message : String(error));
  }
}

/** Without this, any text would be encoded as true, even "false" and "0". */
function checkBoolean(type: string, value: unknown): unknown {
  if (type !== "bool" || typeof value === "boolean") return value;
  throw new TypeError(`Pass true or false for a bool, not ${JSON.stringify(String(value))}`);
}

function parse(text: string): FunctionFragment {
  try {
    return FunctionFragment.from(`function ${text.replace(/^function /, "")}`);
  } catch {
    const advice = "Pass its name and types, such as setVotingDelay(uint48)";
    throw new InvalidParameterError("function", `is ${text}, not a function signature`, advice);
  }
}
