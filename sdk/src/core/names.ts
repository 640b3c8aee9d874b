/** The name at an index from the chain. */
export function nameAt<T extends string>(names: readonly T[], index: bigint): T {
  const name = names[Number(index)];
  if (name === undefined)
    throw new RangeError(
      `The chain returned ${index}, but this package knows only 0 to ${names.length - 1}: ${names.join(", ")}. Update the package.`,
    );
  return name;
}
