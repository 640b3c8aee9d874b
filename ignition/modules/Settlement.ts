import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Capsules from "./Capsules.ts";
import Governance from "./Governance.ts";

/** Terms and router. Until `Licenses` and `Metering` hand it on, the deployer has the admin role of both. */
export default buildModule("Settlement", (m) => {
  const { capsules } = m.useModule(Capsules);
  const { timelock } = m.useModule(Governance);
  const deployer = m.getAccount(0);
  const terms = m.contract("TermsRegistry", [capsules, deployer]);
  const router = m.contract("SettlementRouter", [capsules, terms, timelock, deployer]);
  return { capsules, timelock, terms, router };
});
