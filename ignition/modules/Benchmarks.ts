import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Metering from "./Metering.ts";

export default buildModule("Benchmarks", (m) => {
  const { capsules, ledger } = m.useModule(Metering);
  // After the ledger, whose address is in the kept proofs.
  const benchmarks = m.contract("BenchmarkAttestations", [capsules], { after: [ledger] });
  return { benchmarks };
});
