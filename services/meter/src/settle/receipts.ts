import type { Client } from "@benefit-grid/sdk";
import {
  fromHeader,
  MessageFormatError,
  RECEIPTS_PATH,
  type Receipt,
  receiptToMessage,
  VOUCHER_HEADER,
  voucherFromMessage,
} from "@benefit-grid/sdk/http";
import { type AnyVoucher, createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { Refusal, responseTo } from "../gateway/refusal.ts";
import type { Account, Store } from "../store/store.ts";
import { createLicenseSigners, signerOfVoucher } from "./licenseSigners.ts";
import { isUsage, rowOf } from "./receiptRow.ts";

export type CreateReceiptsParameters = {
  readonly client: Client;
  readonly store: Store;
  readonly meterId: bigint;
};

/** Answers a request for a receipt. Undefined for any other path. Never throws. */
export type Receipts = (request: Request) => Promise<Response | undefined>;
export type CreateReceiptsReturnType = Receipts;

/**
 * Receipts for customers: what is settled of a license, and the transaction that settled it. A request carries a voucher of
 * the license's signer, however old. In private mode it opens its usage word: the chain shows the signature of a settled
 * voucher, but not its opening.
 *
 * @example
 * ```ts
 * const receipts = await createReceipts({ client, store, meterId });
 * const fetch = async (request) => (await receipts(request)) ?? (await meter.fetch(request));
 * ```
 */
export async function createReceipts(
  parameters: CreateReceiptsParameters,
): Promise<CreateReceiptsReturnType> {
  const { client, store, meterId } = parameters;
  const { chainId, addresses } = client;
  const { verify } = await createVoucherVerifier({ chainId, ledger: addresses.UsageLedger });
  const signerOf = createLicenseSigners(client);

  async function receiptFor(request: Request, licenseId: bigint): Promise<Response> {
    if (request.method !== "GET") throw new Refusal("MethodNotAllowed", "Receipts are fetched by GET.");
    const voucher = voucherOf(request);
    const account = await store.account(licenseId);
    const isGenuine =
      voucher.licenseId === licenseId &&
      account !== undefined &&
      isOfMode(voucher, account) &&
      (await isSigned(voucher, account));
    // The same answer for an unknown license: nobody learns which licenses this meter serves.
    if (!isGenuine) {
      const problem = `The voucher is not one of license ${licenseId}, signed by its signer.`;
      throw new Refusal("VoucherSignatureInvalid", problem);
    }
    const receipt = await newestReceipt(account);
    if (!receipt) throw new Refusal("ReceiptUnknown", `Nothing of license ${licenseId} is settled here yet.`);
    const headers = { "cache-control": "no-store" };
    return Response.json(receiptToMessage(receipt), { headers });
  }

  /** A closed license has no signer. Then its last one counts: the stored voucher's. */
  async function isSigned(voucher: AnyVoucher, account: Account): Promise<boolean> {
    const signer = await signerOf(voucher.licenseId);
    if (signer !== undefined) return verify(voucher, signer);
    const last = account.voucher && signerOfVoucher(client, account.voucher);
    return last !== undefined && verify(voucher, last);
  }

  /** Names the batch with the account's settled usage. A batch in a replaced block is no receipt. */
  async function newestReceipt({ licenseId, offerId, settled }: Account): Promise<Receipt | undefined> {
    for (const batch of await store.history(licenseId)) {
      const found = batch.state === "settled" ? rowOf(batch, licenseId) : undefined;
      if (!found || !batch.hash || !isUsage(found.voucher, settled)) continue;
      const hash = batch.hash as `0x${string}`;
      return { licenseId, ...settled, meterId, offerId, hash, row: found.row };
    }
    return undefined;
  }

  return async (request) => {
    const licenseId = licenseIdOf(request);
    if (licenseId === undefined) return undefined;
    try {
      return await receiptFor(request, licenseId);
    } catch (error) {
      if (error instanceof Refusal) return responseTo(error);
      return responseTo(new Refusal("StoreFailed", "The meter could not read its accounts. Try again."));
    }
  };
}

/** Only a private voucher proves to be its signer's: an open one is public once settled, and so is its license's use. */
function isOfMode(voucher: AnyVoucher, { settled, voucher: newest }: Account): boolean {
  const isPrivate = settled.salt !== undefined || (newest !== undefined && "usage" in newest);
  return "usage" in voucher === isPrivate;
}

function licenseIdOf(request: Request): bigint | undefined {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(RECEIPTS_PATH)) return undefined;
  const id = pathname.slice(RECEIPTS_PATH.length);
  return /^[1-9][0-9]{0,19}$/.test(id) && BigInt(id) >> 64n === 0n ? BigInt(id) : 0n;
}

function voucherOf(request: Request): AnyVoucher {
  const header = request.headers.get(VOUCHER_HEADER);
  if (header === null) throw new Refusal("VoucherMissing", `The request has no header ${VOUCHER_HEADER}.`);
  try {
    return voucherFromMessage(fromHeader(header));
  } catch (error) {
    if (error instanceof MessageFormatError) throw new Refusal("MessageMalformed", error.message);
    throw error;
  }
}
