import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { CONTEXT_KINDS, CONTEXTS, type Context } from "../../sdk/src/licenses/contexts.ts";
import { CONTEXT_KIND_NAMES } from "../../sdk/src/shared/context.ts";
import Capsules from "./Capsules.ts";
import Commons from "./Commons.ts";

/** The first contexts, in the order of their codes. */
const FIRST_CONTEXTS = (Object.keys(CONTEXTS) as Context[]).map((name) => ({
  kind: CONTEXT_KIND_NAMES.indexOf(CONTEXT_KINDS[name]),
  name,
}));

/** Terms and router. The router pays the platform's part to the Commons; the Commons pays services through the router. */
export default buildModule("Settlement", (m) => {
  const { capsules } = m.useModule(Capsules);
  const { commons } = m.useModule(Commons);
  const deployer = m.getAccount(0);
  const terms = m.contract("TermsRegistry", [capsules, deployer, FIRST_CONTEXTS]);
  const router = m.contract("SettlementRouter", [capsules, terms, commons, deployer]);
  m.call(commons, "setRouter", [router]);
  return { capsules, terms, router };
});
