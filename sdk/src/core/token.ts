import { isError, type TypedDataDomain } from "ethers";
import type { Client } from "../client.ts";
import { ContractNotFoundError, ContractRevertError, NotTokenError } from "../errors.ts";
import type { Address, FunctionName, Inputs, Output } from "./abi.ts";
import { readAt, readRaw } from "./read.ts";

type TokenView = FunctionName<"TestUSD">;

/**
 * Reads a token with the payment methods of USDC, like our test token.
 *
 * @throws {@link NotTokenError} if the contract lacks the function, or there is none
 */
export async function readToken<M extends TokenView>(
  client: Client,
  token: Address,
  method: M,
  args: Inputs<"TestUSD", M>,
): Promise<Output<"TestUSD", M>> {
  try {
    return await readAt(client, "TestUSD", token, method, args);
  } catch (error) {
    if (lacksFunction(error)) throw new NotTokenError(token, method, error);
    throw error;
  }
}

/** The same, or undefined for a token without the function. */
export async function readTokenOr<M extends TokenView>(
  client: Client,
  token: Address,
  method: M,
  args: Inputs<"TestUSD", M>,
): Promise<Output<"TestUSD", M> | undefined> {
  return await orUndefined(readToken(client, token, method, args));
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotTokenError) return undefined;
    throw error;
  }
}

/** Not a failure of the node, which would mean nothing about the contract. */
function lacksFunction(error: unknown): boolean {
  if (error instanceof ContractNotFoundError || error instanceof ContractRevertError) return true;
  return isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA") || isError(error, "BUFFER_OVERRUN");
}

/** The domain of a token's signatures: from ERC-5267, or else from name and version as for USDC. */
export async function tokenDomain(client: Client, token: Address): Promise<TypedDataDomain> {
  const described = await readTokenOr(client, token, "eip712Domain", []);
  const { name, version } = described ?? {
    name: await readToken(client, token, "name", []),
    version: (await constantOf(client, token, "version", "string")) ?? "1",
  };
  return { name, version, chainId: client.chainId, verifyingContract: token };
}

/** A constant that our test token lacks, or undefined. */
export async function constantOf(
  client: Client,
  token: Address,
  name: string,
  type: "string" | "bytes32",
): Promise<string | undefined> {
  try {
    return await readRaw(client, token, `function ${name}() view returns (${type})`);
  } catch (error) {
    if (lacksFunction(error)) return undefined;
    throw error;
  }
}
