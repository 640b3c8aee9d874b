import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Capsules from "./Capsules.ts";
import Commons from "./Commons.ts";

/** Terms, and the router, which pays the platform's part to the Commons. */
export default buildModule("Settlement", (m) => {
  const { capsules } = m.useModule(Capsules);
  const { commons } = m.useModule(Commons);
  const deployer = m.getAccount(0);
  const terms = m.contract("TermsRegistry", [capsules, deployer]);
  const router = m.contract("SettlementRouter", [capsules, terms, commons, deployer]);
  return { capsules, terms, router };
});
