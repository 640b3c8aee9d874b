import {
  broken,
  type Constraint,
  type ConstraintSystem,
  inputWires,
  sumOf,
  type Term,
  wiresOf,
} from "./constraints.ts";
import { mod, P } from "./field.ts";
import { solve } from "./solve.ts";

/**
 * The names of the wires not determined by inputs and constraints at this witness. Fails if the constraints disagree
 * with the witness generator.
 */
export function undetermined(system: ConstraintSystem, witness: readonly bigint[]): string[] {
  const solved = solve(system, inputWires(system, witness));
  return solved.flatMap((value, wire) => {
    if (value === undefined) return [system.names[wire] ?? `wire ${wire}`];
    if (value !== witness[wire])
      throw new Error(`${system.names[wire]} is determined, but not as it was computed.`);
    return [];
  });
}

/** The names of the wires, including inputs, that can change alone to one of a few other values. */
export function changeable(system: ConstraintSystem, witness: readonly bigint[], random: bigint): string[] {
  if (broken(system, witness).length > 0) throw new Error("The witness breaks constraints as it is.");
  const uses: Constraint[][] = Array.from({ length: system.wires }, () => []);
  for (const constraint of system.constraints) {
    for (const wire of wiresOf(constraint)) uses[wire]?.push(constraint);
  }
  return uses.flatMap((constraints, wire) => {
    if (wire === 0) return [];
    const value = witness[wire] ?? 0n;
    const others = [value + 1n, value - 1n, -value, 1n - value, random]
      .map(mod)
      .filter((each) => each !== value);
    const isFree = others.some((other) =>
      constraints.every((each) => holdsWith(each, witness, wire, other - value)),
    );
    return isFree ? [system.names[wire] ?? `wire ${wire}`] : [];
  });
}

function holdsWith(
  { a, b, c }: Constraint,
  witness: readonly bigint[],
  wire: number,
  change: bigint,
): boolean {
  const changed = (terms: Term[]) =>
    terms.reduce(
      (sum, [each, coefficient]) => (each === wire ? sum + coefficient * change : sum),
      sumOf(terms, witness),
    );
  return (changed(a) * changed(b) - changed(c)) % P === 0n;
}
