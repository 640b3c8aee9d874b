import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Licenses from "./Licenses.ts";
import { ledgerOf } from "./NextLedger.ts";

export default buildModule("Metering", (m) => {
  const { capsules, terms, router, guardian, licenses } = m.useModule(Licenses);
  const ledger = ledgerOf(m, { licenses, terms, router, guardian });
  m.call(terms, "admitLedger", [ledger]);
  return { capsules, terms, router, licenses, ledger };
});
