import { dataSlice, getAddress } from "ethers";
import type { Address, Hex } from "../core/abi.ts";

/** An account's part of an epoch's pots. */
export type RecordedShare = {
  /** Place in the record, for claims. */
  readonly index: bigint;
  readonly role: "validator" | "miner";
  /** Number of its slot. */
  readonly slot: bigint;
  readonly account: Address;
  /** In 2^-32. A pot is divided by the sum of all shares of its epoch. */
  readonly share: bigint;
};

/** Numbers of slots of a record. */
export type RecordSizes = { readonly validators: number; readonly miners: number };

/** Role and slot of an index: validators come first. */
export function placeOf(
  index: number,
  { validators }: RecordSizes,
): Pick<RecordedShare, "index" | "role" | "slot"> {
  const isValidator = index < validators;
  return {
    index: BigInt(index),
    role: isValidator ? "validator" : "miner",
    slot: BigInt(isValidator ? index : index - validators),
  };
}

const ACCOUNT_BYTES = 20;
const SHARE_BYTES = 28;
const BOND_DIGITS = 4;

/** The shares of a record's data: 20 bytes account and 8 bytes share each. */
export function sharesIn(data: Hex, sizes: RecordSizes): RecordedShare[] {
  return Array.from({ length: sizes.validators + sizes.miners }, (_, i) => {
    const start = i * SHARE_BYTES;
    const account = getAddress(dataSlice(data, start, start + ACCOUNT_BYTES)) as Address;
    const share = BigInt(dataSlice(data, start + ACCOUNT_BYTES, start + SHARE_BYTES));
    return { ...placeOf(i, sizes), account, share };
  });
}

/** The bonds after a record's shares: rows of validators, 2 bytes a cell. */
export function bondsIn(data: Hex, { validators, miners }: RecordSizes): bigint[][] {
  const cells = data.slice(2 + 2 * SHARE_BYTES * (validators + miners));
  const bondAt = (cell: number) => BigInt(`0x${cells.slice(BOND_DIGITS * cell, BOND_DIGITS * (cell + 1))}`);
  return Array.from({ length: validators }, (_, i) =>
    Array.from({ length: miners }, (_, j) => bondAt(i * miners + j)),
  );
}
