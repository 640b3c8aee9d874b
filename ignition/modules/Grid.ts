import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroHash } from "ethers";
import Metering from "./Metering.ts";

/** Everything, wired; in the end the timelock alone has the admin roles. */
export default buildModule("Grid", (m) => {
  const contracts = m.useModule(Metering);
  const { router, terms, timelock, ledger } = contracts;
  const deployer = m.getAccount(0);
  const share = m.call(router, "setApplicationShare", [m.getParameter("applicationShareBps", 3_000)]);
  for (const [id, contract] of Object.entries({ router, terms })) {
    const granted = m.call(contract, "grantRole", [ZeroHash, timelock], {
      id: `${id}Grant`,
      after: [share, ledger],
    });
    m.call(contract, "renounceRole", [ZeroHash, deployer], { id: `${id}Renounce`, after: [granted] });
  }
  return contracts;
});
