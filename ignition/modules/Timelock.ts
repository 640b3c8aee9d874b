import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

/** The final holder of every admin role. Anyone executes. Until `Grid` names the proposers, the deployer can do so. */
export default buildModule("Timelock", (m) => {
  const minDelay = m.getParameter("minDelay", 172_800n);
  const timelock = m.contract("GridTimelock", [minDelay, [], [ZeroAddress], m.getAccount(0)]);
  return { timelock };
});
