import { ZeroHash } from "ethers";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { NOTHING, type Opening, usageOf } from "../shared/opening.ts";
import { checkUsage, encodeSignature, type SignedPrivateVoucher } from "../shared/voucher.ts";

/** What a license moves on from and to. */
export type BatchRowInput = {
  readonly voucher: SignedPrivateVoucher;
  /** What opens the usage word that the ledger has, see `openingOf` of a meter; undefined before anything is settled. */
  readonly oldOpening: Opening | undefined;
  /** At most what is prepaid: the proof says that the use is within. Top-ups in between do no harm. */
  readonly cap: bigint;
};

/** With the usage word that the ledger has. */
export type CheckedRow = BatchRowInput & { readonly oldUsage: Hex };

/** Refuses what the circuit or the ledger would refuse, and tells which of it. */
export function checkRow(name: string, row: BatchRowInput, allowedContexts: bigint): CheckedRow {
  const { voucher, oldOpening, cap } = row;
  checkUsage(`${name}.voucher`, voucher);
  encodeSignature(`${name}.voucher.signature`, voucher.signature);
  checkUint(`${name}.cap`, cap, 64);
  const oldUsage = oldOpening
    ? usageOf(`${name}.oldOpening`, voucher.licenseId, oldOpening)
    : (ZeroHash as Hex);
  if (BigInt(oldUsage) === BigInt(voucher.usage)) {
    const advice = "Leave the row out, or take a newer voucher";
    throw new InvalidParameterError(`${name}.oldOpening`, "is what the voucher says", advice);
  }
  checkIncrease(`${name}.voucher`, voucher, oldOpening ?? NOTHING, cap);
  checkContexts(`${name}.voucher.contexts`, voucher.contexts, oldOpening ?? NOTHING, allowedContexts);
  return { ...row, oldUsage };
}

function checkIncrease(name: string, { units }: Opening, old: Opening, cap: bigint): void {
  if (units < old.units) {
    const problem = `is ${units}, less than the ${old.units} settled`;
    throw new InvalidParameterError(`${name}.units`, problem, "Take the newest voucher");
  }
  if (units > cap) {
    const advice = "Leave the row out, or raise the cap to what is prepaid";
    throw new InvalidParameterError(`${name}.units`, `is ${units}, above the cap ${cap}`, advice);
  }
}

function checkContexts(name: string, contexts: bigint, old: Opening, allowed: bigint): void {
  if (old.contexts & ~contexts) {
    const problem = `is ${contexts} and lacks some of the ${old.contexts} settled`;
    throw new InvalidParameterError(name, problem, "Contexts are cumulative: keep all that were ever used");
  }
  if (contexts & ~allowed) {
    const problem = `is ${contexts}, not all of it in the ${allowed} that the terms allow`;
    throw new InvalidParameterError(name, problem, "Leave the row out");
  }
}
