import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Metering from "./Metering.ts";

/** After the other contracts, so that it moves no address. Pools earn through the router, but call nothing of the grid. */
export default buildModule("Pools", (m) => {
  const { ledger } = m.useModule(Metering);
  return { pools: m.contract("ContributionPoolFactory", [], { after: [ledger] }) };
});
