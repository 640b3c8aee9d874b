import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Licenses from "./Licenses.ts";

export default buildModule("Metering", (m) => {
  const { capsules, timelock, terms, router, licenses } = m.useModule(Licenses);
  const poseidon = m.library("PoseidonT5");
  const none = "0x0000000000000000000000000000000000000000";
  const ledger = m.contract("UsageLedger", [licenses, terms, router, [], none], {
    libraries: { PoseidonT5: poseidon },
  });
  m.call(terms, "admitLedger", [ledger]);
  return { capsules, timelock, terms, router, licenses, ledger };
});
