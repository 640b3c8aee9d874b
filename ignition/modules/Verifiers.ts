import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Verifiers for proofs of private use, generated from the circuits. */
export default buildModule("Verifiers", (m) => ({
  batch16x4: m.contract("UsageBatch16x4Verifier"),
  batch128x16: m.contract("UsageBatch128x16Verifier"),
  range: m.contract("UsageRangeVerifier"),
}));
