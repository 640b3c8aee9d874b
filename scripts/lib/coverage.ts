import { readFileSync } from "node:fs";

const THRESHOLD = 95;

/** The files of contracts/ in an lcov report that have too few of their lines covered, each as a sentence. */
export function coverageFailures(lcovFile: string): string[] {
  const files = readFileSync(lcovFile, "utf8").split("end_of_record").flatMap(parseRecord);
  if (files.length === 0) return ["The coverage report has no file of contracts/."];
  return files
    .map(({ name, found, hit }) => ({ name, percent: (100 * hit) / found }))
    .filter(({ percent }) => percent < THRESHOLD)
    .map(({ name, percent }) => `${name}: ${percent.toFixed(1)} % of lines covered, ${THRESHOLD} % needed.`);
}

function parseRecord(record: string): { name: string; found: number; hit: number }[] {
  const name = record.match(/^SF:(contracts\/.+)$/m)?.[1];
  const found = Number(record.match(/^LF:(\d+)$/m)?.[1] ?? 0);
  const hit = Number(record.match(/^LH:(\d+)$/m)?.[1] ?? 0);
  return name && found > 0 ? [{ name, found, hit }] : [];
}
