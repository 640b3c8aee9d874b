import { addressOf, type Client, checkCall } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { failureOf } from "../core/failure.ts";
import { revertOf } from "../core/revert.ts";
import { ContractRevertError, NotFoundError } from "../errors.ts";
import { type Call, checkCalls, type DecodedCall, decodeCall, type FullCall } from "./calls.ts";

export type SimulateProposalParameters = { readonly calls: readonly Call[] };
export type SimulateProposalReturnType = {
  /** Whether no tried call fails. */
  readonly ok: boolean;
  /** Number of calls tried. With 0, `ok` says nothing. */
  readonly tried: number;
  /** True if each call was tried after the ones before it, false if each was tried alone. */
  readonly inSequence: boolean;
  readonly calls: readonly (DecodedCall & {
    /** `untried`: the governor accepts calls to itself only while it executes a proposal. */
    readonly outcome: "succeeds" | "fails" | "untried";
    /** Reason for the failure. */
    readonly error?: Error;
  })[];
};

type Result = { readonly outcome: "succeeds" | "fails"; readonly error?: Error };

/**
 * Tries a proposal's calls now, as the timelock, without a transaction. In sequence if the node has
 * `eth_simulateV1`, otherwise each alone.
 *
 * @throws {@link InvalidParameterError} for no calls or a malformed one
 * @example
 * ```ts
 * const { ok, calls } = await simulateProposal(client, { calls: [callToAdmitLedger(client, { ledger })] });
 * for (const { error } of calls) if (error) console.log(error.message);
 * ```
 */
export async function simulateProposal(
  client: Client,
  parameters: SimulateProposalParameters,
): Promise<SimulateProposalReturnType> {
  checkCall(client, parameters);
  const calls = checkCalls(parameters.calls);
  const governor = client.addresses.GridGovernor;
  const tried = calls.filter(({ target }) => target !== governor);
  const sequence = await inSequence(client, tried);
  const results = sequence ?? (await eachAlone(client, tried));
  const judged = await Promise.all(
    calls.map(async (call) => ({
      ...decodeCall(client, call),
      ...((await missingContract(client, call)) ??
        results[tried.indexOf(call)] ??
        ({ outcome: "untried" } as const)),
    })),
  );
  return {
    ok: judged.every(({ outcome }) => outcome !== "fails"),
    tried: judged.filter(({ outcome }) => outcome !== "untried").length,
    inSequence: sequence !== undefined,
    calls: judged,
  };
}

/** An address without code accepts every call and does nothing. That is a mistake. */
async function missingContract(client: Client, { target, data }: FullCall): Promise<Result | undefined> {
  if (data === "0x" || (await client.provider.getCode(target)) !== "0x") return undefined;
  return { outcome: "fails", error: new NotFoundError("contract at", target, "Check the address") };
}

/** Undefined on any error: the caller then tries each call alone, which reports other failures. */
async function inSequence(client: Client, calls: readonly FullCall[]): Promise<Result[] | undefined> {
  const provider = client.provider as { send?(method: string, params: unknown[]): Promise<unknown> };
  if (!provider.send) return undefined;
  const from = addressOf(client, "GridTimelock");
  const requests = calls.map((call) => requestOf(from, call));
  try {
    const answer = await provider.send("eth_simulateV1", [
      { blockStateCalls: [{ calls: requests }] },
      "latest",
    ]);
    const results = (answer as [{ calls: SimulatedCall[] }])[0].calls;
    return results.length === calls.length ? results.map(resultOf) : undefined;
  } catch {
    return undefined;
  }
}

type SimulatedCall = { status: Hex; returnData?: Hex; error?: { message: string; data?: Hex } };

function requestOf(from: Address, { target, value, data }: FullCall) {
  return { from, to: target, data, value: `0x${value.toString(16)}` };
}

/** Some nodes return a revert's data in the error, some in the result. */
function resultOf({ status, error, returnData = "0x" }: SimulatedCall): Result {
  if (BigInt(status) === 1n) return { outcome: "succeeds" };
  const revert = revertOf(error) ?? (returnData === "0x" ? undefined : revertOf({ data: returnData }));
  return { outcome: "fails", error: revert ?? new Error(error?.message ?? "The call failed.") };
}

async function eachAlone(client: Client, calls: readonly FullCall[]): Promise<Result[]> {
  const from = addressOf(client, "GridTimelock");
  return await Promise.all(
    calls.map(async ({ target, value, data }): Promise<Result> => {
      try {
        await client.provider.call({ from, to: target, value, data });
        return { outcome: "succeeds" };
      } catch (error) {
        const failure = failureOf(error, {});
        if (!(failure instanceof ContractRevertError)) throw failure ?? error;
        return { outcome: "fails", error: failure };
      }
    }),
  );
}
