import { FunctionFragment, Interface } from "ethers";
import type { AddressInput, Hex } from "../core/abi.ts";
import { checkAddress } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import type { ReadyCall } from "./calls.ts";

export type CallToFunctionParameters = {
  readonly target: AddressInput;
  /** As Solidity has it: `setVotingDelay(uint48)`. */
  readonly function: string;
  readonly args: readonly unknown[];
};
export type CallToFunctionReturnType = ReadyCall;

/**
 * Any call, to be proposed.
 *
 * @throws {@link InvalidParameterError} for a malformed address or function, or arguments that don't fit it
 * @example
 * ```ts
 * const call = callToFunction({ target: account, function: "setVotingDelay(uint48)", args: [86_400n] });
 * ```
 */
export function callToFunction(parameters: CallToFunctionParameters): CallToFunctionReturnType {
  const target = checkAddress("target", parameters.target);
  const fragment = parse(parameters.function);
  const summary = `Call ${fragment.format()} of ${target}`;
  try {
    for (const [i, input] of fragment.inputs.entries()) input.walk(parameters.args[i], checkBoolean);
    const data = new Interface([fragment]).encodeFunctionData(fragment, parameters.args) as Hex;
    return { target, data, summary };
  } catch (error) {
    const problem = `don't fit ${fragment.format()}`;
    throw new InvalidParameterError("args", problem, error instanceof Error ? error.message : String(error));
  }
}

/** Otherwise any text would be encoded as true, "false" and "0" as well. */
function checkBoolean(type: string, value: unknown): unknown {
  if (type !== "bool" || typeof value === "boolean") return value;
  throw new TypeError(`A bool is true or false; got ${JSON.stringify(String(value))}`);
}

function parse(text: string): FunctionFragment {
  try {
    return FunctionFragment.from(`function ${text.replace(/^function /, "")}`);
  } catch {
    const advice = "Write its name and its types, such as setVotingDelay(uint48)";
    throw new InvalidParameterError("function", `is ${text}, not a function`, advice);
  }
}
