import { AbiCoder, type FunctionFragment, keccak256 } from "ethers";
import {
  type ContractName,
  type FunctionName,
  type Hex,
  type Inputs,
  interfaceOf,
  type Outputs,
} from "./abi.ts";
import { checkHex } from "./check.ts";
import { defineWrite, type WriteAction, type WriteDefinition } from "./write.ts";

/** How to pay for an action. */
export type Payment = {
  /**
   * From `signPermit`, `signPaymentAuthorization` or `signPermit2`. Without it, the router takes the caller's
   * allowance (`approvePayment`).
   */
  readonly authorization?: Hex;
};

export function encodeAuthorization({ authorization = "0x" }: Payment): Hex {
  return checkHex("authorization", authorization);
}

/** A write with a payment: its last argument is the authorization. */
export interface PaidAction<Parameters, Result, Simulated>
  extends WriteAction<Parameters, Result, Simulated> {
  /** The purpose for `signPaymentAuthorization` and `signPermit2`: this function with these arguments. */
  purpose(parameters: Parameters): Hex;
}

/** The arguments must be the same for every sender. */
type PaidDefinition<C extends ContractName, M extends FunctionName<C>, Parameters, Result> = WriteDefinition<
  C,
  M,
  Parameters,
  Result
> & { readonly args: (parameters: Parameters) => Inputs<C, M> };

export function definePaid<C extends ContractName, M extends FunctionName<C>, Parameters, Result>(
  definition: PaidDefinition<C, M, Parameters, Result>,
): PaidAction<Parameters, Result, Outputs<C, M>> {
  const purpose = (parameters: Parameters) => purposeOf(definition, parameters);
  return Object.assign(defineWrite(definition), { purpose });
}

/** `keccak256(abi.encode(selector, arguments))`, as in the contracts. */
function purposeOf<C extends ContractName, M extends FunctionName<C>, Parameters>(
  { contract, method, args }: PaidDefinition<C, M, Parameters, unknown>,
  parameters: Parameters,
): Hex {
  const fragment = interfaceOf(contract).getFunction(method) as FunctionFragment;
  const values = [fragment.selector, ...(args(parameters) as readonly unknown[]).slice(0, -1)];
  const types = ["bytes4", ...fragment.inputs.slice(0, -1)];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}
