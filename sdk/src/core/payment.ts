import { AbiCoder, dataLength, dataSlice, keccak256 } from "ethers";
import type { Client } from "../client.ts";
import {
  ContractRevertError,
  type GridError,
  NotTokenError,
  PermitExpiredError,
  PermitTooSmallError,
} from "../errors.ts";
import {
  type AddressInput,
  type ContractName,
  type FunctionName,
  functionOf,
  type Hex,
  type Inputs,
  type KnownFunction,
  type Outputs,
} from "./abi.ts";
import { checkAddress, checkHex, checkParameters } from "./check.ts";
import { PAYMENT_METHOD } from "./paymentMethod.ts";
import { timeAt } from "./read.ts";
import { readToken } from "./token.ts";
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
> & {
  readonly args: (parameters: Parameters) => Inputs<C, M>;
  /** Token and amount, if the parameters have them. */
  readonly token?: (parameters: Parameters) => AddressInput;
  readonly amount?: (parameters: Parameters) => bigint;
};

export function definePaid<
  C extends ContractName,
  M extends FunctionName<C>,
  Parameters extends Payment,
  Result,
>(definition: PaidDefinition<C, M, Parameters, Result>): PaidAction<Parameters, Result, Outputs<C, M>> {
  const purpose = (parameters: Parameters) => purposeOf(definition, checkParameters(parameters));
  const check = async (parameters: Parameters, client: Client) => {
    await definition.check?.(parameters, client);
    await checkAuthorization(client, parameters, definition.amount?.(parameters));
  };
  const explain = async (error: unknown, parameters: Parameters, client: Client) =>
    permitError(error, parameters) ?? (await tokenError(client, error, definition.token?.(parameters)));
  return Object.assign(defineWrite({ ...definition, check, explain }), { purpose });
}

/** Refuses an authorization that cannot be enough. */
async function checkAuthorization(client: Client, { authorization }: Payment, amount = 0n): Promise<void> {
  const decoded = decodeAuthorization(authorization);
  if (!decoded) return;
  const { validUntil, value } = decoded;
  if (validUntil < (await timeAt(client))) throw new PermitExpiredError(validUntil, {});
  if (value !== undefined && value < amount) throw new PermitTooSmallError(value, amount, {});
}

/** The router ignores a failed permit. Then the token finds too small an allowance. */
function permitError(error: unknown, { authorization }: Payment): GridError | undefined {
  const decoded = decodeAuthorization(authorization);
  if (!decoded || !(error instanceof ContractRevertError)) return undefined;
  if (EXPIRED.includes(error.name)) return new PermitExpiredError(decoded.validUntil, error, error);
  if (error.name !== "ERC20InsufficientAllowance" || decoded.value === undefined) return undefined;
  const { needed } = error.args;
  return decoded.value < needed ? new PermitTooSmallError(decoded.value, needed, error, error) : undefined;
}

const EXPIRED: readonly string[] = [
  "ERC2612ExpiredSignature",
  "ERC3009InvalidAuthorizationTime",
  "SignatureExpired",
];

/** A contract that is no token fails in any way. The router's own error for an account without code is clear. */
async function tokenError(
  client: Client,
  error: unknown,
  token: AddressInput | undefined,
): Promise<GridError | undefined> {
  if (token === undefined || !(error instanceof ContractRevertError)) return undefined;
  if (error.name === "PaymentTokenNotContract") return undefined;
  const place = checkAddress("token", token);
  try {
    await readToken(client, place, "allowance", [place, place]);
  } catch (reason) {
    if (reason instanceof NotTokenError) return reason;
  }
  return undefined;
}

type DecodedAuthorization = {
  /** Last second of its validity, since 1970. */
  readonly validUntil: bigint;
  /** Base units of a permit. Others hide the amount in their signature. */
  readonly value?: bigint;
};

/** Undefined for no authorization, or a malformed one: the router refuses it. */
function decodeAuthorization(authorization: Hex = "0x"): DecodedAuthorization | undefined {
  if (dataLength(authorization) < PERMIT2_BYTES) return undefined;
  const word = (i: number) => BigInt(dataSlice(authorization, 32 * i, 32 * (i + 1)));
  if (word(0) === BigInt(PAYMENT_METHOD.Permit)) return { value: word(1), validUntil: word(2) };
  if (word(0) === BigInt(PAYMENT_METHOD.Permit2)) return { validUntil: word(3) };
  return { validUntil: word(3) - 1n };
}

const PERMIT2_BYTES = 4 * 32;

/** `keccak256(abi.encode(selector, arguments))`, as in the contracts. */
function purposeOf<C extends ContractName, M extends FunctionName<C>, Parameters>(
  { contract, method, args }: PaidDefinition<C, M, Parameters, unknown>,
  parameters: Parameters,
): Hex {
  const fragment = functionOf(`${contract}.${method}` as KnownFunction);
  const values = [fragment.selector, ...(args(parameters) as readonly unknown[]).slice(0, -1)];
  const types = ["bytes4", ...fragment.inputs.slice(0, -1)];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}
