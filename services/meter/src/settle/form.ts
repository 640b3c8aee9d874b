import { createBooks, type Refusal } from "@benefit-grid/sdk/meter";
import type { License } from "../gateway/license.ts";
import { vouchersOf } from "../store/rows.ts";
import type { NewBatch, UnsettledAccount } from "../store/store.ts";
import { correctAccount } from "./chain.ts";
import type { Context, Head } from "./context.ts";
import type { Deadlines } from "./deadlines.ts";
import { increaseOf, isDue } from "./due.ts";

/** Accounts looked at in one go. */
const LIMIT = 10_000;
/** A lone voucher is reported again after this long, milliseconds. */
const REMIND_AFTER = 3_600_000;
const NEVER = 8_640_000_000_000_000;

/** A voucher that can be settled, with the license as the chain has it now. */
type Row = { readonly account: UnsettledAccount; readonly license: License };

/** Makes batches of the vouchers that are due. */
export function createFormer(context: Context, deadlines: Deadlines) {
  const { store, offers, rules, report, verify } = context;
  const reminded = new Map<bigint, number>();

  /** Returns whether a batch was formed: more may be due. */
  async function form(mode: NewBatch["mode"], head: Head): Promise<boolean> {
    const accounts = await dueAccounts(mode, head);
    // More private ones than fit: offers in the batch need company.
    const count = mode === "open" ? rules.maxRows : 2 * rules.maxPrivateRows;
    const rows = await readRows(inOrder(accounts, head).slice(0, count), head);
    for (const batch of chosen(mode, rows, head)) {
      const batchId = await store.createBatch(batch);
      if (batchId === undefined) continue;
      const offerIds = batch.offers.map(({ offerId }) => offerId);
      report({ kind: "formed", batchId, mode, offerIds, rows: vouchersOf(batch).length });
      return true;
    }
    return false;
  }

  async function dueAccounts(mode: NewBatch["mode"], head: Head): Promise<UnsettledAccount[]> {
    const waiting = (await store.unsettled(LIMIT)).filter(
      ({ offerId }) => offers.get(offerId)?.mode === mode,
    );
    await deadlines.refresh(waiting.map(({ licenseId }) => licenseId));
    const now = Date.now();
    const isUrgent = ({ licenseId }: UnsettledAccount) => deadlines.isUrgent(licenseId, head);
    return [...byOffer(waiting, (account) => account.offerId)].flatMap(([offerId, accounts]) => {
      const offer = offers.get(offerId);
      const isWanted = offer && isDue(offer, accounts, rules, { now, isUrgent });
      return isWanted && !(mode === "private" && isKnownToWait(accounts, head)) ? accounts : [];
    });
  }

  /** A lone voucher that was reported is not read again and again while it waits for company. */
  function isKnownToWait([account, another]: readonly UnsettledAccount[], head: Head): boolean {
    if (!account || another || head.isRetired || !wasReminded(account.licenseId)) return false;
    return !rules.allowLone || !deadlines.isUrgent(account.licenseId, head);
  }

  function wasReminded(licenseId: bigint): boolean {
    return performance.now() - (reminded.get(licenseId) ?? -REMIND_AFTER) < REMIND_AFTER;
  }

  /** Urgent ones first, covers last, each longest waiting first. */
  function inOrder(accounts: readonly UnsettledAccount[], head: Head): UnsettledAccount[] {
    const rank = (account: UnsettledAccount) => {
      if (increaseOf(account) === 0n) return 2;
      return deadlines.isUrgent(account.licenseId, head) ? 0 : 1;
    };
    return [...accounts].sort((a, b) => rank(a) - rank(b) || a.waitingSince - b.waitingSince);
  }

  async function readRows(accounts: readonly UnsettledAccount[], head: Head): Promise<Row[]> {
    const licenses = await deadlines.read(accounts.map(({ licenseId }) => licenseId));
    const rows: Row[] = [];
    for (const [i, account] of accounts.entries()) {
      const row = await rowOf(account, licenses[i], head);
      if (row) rows.push(row);
    }
    return rows;
  }

  async function rowOf(
    account: UnsettledAccount,
    license: License | undefined,
    { time }: Head,
  ): Promise<Row | undefined> {
    if (!license) return await lose(account, "the license is closed");
    if (license.settleBy < time) return await lose(account, "its settlement window is over");
    const settled = await correctAccount(store, report, account, license.usage);
    if (!settled) return await hold(account, "no stored voucher opens the ledger's usage word");
    const row = { account: { ...account, settled }, license };
    const refusal = refusalOf(row);
    if (refusal === undefined) return row;
    if (refusal === "VoucherNotNewer") return undefined; // It is settled already.
    if (refusal === "VoucherExceedsPrepaid") return await hold(account, refusal);
    return await lose(account, refusal);
  }

  function refusalOf({ account, license }: Row): Refusal | undefined {
    const books = createBooks({ verify });
    books.admit(meteredLicense({ account, license }));
    const acceptance = books.accept(account.voucher);
    return acceptance.ok ? undefined : acceptance.reason;
  }

  async function lose({ licenseId, voucher: { units } }: UnsettledAccount, reason: string) {
    await store.hold({ kind: "license", id: licenseId, until: NEVER, units, reason: `lost: ${reason}` });
    report({ kind: "lost", licenseId, units, reason });
    return undefined;
  }

  async function hold({ licenseId, voucher: { units } }: UnsettledAccount, reason: string) {
    const until = Date.now() + rules.holdFor;
    await store.hold({ kind: "license", id: licenseId, until, units, reason });
    report({ kind: "held", licenseId, reason, until });
    return undefined;
  }

  function chosen(mode: NewBatch["mode"], rows: readonly Row[], head: Head): NewBatch[] {
    const batches = mode === "open" ? [openBatch(rows)] : privateBatches(rows, head);
    return batches.filter(({ offers }) => offers.length > 0);
  }

  function openBatch(rows: readonly Row[]): NewBatch {
    return { mode: "open", offers: booksOf(rows).batch(rules.maxRows) };
  }

  /** The first one has company in each offer. Then, if allowed, the ones that cannot wait for company. */
  function privateBatches(rows: readonly Row[], head: Head): NewBatch[] {
    const offers = [...byOffer(rows, ({ account }) => account.offerId).values()];
    const owed = offers.filter((some) => some.some(({ account }) => increaseOf(account) > 0n));
    const together = owed.filter((some) => some.length > 1);
    const lone = owed.filter((some) => some.length === 1).flat();
    for (const row of lone) remind(row, head);
    const limits = {
      maxRows: rules.maxPrivateRows,
      maxOffers: rules.maxPrivateOffers,
      now: head.time,
    };
    const urgent = rules.allowLone ? lone.filter((row) => isLastCall(row, head)) : [];
    // A retired ledger publishes each opening, so company would not help.
    const alone = head.isRetired ? lone : urgent;
    return [
      { mode: "private", offers: booksOf(together.flat()).privateBatch(limits) },
      { mode: "private", offers: booksOf(alone).privateBatch({ ...limits, allowLone: true }) },
    ];
  }

  function isLastCall({ license: { settleBy } }: Row, { time }: Head): boolean {
    return settleBy - rules.urgency <= time;
  }

  function remind(row: Row, head: Head): void {
    const { offerId, licenseId } = row.account;
    if (wasReminded(licenseId)) return;
    reminded.set(licenseId, performance.now());
    const { settleBy } = row.license;
    report({ kind: "lone", offerId, licenseId, settleBy, urgent: isLastCall(row, head) });
  }

  /** Chooses by the SDK's rules. The vouchers were verified just before. */
  function booksOf(rows: readonly Row[]) {
    const books = createBooks({ verify: () => true });
    for (const row of rows) {
      books.admit(meteredLicense(row));
      books.accept(row.account.voucher);
    }
    return books;
  }

  return async (head: Head): Promise<void> => {
    while (await form("open", head)) await context.keepLease();
    if (head.isRetired && !rules.allowRetired) return;
    while (await form("private", head)) await context.keepLease();
  };
}

function meteredLicense({ account, license }: Row) {
  const { licenseId, offerId, settled } = account;
  const { signer, settleBy, prepaid, offer } = license;
  const { mode, allowed } = offer;
  return { licenseId, offerId, signer, settleBy, prepaid, allowed, mode, ...settled };
}

function byOffer<T>(list: readonly T[], offerIdOf: (one: T) => bigint): Map<bigint, T[]> {
  const offers = new Map<bigint, T[]>();
  for (const one of list) {
    const others = offers.get(offerIdOf(one));
    if (others) others.push(one);
    else offers.set(offerIdOf(one), [one]);
  }
  return offers;
}
