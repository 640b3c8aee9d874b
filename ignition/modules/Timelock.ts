import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

/** The timelock that every admin role ends at; anyone executes. Until `Grid` names its proposers, the deployer can. */
export default buildModule("Timelock", (m) => {
  const minDelay = m.getParameter("minDelay", 172_800n);
  const timelock = m.contract("TimelockController", [minDelay, [], [ZeroAddress], m.getAccount(0)]);
  return { timelock };
});
