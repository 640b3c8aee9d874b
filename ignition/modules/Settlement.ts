import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Capsules from "./Capsules.ts";
import Commons from "./Commons.ts";

/** Terms, and the router: it pays the platform's part to the Commons, which pays services through it. */
export default buildModule("Settlement", (m) => {
  const { capsules } = m.useModule(Capsules);
  const { commons } = m.useModule(Commons);
  const deployer = m.getAccount(0);
  const terms = m.contract("TermsRegistry", [capsules, deployer]);
  const router = m.contract("SettlementRouter", [capsules, terms, commons, deployer]);
  m.call(commons, "setRouter", [router]);
  return { capsules, terms, router };
});
