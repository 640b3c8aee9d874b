import { ZeroHash } from "ethers";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { type Opening, usageOf } from "../shared/opening.ts";
import { checkUsage, encodeSignature, type SignedPrivateVoucher } from "../shared/voucher.ts";

/** What a license moves on from and to. */
export type BatchRowInput = {
  readonly voucher: SignedPrivateVoucher;
  /** What opens the usage word that the ledger has, see `openingOf` of a meter; undefined before anything is settled. */
  readonly settled: Opening | undefined;
  /** At most what is prepaid: the proof says that the use is within. Top-ups in between do no harm. */
  readonly cap: bigint;
};

/** With the usage word that the ledger has. */
export type CheckedRow = BatchRowInput & { readonly settledWord: Hex };

const NOTHING: Opening = { units: 0n, contexts: 0n, salt: 0n };

/** Refuses what the circuit or the ledger would refuse, and tells which of it. */
export function checkRow(name: string, row: BatchRowInput, allowedContexts: bigint): CheckedRow {
  const { voucher, settled, cap } = row;
  checkUsage(`${name}.voucher`, voucher);
  encodeSignature(`${name}.voucher.signature`, voucher.signature);
  checkUint(`${name}.cap`, cap, 64);
  const settledWord = settled ? usageOf(`${name}.settled`, voucher.licenseId, settled) : (ZeroHash as Hex);
  if (BigInt(settledWord) === BigInt(voucher.usage)) {
    const advice = "Leave the row out, or take a newer voucher";
    throw new InvalidParameterError(`${name}.settled`, "is what the voucher says", advice);
  }
  checkIncrease(`${name}.voucher`, voucher, settled ?? NOTHING, cap);
  checkContexts(`${name}.voucher.contexts`, voucher.contexts, settled ?? NOTHING, allowedContexts);
  return { ...row, settledWord };
}

function checkIncrease(name: string, { units }: Opening, settled: Opening, cap: bigint): void {
  if (units < settled.units) {
    const problem = `is ${units}, less than the ${settled.units} settled`;
    throw new InvalidParameterError(`${name}.units`, problem, "Take the newest voucher");
  }
  if (units > cap) {
    const advice = "Leave the row out, or raise the cap to what is prepaid";
    throw new InvalidParameterError(`${name}.units`, `is ${units}, above the cap ${cap}`, advice);
  }
}

function checkContexts(name: string, contexts: bigint, settled: Opening, allowed: bigint): void {
  if (settled.contexts & ~contexts) {
    const problem = `is ${contexts} and lacks some of the ${settled.contexts} settled`;
    throw new InvalidParameterError(name, problem, "Contexts are cumulative: keep all that were ever used");
  }
  if (contexts & ~allowed) {
    const problem = `is ${contexts}, not all of it in the ${allowed} that the terms allow`;
    throw new InvalidParameterError(name, problem, "Leave the row out");
  }
}
