import { isError } from "ethers";
import {
  AbortedError,
  ChainChangedError,
  ContractRevertError,
  type FailedCall,
  GridError,
  InsufficientFundsError,
  NodeUnreachableError,
  NonceUsedError,
  TimeoutError,
  TransactionCanceledError,
  UserRejectedError,
} from "../errors.ts";
import { layersOf } from "./layers.ts";
import { revertOf } from "./revert.ts";

/** Awaits a call. Failures of contract, node and wallet become errors of this package. */
export async function explained<T>(promise: Promise<T>, call: FailedCall = {}): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw failureOf(error, call) ?? error;
  }
}

/** The error of this package for an error of a node, a wallet or ethers. Undefined if it is none that we know. */
export function failureOf(error: unknown, call: FailedCall): GridError | undefined {
  if (error instanceof GridError) return located(error, call);
  return revertOf(error, call) ?? failureWithoutRevert(error, call);
}

/** The end of a limit with the call that it ended. */
function located(error: GridError, call: FailedCall): GridError {
  if (error.contract !== undefined) return error;
  if (error instanceof TimeoutError) return new TimeoutError(error.request, error.timeout, call);
  return error instanceof AbortedError ? new AbortedError(error.cause, call) : error;
}

/** A wallet's refusal (EIP-1193). */
const USER_REJECTED = 4001;
const UNREACHABLE = new Set([
  "NETWORK_ERROR",
  "SERVER_ERROR",
  "TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
]);

/** The words of nodes that have no code for it. */
const NO_FUNDS = /(insufficient|enough) funds/i;

function failureWithoutRevert(error: unknown, call: FailedCall): GridError | undefined {
  for (const { code, event, message } of layersOf(error)) {
    if (code === "ACTION_REJECTED" || code === USER_REJECTED) return new UserRejectedError(call, error);
    if (code === "INSUFFICIENT_FUNDS" || NO_FUNDS.test(String(message)))
      return new InsufficientFundsError(call, error);
    if (code === "NONCE_EXPIRED" || code === "REPLACEMENT_UNDERPRICED")
      return new NonceUsedError(call, error);
    if (code === "NETWORK_ERROR" && event === "changed") return new ChainChangedError(call, error);
    if (typeof code === "string" && UNREACHABLE.has(code)) return new NodeUnreachableError(call, error);
  }
  if (isError(error, "TRANSACTION_REPLACED")) return new TransactionCanceledError(error.hash, call, error);
  // Without data, for example by a missing function or by a lack of gas.
  if (isError(error, "CALL_EXCEPTION"))
    return new ContractRevertError({ name: "UnknownRevert", args: { data: "0x" } }, error, call);
  return undefined;
}
