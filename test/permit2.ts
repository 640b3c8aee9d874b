import { readFileSync } from "node:fs";
import { ethers, networkHelpers } from "./grid.ts";

export const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

/** Deploys contracts by CREATE2 at the same addresses on every chain. */
const DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
const DEPLOYER_CODE =
  "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";
const SALT = "0x0000000000000000000000000000000000000000d3af2663da51c10215000000";

/** Deploys Permit2 as on public chains. Its address depends on its bytecode: at this address, it is the real one. */
export async function deployPermit2() {
  const bytecode = readFileSync(`node_modules/hardhat-predeploy/bin/${PERMIT2}.bytecode`);
  await networkHelpers.setCode(DEPLOYER, DEPLOYER_CODE);
  const [sender] = await ethers.getSigners();
  await sender?.sendTransaction({ to: DEPLOYER, data: ethers.concat([SALT, bytecode]) });
  if ((await ethers.provider.getCode(PERMIT2)) === "0x") throw new Error("Permit2 has another address.");
  return await ethers.getContractAt("IPermit2", PERMIT2);
}
