import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Licenses from "./Licenses.ts";
import Verifiers from "./Verifiers.ts";

export default buildModule("Metering", (m) => {
  const { capsules, terms, router, guardian, licenses } = m.useModule(Licenses);
  const { batch16x4, batch128x16, range } = m.useModule(Verifiers);
  const instances = [
    { rows: 16, offers: 4, verifier: batch16x4 },
    { rows: 128, offers: 16, verifier: batch128x16 },
  ];
  const libraries = { PoseidonT5: m.library("PoseidonT5") };
  const args = [licenses, terms, router, guardian, instances, range];
  const ledger = m.contract("UsageLedger", args, { libraries });
  m.call(terms, "admitLedger", [ledger]);
  return { capsules, terms, router, licenses, ledger };
});
