import { dataLength, dataSlice, type TransactionReceipt, toBeHex } from "ethers";
import { type Client, checkCall } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { eventReader } from "../core/events.ts";
import { read } from "../core/read.ts";
import { ReceiptInvalidError } from "../errors.ts";
import { isOpening } from "../shared/opening.ts";
import type { Receipt } from "./receipt.ts";

export type VerifyReceiptParameters = {
  readonly licenseId: bigint;
  /** From `receiptFromMessage`. */
  readonly receipt: Receipt;
};
export type VerifyReceiptReturnType = {
  /** Metered units that the transaction settled over the license's life. */
  readonly units: bigint;
  readonly contexts: bigint;
  /** Whether nothing was settled since. */
  readonly isNewest: boolean;
  /** Block of the settlement. */
  readonly blockNumber: number;
};

/** License id and usage word of a private row, bytes. */
const ROW_LENGTH = 40;

/**
 * Checks a meter's receipt against the chain: the transaction settled this license at the ledger, and the receipt says
 * what it settled.
 *
 * @throws {@link ReceiptInvalidError} with the reason
 * @example
 * ```ts
 * const headers = { [VOUCHER_HEADER]: toHeader(voucherToMessage(voucher)) };
 * const response = await fetch(`https://meter.example${RECEIPTS_PATH}${licenseId}`, { headers });
 * const receipt = receiptFromMessage(await response.json());
 * const { units, isNewest } = await verifyReceipt(client, { licenseId, receipt });
 * ```
 */
export async function verifyReceipt(
  client: Client,
  parameters: VerifyReceiptParameters,
): Promise<VerifyReceiptReturnType> {
  const { licenseId, receipt } = checkCall(client, parameters);
  checkUint("licenseId", licenseId, 64);
  const refuse = (reason: ReceiptInvalidError["reason"], problem: string) =>
    new ReceiptInvalidError(licenseId, reason, problem);
  if (receipt.licenseId !== licenseId)
    throw refuse("LicenseMismatch", `it is for license ${receipt.licenseId}`);
  const [mined, now] = await Promise.all([
    client.provider.getTransactionReceipt(receipt.hash),
    read(client, "UsageLedger", "usageOf", [licenseId]),
  ]);
  if (!mined) throw refuse("TransactionNotFound", `no transaction ${receipt.hash} is mined`);
  if (mined.status !== 1) throw refuse("TransactionReverted", `transaction ${receipt.hash} reverted`);
  const row = rowOf(client, mined, receipt);
  if (!row) {
    const problem = `transaction ${receipt.hash} settled nothing of offer ${receipt.offerId} by meter ${receipt.meterId}`;
    throw refuse("SettlementNotFound", problem);
  }
  if (row.licenseId !== licenseId)
    throw refuse("RowMismatch", `row ${receipt.row} of the settlement is of another license`);
  const { units, contexts, salt } = receipt;
  if (!isUsage(row.usage, receipt)) {
    const claimed = `${units} units and contexts ${contexts}${salt === undefined ? "" : " with its salt"}`;
    throw refuse("UsageMismatch", `the transaction settled another usage than ${claimed}`);
  }
  const isNewest = BigInt(now) === BigInt(row.usage);
  const isBehind = salt === undefined ? BigInt.asUintN(64, BigInt(now)) <= units : BigInt(now) === 0n;
  if (!isNewest && isBehind) throw refuse("UsageBehind", `the ledger's usage word ${now} is older`);
  return { units, contexts, isNewest, blockNumber: mined.blockNumber };
}

type Row = { readonly licenseId: bigint; readonly usage: Hex };

/** Undefined without such a settlement. Its license is 0 if it has fewer rows. */
function rowOf(client: Client, mined: TransactionReceipt, receipt: Receipt): Row | undefined {
  const { meterId, offerId, row, salt } = receipt;
  const events = eventReader(client, mined);
  const none: Row = { licenseId: 0n, usage: "0x" };
  if (salt === undefined) {
    const settled = events("UsageLedger", "OpenSettled").filter(
      (event) => event.meterId === meterId && event.offerId === offerId,
    );
    if (settled.length === 0) return undefined;
    // A transaction may settle one offer twice.
    const entries = settled.map((event) => event.entries[Number(row)]);
    const entry = entries.find((one) => one !== undefined && one >> 96n === receipt.licenseId) ?? entries[0];
    if (entry === undefined) return none;
    return { licenseId: entry >> 96n, usage: toBeHex(BigInt.asUintN(96, entry), 32) as Hex };
  }
  const settled = events("UsageLedger", "PrivateSettled").find(
    (event) =>
      event.meterId === meterId &&
      event.totals.some((total) => BigInt.asUintN(64, BigInt(total)) === offerId),
  );
  if (!settled) return undefined;
  const start = Number(row) * ROW_LENGTH;
  if (start + ROW_LENGTH > dataLength(settled.rows)) return none;
  return {
    licenseId: BigInt(dataSlice(settled.rows, start, start + 8)),
    usage: dataSlice(settled.rows, start + 8, start + ROW_LENGTH) as Hex,
  };
}

function isUsage(usage: Hex, { licenseId, units, contexts, salt }: Receipt): boolean {
  if (salt !== undefined) return isOpening(usage, licenseId, { units, contexts, salt });
  return BigInt(usage) === ((contexts << 64n) | units);
}
