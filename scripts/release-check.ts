// Proves that this commit can be released: versions, changelog, every check and every test, also against anvil. It takes
// about an hour on two cores.
//   npm run release:check                 all of it
//   npm run release:check -- --dry-run    versions, changelog and changed files alone
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { releaseProblems } from "./lib/release.ts";
import { runSteps, type Step } from "./lib/steps.ts";

/** One after another: each uses all cores. */
const STEPS: readonly Step[] = [
  { name: "checks and tests", command: "node scripts/test.ts" },
  // Packages, bundlers, templates, empty projects, deployments, the ceremony and the site are among them.
  { name: "long tests", command: "node scripts/test.ts --deep", needs: ["checks and tests"] },
  { name: "tests on anvil", command: "node scripts/test.ts --anvil", needs: ["long tests"] },
  { name: "closed loop", command: "node scripts/example.ts closed-loop", needs: ["tests on anvil"] },
];

const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
const folders = globSync("{contracts,create,sdk,circuits,circuits/128x16,services/*}/package.json").map(
  dirname,
);
const problems = releaseProblems({
  manifests: Object.fromEntries(
    folders.map((folder) => [folder, JSON.parse(readFileSync(`${folder}/package.json`, "utf8"))]),
  ),
  changelog: readFileSync("CHANGELOG.md", "utf8"),
  changedFiles: execFileSync("git", ["status", "--porcelain"], { encoding: "utf8" }).trim(),
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else if (!values["dry-run"]) {
  const results = await runSteps(STEPS);
  if (STEPS.some(({ name }) => !results.get(name)?.ok)) process.exitCode = 1;
}
if (process.exitCode !== 1)
  console.log(values["dry-run"] ? "Versions and changelog are ready." : "Ready to release.");
