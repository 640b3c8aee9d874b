import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

export default buildModule("Capsules", (m) => ({
  capsules: m.contract("CapsuleRegistry", [m.getAccount(0)]),
}));
