/**
 * Problems of a coverage report, a sentence each: a source that is not in it, or has lines that no test ran.
 *
 * @param lcov the report's text
 * @param sources files that must be in it, all of whose lines must be covered
 */
export function coverageProblems(lcov: string, sources: readonly string[]): string[] {
  const lines = new Map(lcov.split("end_of_record").flatMap(parseRecord));
  return sources.flatMap((source) => {
    const found = lines.get(source);
    if (found === undefined || found.size === 0) return [`${source} is not in the coverage report.`];
    const missed = [...found].filter(([, hits]) => hits === 0).map(([line]) => line);
    return missed.length > 0 ? [`${source}: no test runs line ${missed.join(", ")}.`] : [];
  });
}

/** The contracts whose lines count: interfaces have none, verifiers are generated, and testing is for users' tests. */
export function isCovered(source: string): boolean {
  return !/\/I[A-Z]\w*\.sol$/.test(source) && !/^contracts\/(testing|verifiers)\//.test(source);
}

function parseRecord(record: string): [string, Map<number, number>][] {
  const name = record.match(/^SF:(.+)$/m)?.[1];
  if (name === undefined) return [];
  const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(
    ([, line, hits]) => [Number(line), Number(hits)] as const,
  );
  return [[name, new Map(lines)]];
}
