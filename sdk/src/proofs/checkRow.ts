import { ZeroHash } from "ethers";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { NOTHING, type Opening, usageOf } from "../shared/opening.ts";
import { checkUsage, encodeSignature, type SignedPrivateVoucher } from "../shared/voucher.ts";

/** A voucher and the license's state before it. */
export type BatchRowInput = {
  readonly voucher: SignedPrivateVoucher;
  /** Opening of the ledger's usage word, see `openingOf` of a meter. Undefined before the first settlement. */
  readonly oldOpening: Opening | undefined;
  /** Proven upper bound of the use, at most the prepaid units. Top-ups in between do no harm. */
  readonly cap: bigint;
};

/** With the ledger's usage word. */
export type CheckedRow = BatchRowInput & { readonly oldUsage: Hex };

/** Refuses rows that circuit or ledger would refuse, with the reason. */
export function checkRow(name: string, row: BatchRowInput, allowedContexts: bigint): CheckedRow {
  const { voucher, oldOpening, cap } = row;
  checkUsage(`${name}.voucher`, voucher);
  encodeSignature(`${name}.voucher.signature`, voucher.signature);
  checkUint(`${name}.cap`, cap, 64);
  const oldUsage = oldOpening
    ? usageOf(`${name}.oldOpening`, voucher.licenseId, oldOpening)
    : (ZeroHash as Hex);
  if (BigInt(oldUsage) === BigInt(voucher.usage)) {
    const advice = "Leave the row out or pass a newer voucher";
    throw new InvalidParameterError(
      `${name}.oldOpening`,
      "is what the voucher says, so nothing would settle",
      advice,
    );
  }
  checkIncrease(`${name}.voucher`, voucher, oldOpening ?? NOTHING, cap);
  checkContexts(`${name}.voucher.contexts`, voucher.contexts, oldOpening ?? NOTHING, allowedContexts);
  return { ...row, oldUsage };
}

function checkIncrease(name: string, { units }: Opening, old: Opening, cap: bigint): void {
  if (units < old.units) {
    const problem = `is ${units}, less than the ${old.units} already settled`;
    throw new InvalidParameterError(`${name}.units`, problem, "Pass the license's newest voucher");
  }
  if (units > cap) {
    const advice = "Leave the row out, or raise the cap to the prepaid units";
    throw new InvalidParameterError(`${name}.units`, `is ${units}, above the cap ${cap}`, advice);
  }
}

function checkContexts(name: string, contexts: bigint, old: Opening, allowed: bigint): void {
  if (old.contexts & ~contexts) {
    const problem = `is ${contexts} and lacks some of the settled contexts ${old.contexts}`;
    throw new InvalidParameterError(
      name,
      problem,
      "Contexts are cumulative: include every context ever used",
    );
  }
  if (contexts & ~allowed) {
    const problem = `is ${contexts}, but the terms allow only ${allowed}`;
    throw new InvalidParameterError(name, problem, "Leave the row out");
  }
}
