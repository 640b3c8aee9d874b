// Builds the documentation's site into docs/.vitepress/dist: guides, errors, and the SDK's reference. Fails on dead links.
//   npm run docs                 builds the site
//   npm run docs -- --preview    builds it, and shows it at http://localhost:4173
//   npm run docs -- --errors     writes docs/errors.md alone
import { rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ERRORS_FILE, errorsPage } from "./docs/errors.ts";
import { runSteps } from "./lib/steps.ts";

const { values } = parseArgs({
  options: { preview: { type: "boolean", default: false }, errors: { type: "boolean", default: false } },
});

writeFileSync(ERRORS_FILE, errorsPage());
if (values.errors) console.log(`Wrote ${ERRORS_FILE}.`);
else await buildSite();

async function buildSite(): Promise<void> {
  // Pages of removed exports would stay.
  rmSync("docs/reference", { recursive: true, force: true });
  const steps = [
    { name: "SDK reference", command: "typedoc --options scripts/docs/typedoc.json" },
    { name: "site", command: "vitepress build docs", needs: ["SDK reference"] },
    ...(values.preview ? [{ name: "preview", command: "vitepress preview docs", needs: ["site"] }] : []),
  ];
  const results = await runSteps(steps);
  if (steps.some(({ name }) => !results.get(name)?.ok)) process.exitCode = 1;
  else console.log("The site is in docs/.vitepress/dist.");
}
