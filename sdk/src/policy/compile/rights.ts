import { isAtomic } from "../constraints.ts";
import { constraintText } from "../describePolicy.ts";
import type { Duty } from "../types.ts";
import { basisPointsOf } from "../values.ts";
import {
  describe,
  isContradiction,
  isListed,
  listOrRefuse,
  OR_MARK,
  type Placed,
  refuse,
  rightTextOf,
  settle,
  type Work,
} from "./work.ts";

/** Most basis points of a derivative's revenue. */
const MOST_SHARE = 5_000n;

type Right = { readonly isGranted: boolean; readonly share: bigint };

/** Whether the policy grants derivation or transfer. Undefined if no permission names it. */
export function rightOf(
  work: Work,
  action: "derive" | "transfer",
  permissions: readonly Placed[],
  prohibitions: readonly Placed[],
): Right | undefined {
  const [granted, ...others] = permissions.filter(({ rule }) => rule.action === action);
  for (const { pointer } of others) refuse(work, pointer, `repeats ${granted?.pointer}`, "Keep one of them");
  const forbidden = prohibitions.filter(({ rule }) => rule.action === action);
  for (const placed of forbidden) {
    refuseConstraints(work, placed);
    if (granted) isContradiction(work, placed.pointer, granted.pointer);
  }
  if (!granted) return undefined;
  refuseConstraints(work, granted);
  const share = sharesOf(work, action, granted);
  return { isGranted: forbidden.length === 0, share };
}

function refuseConstraints(work: Work, { rule, pointer }: Placed): void {
  (rule.constraint ?? []).forEach((constraint, i) => {
    const at = `${pointer}/constraint/${i}`;
    if (isListed(work, constraint, at, constraintText(constraint))) return;
    refuse(work, at, `limits ${rule.action}, which the chain allows or not`, `Remove it, ${OR_MARK}`);
  });
}

function sharesOf(work: Work, action: string, { rule, pointer }: Placed): bigint {
  let share: bigint | undefined;
  (rule.duty ?? []).forEach((duty, i) => {
    const at = `${pointer}/duty/${i}`;
    const isShare = action === "derive" && share === undefined && !duty["grid:offChain"];
    const found = isShare ? shareOf(work, duty, at) : undefined;
    if (found === undefined) listOrRefuse(work, duty, at);
    else share = found;
  });
  return share ?? 0n;
}

/** Basis points of a duty to compensate by a percentage. Undefined for any other duty. */
function shareOf(work: Work, duty: Duty, pointer: string): bigint | undefined {
  const [constraint, ...others] = duty.constraint ?? [];
  if (duty.action !== "compensate" || !constraint || others.length > 0 || !isAtomic(constraint))
    return undefined;
  if (constraint.leftOperand !== "grid:payPercentage" || constraint["grid:offChain"]) return undefined;
  describe(work, duty, pointer);
  describe(work, constraint, `${pointer}/constraint/0`);
  settle(work, pointer, duty, "compiled");
  const share = basisPointsOf(rightTextOf(constraint));
  if (share === undefined || share === 0n || share > MOST_SHARE) {
    const advice = "Write a percentage above 0, up to 50, with two decimals at most";
    refuse(work, `${pointer}/constraint/0/rightOperand`, `is ${rightTextOf(constraint)} %`, advice);
  }
  return share ?? 0n;
}
