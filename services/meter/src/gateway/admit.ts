import { verifyOpening } from "@benefit-grid/sdk";
import {
  type AnyVoucher,
  judgeVoucher,
  type Refusal as VoucherRefusal,
  type VoucherVerifier,
} from "@benefit-grid/sdk/meter";
import { Refusal, voucherDue } from "./refusal.ts";
import type { Seat } from "./seats.ts";

export type AdmitParameters = {
  readonly verify: VoucherVerifier["verify"];
  /** Units served beyond the newest voucher, at most. */
  readonly credit: bigint;
  /** Units of one call, at most. */
  readonly maxUnits: bigint;
  /** Contexts that a voucher has to declare. */
  readonly contexts: bigint;
  /** The chain's time, seconds since 1970. */
  readonly now: bigint;
};

/**
 * Checks that the license's signer sends the request. Returns its voucher if it replaces the account's. Older vouchers
 * authenticate a request too: several requests may be on their way.
 *
 * @throws {@link Refusal} with the reason
 */
export function authenticate(
  seat: Seat,
  voucher: AnyVoucher,
  parameters: AdmitParameters,
): AnyVoucher | undefined {
  checkLicense(seat, parameters.now);
  const newer = judge(seat, voucher, parameters.verify);
  if ((voucher.contexts & parameters.contexts) === parameters.contexts) return newer;
  const problem = `declares contexts ${voucher.contexts}, but this service needs ${parameters.contexts}`;
  throw new Refusal("ContextNotDeclared", `The voucher ${problem}. Sign it with these contexts too.`);
}

/** A rental's end or a change of signer has come, so the license has to be read again. */
export function isTurning({ license: { turnsAt } }: Seat, now: bigint): boolean {
  return turnsAt !== undefined && now >= turnsAt;
}

function checkLicense(seat: Seat, now: bigint): void {
  const { licenseId, expiry } = seat.license;
  // The chain does not show it yet.
  const obstacle = seat.license.obstacle ?? (isTurning(seat, now) ? "SignerChanging" : undefined);
  if (now > expiry)
    throw new Refusal("LicenseExpired", `License ${licenseId} expired at ${expiry}. Renew it.`);
  if (obstacle === undefined) return;
  const advice =
    obstacle === "SignerChanging"
      ? "It waits for the change of its signer"
      : "Its signer is a contract: name an account key by `setSigner`";
  throw new Refusal(
    obstacle as "SignerChanging" | "SignerNotKey",
    `License ${licenseId} is not served. ${advice}.`,
  );
}

function judge(seat: Seat, voucher: AnyVoucher, verify: AdmitParameters["verify"]): AnyVoucher | undefined {
  const { license, account } = seat;
  const { signer, prepaid, offer } = license;
  const newest = account.voucher;
  if (
    newest &&
    newest.units === voucher.units &&
    newest.signature === voucher.signature &&
    isSame(newest, voucher)
  )
    return undefined;
  const licensed = { ...account.settled, licenseId: license.licenseId, offerId: offer.offerId, signer };
  const terms = {
    ...licensed,
    prepaid,
    settleBy: license.settleBy,
    allowed: offer.allowed,
    mode: offer.mode,
  };
  const isOlder = newest !== undefined && newest.units >= account.settled.units;
  const reason = judgeVoucher(voucher, terms, isOlder ? newest : account.settled);
  if (reason !== undefined && reason !== "VoucherNotNewer") throw refused(reason, voucher);
  if ((voucher.contexts & ~offer.allowed) !== 0n) throw refused("VoucherContextsNotAllowed", voucher);
  if (!verify(voucher, signer)) throw refused(invalidityOf(voucher), voucher);
  return reason === undefined ? voucher : undefined;
}

function invalidityOf(voucher: AnyVoucher): "VoucherOpeningInvalid" | "VoucherSignatureInvalid" {
  const isOpen = !("usage" in voucher) || verifyOpening(voucher);
  return isOpen ? "VoucherSignatureInvalid" : "VoucherOpeningInvalid";
}

/** The signature covers what is compared here only if all of it is the same. */
function isSame(newest: AnyVoucher, voucher: AnyVoucher): boolean {
  const usage = (one: AnyVoucher) => ("usage" in one ? `${one.usage} ${one.salt}` : "");
  return newest.contexts === voucher.contexts && usage(newest) === usage(voucher);
}

const ADVICE: Record<Exclude<VoucherRefusal, "VoucherNotNewer">, string> = {
  LicenseUnknown: "There is no such license.",
  VoucherModeMismatch: "The offer has the other mode.",
  VoucherExceedsPrepaid: "Top the license up.",
  VoucherContextsDropped: "Sign all contexts of earlier vouchers too.",
  VoucherContextsNotAllowed: "The terms do not allow its contexts.",
  VoucherOpeningInvalid: "Its usage word does not match its numbers.",
  VoucherSignatureInvalid: "The license's signer did not sign it.",
};

function refused(reason: keyof typeof ADVICE, { licenseId, units }: AnyVoucher): Refusal {
  const voucher = `The voucher of license ${licenseId} for ${units} units`;
  return new Refusal(reason, `${voucher} is refused. ${ADVICE[reason]}`);
}

/** Units that vouchers cover, stored or settled. */
function coveredUnits({ account: { voucher, settled } }: Seat): bigint {
  return voucher !== undefined && voucher.units > settled.units ? voucher.units : settled.units;
}

/**
 * Takes the units of another call from newest voucher and credit, at once: other requests may come before it runs.
 * Returns the call's end, which gives them back once.
 *
 * @throws {@link Refusal} `VoucherDue` to sign first, `LicenseUnitsSpent`, or `TooManyCalls` to wait for
 */
export function holdUnits(seat: Seat, parameters: AdmitParameters): () => void {
  checkCredit(seat, parameters);
  const { maxUnits } = parameters;
  let isHeld = true;
  seat.held += maxUnits;
  return () => {
    if (isHeld) seat.held -= maxUnits;
    isHeld = false;
  };
}

function checkCredit(seat: Seat, { credit, maxUnits }: AdmitParameters): void {
  const { account, license, held } = seat;
  const { licenseId, prepaid } = license;
  const { used } = account;
  const covered = coveredUnits(seat);
  const isSpent = used + maxUnits > prepaid;
  if (used + maxUnits > covered + credit || (isSpent && used > covered)) throw voucherDue(account);
  if (isSpent) {
    const left = used < prepaid ? prepaid - used : 0n;
    const problem = `License ${licenseId} has ${left} units left, and a call may take ${maxUnits}`;
    throw new Refusal("LicenseUnitsSpent", `${problem}. Top it up.`);
  }
  const taken = used + held + maxUnits;
  if (taken > covered + credit || taken > prepaid) {
    throw new Refusal("TooManyCalls", "The calls in flight take all of the license's credit. Try again.");
  }
}
