export { canonicalizePolicy, hashPolicy } from "./canonicalizePolicy.ts";
export { type CodesOption, type ContextCode, GENESIS_CONTEXTS } from "./codes.ts";
export { LONGEST_DURATION, MOST_UNITS } from "./compile/limits.ts";
export type { PolicyPrice, PolicyPriceInput } from "./compile/price.ts";
export type { Fate, OffChainDuty } from "./compile/work.ts";
export { type CompiledPolicy, compilePolicy } from "./compilePolicy.ts";
export { describePolicy } from "./describePolicy.ts";
export { PolicyError, type Problem } from "./errors.ts";
export {
  type Decision,
  evaluatePolicy,
  type RuleStatus,
} from "./evaluatePolicy.ts";
export { parsePolicy } from "./parsePolicy.ts";
export { type PolicyOptions, policyOf } from "./policyOf.ts";
export {
  commercialPerUnit,
  deriveWithShare,
  openIrrevocable,
  type PresetParameters,
  researchOnly,
  subscription,
  trainOnly,
} from "./presets.ts";
export { CONTEXT as POLICY_CONTEXT, PROFILE as POLICY_PROFILE } from "./profile.ts";
export type { Performance, PolicyRequest, PolicyState } from "./request.ts";
export { policySchema } from "./schema.ts";
export type {
  AtomicConstraint,
  Constraint,
  Duty,
  LogicalConstraint,
  Marked,
  Policy,
  Reference,
  RightOperand,
  Rule,
  TypedValue,
  Value,
} from "./types.ts";
export { policyVocabulary } from "./vocabulary.ts";
