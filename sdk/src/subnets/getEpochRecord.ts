import { ZeroAddress } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Address } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";
import { placeOf, type RecordedShare } from "./records.ts";

export type GetEpochRecordParameters = { readonly subnetId: bigint; readonly epoch: bigint };
export type GetEpochRecordReturnType = {
  /** Contract with the record as its code. */
  readonly record: Address;
  /** Whether anybody has a share. */
  readonly paid: boolean;
  /** By index: validators by slot, then miners by slot. Empty slots are left out. */
  readonly shares: readonly RecordedShare[];
};

/**
 * The record of an epoch that was run: who is paid which part of its pots. `explainReward` says why.
 *
 * @throws {@link InvalidParameterError} for a malformed id or epoch
 * @throws {@link ContractRevertError} `RecordNonexistent`
 * @example
 * ```ts
 * const { shares } = await getEpochRecord(client, { subnetId: 1n, epoch: 1n });
 * ```
 */
export async function getEpochRecord(
  client: Client,
  parameters: GetEpochRecordParameters,
): Promise<GetEpochRecordReturnType> {
  const { subnetId, epoch } = checkCall(client, parameters);
  const place = [checkUint("subnetId", subnetId, 32), checkUint("epoch", epoch, 32)] as const;
  const [{ record, validators, miners, paid }, stored] = await Promise.all([
    read(client, "SubnetHub", "recordOf", place),
    read(client, "SubnetHub", "sharesOf", place),
  ]);
  const sizes = { validators: Number(validators), miners: Number(miners) };
  const shares = stored
    .map((one, i) => ({ ...placeOf(i, sizes), ...one }))
    .filter(({ account }) => account !== ZeroAddress);
  return { record, paid, shares };
}
