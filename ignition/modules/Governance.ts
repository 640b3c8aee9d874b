import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The timelock that every admin role ends at: two days' notice, one proposer, anyone executes. */
export default buildModule("Governance", (m) => {
  const minDelay = m.getParameter("minDelay", 172_800n);
  const proposer = m.getParameter("proposer", m.getAccount(0));
  const timelock = m.contract("TimelockController", [
    minDelay,
    [proposer],
    ["0x0000000000000000000000000000000000000000"],
    "0x0000000000000000000000000000000000000000",
  ]);
  return { timelock };
});
