import { LOGICALS, type Logical } from "./profile.ts";
import type { AtomicConstraint, Constraint, LogicalConstraint, RightOperand, Value } from "./types.ts";

export function isAtomic(constraint: Constraint): constraint is AtomicConstraint {
  return "leftOperand" in constraint;
}

/** A logical constraint's operator and operands. */
export function operandsOf(constraint: LogicalConstraint): {
  logical: Logical;
  operands: readonly Constraint[];
} {
  const logical = LOGICALS.find((name) => constraint[name] !== undefined) ?? "and";
  return { logical, operands: constraint[logical] ?? [] };
}

/** The right operand's values as text, without this profile's prefix. */
export function namesOf(right: RightOperand): string[] {
  return valuesOf(right).map((value) => textOf(value).replace(/^grid:/, ""));
}

export function valuesOf(right: RightOperand): readonly Value[] {
  return Array.isArray(right) ? right : [right as Value];
}

export function textOf(value: Value): string {
  if (typeof value !== "object") return String(value);
  return "@value" in value ? value["@value"] : value["@id"];
}
