import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Licenses from "./Licenses.ts";

export default buildModule("Metering", (m) => {
  const { capsules, timelock, terms, router, licenses } = m.useModule(Licenses);
  const ledger = m.contract("UsageLedger", [licenses, terms, router]);
  m.call(terms, "admitLedger", [ledger]);
  return { capsules, timelock, terms, router, licenses, ledger };
});
