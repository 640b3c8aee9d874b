import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id } from "ethers";
import Timelock from "./Timelock.ts";

/** Champions, and the programmes built from their proceeds. */
export default buildModule("Commons", (m) => {
  const { timelock } = m.useModule(Timelock);
  const deployer = m.getAccount(0);
  const commons = m.contract("Commons", [deployer]);
  const champions = m.contract("ChampionRegistry", [commons, deployer]);
  m.call(champions, "grantRole", [id("PROGRAMME_ROLE"), timelock]);
  return { timelock, commons, champions };
});
