import { ZeroAddress } from "ethers";
import type { Address, AddressInput } from "../core/abi.ts";
import { checkAddress, checkList, checkObject, checkOneOf, checkUint } from "../core/check.ts";
import { nameAt } from "../core/names.ts";
import { InvalidParameterError } from "../errors.ts";

/** Who earns: 40, 30, 20 and 10 % of a payment, in this order. */
export const ROLES = ["data", "model", "compute", "platform"] as const;
export type Role = (typeof ROLES)[number];
/** The platform's part has no share rows. */
export type ShareRole = Exclude<Role, "platform">;

/** One earner of a capsule: an account or another capsule. If neither is given, it is the capsule's owner. */
export type Share = {
  readonly role: ShareRole;
  /** Weight of this row within its role, above 0. */
  readonly units: bigint;
  readonly account?: AddressInput;
  readonly capsuleId?: bigint;
};

type Row = {
  readonly role: bigint;
  readonly units: bigint;
  readonly account: Address;
  readonly capsuleId: bigint;
};

export function encodeShares(name: string, shares: readonly Share[]): Row[] {
  return checkList(name, shares).map((share, i) => encodeShare(`${name}[${i}]`, share));
}

function encodeShare(name: string, share: Share): Row {
  const { role, units, account, capsuleId } = checkObject(name, share);
  if (account !== undefined && capsuleId !== undefined) {
    throw new InvalidParameterError(
      name,
      "names both an account and a capsule",
      "Pass only one of them, or neither for the owner",
    );
  }
  return {
    role: checkOneOf(`${name}.role`, role, ROLES.slice(0, 3)),
    units: checkUint(`${name}.units`, units, 64, 1n),
    account: account === undefined ? (ZeroAddress as Address) : checkAddress(`${name}.account`, account),
    capsuleId: capsuleId === undefined ? 0n : checkUint(`${name}.capsuleId`, capsuleId, 64, 1n),
  };
}

export function decodeShare({ role, units, account, capsuleId }: Row): Share {
  return {
    role: nameAt(ROLES, role) as ShareRole,
    units,
    ...(account !== ZeroAddress && { account }),
    ...(capsuleId !== 0n && { capsuleId }),
  };
}
