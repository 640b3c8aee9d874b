/** The name of a number that the chain gave. */
export function nameAt<T extends string>(names: readonly T[], index: bigint): T {
  const name = names[Number(index)];
  if (name === undefined) throw new RangeError(`The chain said ${index}; known are ${names.join(", ")}.`);
  return name;
}
