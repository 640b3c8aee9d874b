import { ethers, networkHelpers } from "../../grid.ts";

const IMPLEMENTATION = `0x${"1e".repeat(20)}`;

/** From now on, every call to the token with this account as first argument reverts: it is on a blocklist. */
export async function refuse(token: string, account: string): Promise<void> {
  await networkHelpers.setCode(IMPLEMENTATION, await ethers.provider.getCode(token));
  const strip = (address: string) => address.slice(2).toLowerCase();
  const code = [
    ...["36", "5f", "5f", "37"], // calldatacopy(0, 0, calldatasize)
    ...["73", strip(account), "6004", "35", "14", "6049", "57"], // if (calldataload(4) == account) goto refused
    ...["5f", "5f", "36", "5f", "73", strip(IMPLEMENTATION), "5a", "f4"], // delegatecall
    ...["3d", "5f", "5f", "3e", "6045", "57"], // returndatacopy; if (success) goto done
    ...["3d", "5f", "fd"], // revert
    ...["5b", "3d", "5f", "f3"], // done: return
    ...["5b", "5f", "5f", "fd"], // refused: revert
  ].join("");
  await networkHelpers.setCode(token, `0x${code}`);
}
