import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { ContractFuture } from "@nomicfoundation/ignition-core";
import { batchInstances } from "../../scripts/circuits/instances.ts";
import Licenses from "./Licenses.ts";
import Verifiers from "./Verifiers.ts";

export default buildModule("Metering", (m) => {
  const { capsules, terms, router, guardian, licenses } = m.useModule(Licenses);
  const verifiers = m.useModule(Verifiers);
  const verifierOf = (circuit: string) => verifiers[circuit] as ContractFuture<string>;
  const instances = batchInstances().map(({ circuit, rows, offers }) => {
    return { rows, offers, verifier: verifierOf(circuit) };
  });
  const libraries = { PoseidonT3: m.library("PoseidonT3") };
  const args = [licenses, terms, router, guardian, instances, verifierOf("usage-range")];
  const ledger = m.contract("UsageLedger", args, { libraries });
  m.call(terms, "admitLedger", [ledger]);
  return { capsules, terms, router, licenses, ledger };
});
