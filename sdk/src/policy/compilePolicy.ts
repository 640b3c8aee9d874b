import type { Terms } from "../shared/terms.ts";
import { hashPolicy } from "./canonicalizePolicy.ts";
import { type CodesOption, GENESIS_CONTEXTS } from "./codes.ts";
import { useOf } from "./compile/limits.ts";
import type { PolicyPrice } from "./compile/price.ts";
import { rightOf } from "./compile/rights.ts";
import {
  describe,
  type Fate,
  isListed,
  listOrRefuse,
  type OffChainDuty,
  OR_MARK,
  type Placed,
  refuse,
  refuseLost,
  settle,
  type Work,
} from "./compile/work.ts";
import { PolicyError } from "./errors.ts";
import { parsePolicy } from "./parsePolicy.ts";
import { isIncluded } from "./profile.ts";
import type { Policy, Rule } from "./types.ts";
import { quoted } from "./values.ts";

export type CompiledPolicy = {
  /** The terms for `registerTerms`. Their hash commits to the policy. */
  readonly terms: Required<Terms>;
  /** The price for `createOffer`, if the policy states one. */
  readonly price: PolicyPrice | undefined;
  readonly duties: readonly OffChainDuty[];
  /** The fate of every value in the policy, by its JSON pointer. */
  readonly fates: Readonly<Record<string, Fate>>;
};

/**
 * Compiles a policy to on-chain terms. What the chain cannot enforce is refused, unless it is marked `grid:offChain`.
 *
 * @throws {@link PolicyError} with all that is malformed, contradictory or not enforceable
 * @example
 * ```ts
 * const { terms, duties } = compilePolicy(researchOnly({ maxUnits: 1_000_000n }));
 * const { termsId } = await registerTerms(client, terms);
 * ```
 */
export function compilePolicy(
  policy: Policy,
  { codes = GENESIS_CONTEXTS }: CodesOption = {},
): CompiledPolicy {
  const parsed = parsePolicy(policy);
  const work: Work = { policy: parsed, codes, problems: [], duties: [], fates: new Map() };
  describe(work);
  const conditions = conditionsOf(work);
  refuseLost(work);
  if (work.problems.length > 0) throw new PolicyError(work.problems);
  const { price, ...rest } = conditions;
  const terms = { ...rest, policyHash: hashPolicy(parsed) };
  return { terms, price, duties: work.duties, fates: Object.fromEntries(work.fates) };
}

function conditionsOf(work: Work) {
  const { policy } = work;
  if (policy["@type"] === "Agreement") {
    refuse(work, "/@type", "is Agreement, but terms are for everybody", "Write Offer or Set");
  }
  if (policy.conflict !== undefined) settle(work, "/conflict", policy.conflict, "compiled");
  const permissions = rulesOf(work, "permission");
  const prohibitions = rulesOf(work, "prohibition");
  (policy.obligation ?? []).forEach((duty, i) => {
    listOrRefuse(work, duty, `/obligation/${i}`);
  });
  checkTargets(work);
  const use = useOf(work, permissions, prohibitions);
  const derive = rightOf(work, "derive", permissions, prohibitions);
  const transfer = rightOf(work, "transfer", permissions, prohibitions);
  return {
    ...use,
    transferable: transfer?.isGranted ?? false,
    derivatives: derive?.isGranted ?? false,
    derivativeShareBps: derive?.isGranted ? derive.share : 0n,
  };
}

/** The rules that the chain enforces: with actions that it knows, not marked. */
function rulesOf(work: Work, kind: "permission" | "prohibition"): Placed[] {
  return (work.policy[kind] ?? []).flatMap((rule, i): Placed[] => {
    const pointer = `/${kind}/${i}`;
    if (rule["grid:offChain"] && kind === "permission") refuseUnkept(work, rule, pointer);
    if (isListed(work, rule, pointer, ruleText(kind, rule))) return [];
    describe(work, rule, pointer);
    if (rule.assignee !== undefined) {
      refuse(work, `${pointer}/assignee`, "names a licensee, but anyone may buy a license", "Remove it");
    }
    if (CHAIN_ACTIONS.includes(rule.action ?? "")) {
      settle(work, `${pointer}/action`, rule.action, "compiled");
      return [{ rule, pointer }];
    }
    refuse(work, `${pointer}/action`, actionProblem(rule.action), actionAdvice(kind, rule.action));
    return [];
  });
}

/** The chain refuses what its terms do not permit, so a mark cannot permit it. */
function refuseUnkept(work: Work, { action = "every action" }: Rule, pointer: string): void {
  const decided = CHAIN_ACTIONS.find((one) => isIncluded(one, action) || isIncluded(action, one));
  if (decided === undefined && action !== "every action") return;
  const problem = `permits ${action} off chain, but the chain decides about ${decided ?? "some actions"}`;
  refuse(work, `${pointer}/grid:offChain`, problem, "Remove the mark, or the permission");
}

const CHAIN_ACTIONS = ["grid:meteredUse", "derive", "transfer"];

function ruleText(kind: string, { action = "every action", ...rule }: Rule): string {
  const text = rule["dct:description"];
  return `${kind} of ${action}${text ? `: ${quoted(text)}` : ""}`;
}

function actionProblem(action: string | undefined): string {
  if (action === undefined) return "is missing, which means every action";
  if (action === "use") return "is use, which includes derivation and all that a meter does not see";
  return `is ${action}, which the chain cannot tell from other actions`;
}

function actionAdvice(kind: string, action: string | undefined): string {
  if (action === "sell" || action === "give") return `Write transfer, ${OR_MARK}`;
  if (action === "use" || action === undefined)
    return `Write grid:meteredUse, and a ${kind} of derive if meant`;
  return `Write ${CHAIN_ACTIONS.join(", ")}, ${OR_MARK}`;
}

/** One offer is of one capsule. */
function checkTargets(work: Work): void {
  const { permission = [], prohibition = [] } = work.policy;
  const named = Object.entries({ permission, prohibition }).flatMap(([kind, rules]) =>
    rules.flatMap(({ target }, i) =>
      target === undefined ? [] : [{ target, pointer: `/${kind}/${i}/target` }],
    ),
  );
  const [first, ...others] = named;
  for (const { target, pointer } of others) {
    if (target !== first?.target) {
      refuse(
        work,
        pointer,
        `differs from ${first?.pointer}, but an offer is of one capsule`,
        "Write a policy each",
      );
    }
  }
}
