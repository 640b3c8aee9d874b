import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Capsules from "./Capsules.ts";
import Commons from "./Commons.ts";

/** Terms and router. The router pays the platform's part to the Commons; the Commons pays services through the router. */
export default buildModule("Settlement", (m) => {
  const { capsules } = m.useModule(Capsules);
  const { commons } = m.useModule(Commons);
  const deployer = m.getAccount(0);
  const terms = m.contract("TermsRegistry", [capsules, deployer]);
  const router = m.contract("SettlementRouter", [capsules, terms, commons, deployer]);
  m.call(commons, "setRouter", [router]);
  return { capsules, terms, router };
});
