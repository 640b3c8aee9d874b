import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

/** The final holder of every admin role. Anyone executes. The deployer appoints its proposers in `Grid`. */
export default buildModule("Timelock", (m) => {
  const minDelay = m.getParameter("minDelay", 172_800n);
  const timelock = m.contract("TimelockController", [minDelay, [], [ZeroAddress], m.getAccount(0)]);
  return { timelock };
});
