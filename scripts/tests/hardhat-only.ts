import { escapeRegExp } from "./declared.ts";

/** A test that cannot run against anvil, and why. A name that no test has makes the run fail. */
export type HardhatOnly = { readonly file: string; readonly name: string; readonly why: string };

export const HARDHAT_ONLY: readonly HardhatOnly[] = [
  {
    file: "test/scripts/lib/deployment.test.ts",
    name: "deployGrid when the genesis is wrong, or a rehearsal of it fails, sends nothing",
    why: "A rehearsal is on Hardhat's chain by design, and reports its errors by their names.",
  },
];

/** The Mocha options that leave these tests out. */
export function mochaWithout(tests: readonly HardhatOnly[]): { grep?: string; invert?: boolean } {
  if (tests.length === 0) return {};
  return { grep: `^(?:${tests.map(({ name }) => escapeRegExp(name)).join("|")})$`, invert: true };
}
