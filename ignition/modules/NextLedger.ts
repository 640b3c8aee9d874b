import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { ContractFuture, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { batchInstances } from "../../scripts/circuits/instances.ts";
import Verifiers from "./Verifiers.ts";

type Part = string | ContractFuture<string>;

/** What a ledger calls. */
export type LedgerParts = Readonly<Record<"licenses" | "terms" | "router" | "guardian", Part>>;

/** A ledger with the verifiers of all circuits. */
export function ledgerOf(m: IgnitionModuleBuilder, { licenses, terms, router, guardian }: LedgerParts) {
  const verifiers = m.useModule(Verifiers);
  const verifierOf = (circuit: string) => verifiers[circuit] as ContractFuture<string>;
  const instances = batchInstances().map(({ circuit, rows, offers }) => {
    return { rows, offers, verifier: verifierOf(circuit) };
  });
  const libraries = { PoseidonT3: m.library("PoseidonT3") };
  const args = [licenses, terms, router, guardian, instances, verifierOf("usage-range")];
  return m.contract("UsageLedger", args, { libraries });
}

/** A further ledger for a deployment that stands. New offers can name it once governance admits it. */
export function nextLedgerModule(parts: LedgerParts) {
  return buildModule("NextLedger", (m) => ({ ledger: ledgerOf(m, parts) }));
}
