import { type Client, ContractRevertError, getLicense } from "@benefit-grid/sdk";
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
import { toBeHex, verifyTypedData } from "ethers";
import { Refusal, responseTo } from "../gateway/refusal.ts";
import type { Account, SettledUsage, Store, StoredBatch } from "../store/store.ts";

/** A license's signer is read from the chain this often, milliseconds. */
const FRESH_FOR = 60_000;
/** Signers in memory, at most. */
const MOST = 10_000;

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
  const signerOf = createSigners(client);

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

  /** Of the batch that settled the account's usage: a batch that vanished from the chain is no receipt. */
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

/** A license's voucher in a batch, and its place in the ledger's event. */
function rowOf(
  batch: StoredBatch,
  licenseId: bigint,
): { readonly voucher: AnyVoucher; readonly row: bigint } | undefined {
  if (batch.mode === "open") {
    for (const { vouchers } of batch.offers) {
      const row = vouchers.findIndex((voucher) => voucher.licenseId === licenseId);
      const voucher = vouchers[row];
      if (voucher) return { voucher, row: BigInt(row) };
    }
    return undefined;
  }
  // The ledger's order: by offer, then by license.
  const offers = ascending([...batch.offers], ({ offerId }) => offerId);
  const vouchers = offers.flatMap(({ rows }) =>
    ascending(
      rows.map(({ voucher }) => voucher),
      (voucher) => voucher.licenseId,
    ),
  );
  const row = vouchers.findIndex((voucher) => voucher.licenseId === licenseId);
  const voucher = vouchers[row];
  return voucher && { voucher, row: BigInt(row) };
}

function isUsage(voucher: AnyVoucher, { units, contexts, salt }: SettledUsage): boolean {
  const voucherSalt = "salt" in voucher ? voucher.salt : undefined;
  return voucher.units === units && voucher.contexts === contexts && voucherSalt === salt;
}

/** The account that signed a stored voucher. */
function signerOfVoucher({ chainId, addresses }: Client, voucher: AnyVoucher): string {
  const domain = {
    name: "Benefit Grid UsageLedger",
    version: "1",
    chainId,
    verifyingContract: addresses.UsageLedger,
  };
  const { licenseId, units, contexts, signature } = voucher;
  const usage = "usage" in voucher ? voucher.usage : toBeHex((contexts << 64n) | units, 32);
  return verifyTypedData(domain, VOUCHER_TYPES, { licenseId, usage }, signature);
}

const VOUCHER_TYPES = {
  UsageVoucher: [
    { name: "licenseId", type: "uint256" },
    { name: "usage", type: "bytes32" },
  ],
};

function ascending<T>(list: readonly T[], key: (one: T) => bigint): T[] {
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Licenses' signers, from the chain. Undefined for a closed license. */
function createSigners(client: Client): (licenseId: bigint) => Promise<string | undefined> {
  const known = new Map<bigint, { readonly signer: string | undefined; readonly readAt: number }>();

  return async (licenseId) => {
    const before = known.get(licenseId);
    if (before && performance.now() - before.readAt < FRESH_FOR) return before.signer;
    const signer = await getLicense(client, { licenseId })
      .then((license) => license.signer)
      .catch(undefinedIfClosed);
    if (known.size >= MOST) known.clear();
    known.set(licenseId, { signer, readAt: performance.now() });
    return signer;
  };
}

function undefinedIfClosed(error: unknown): undefined {
  if (error instanceof ContractRevertError && error.name === "ERC721NonexistentToken") return undefined;
  throw new Refusal("ChainUnreachable", "The license's signer cannot be read. Try again.");
}
