#!/usr/bin/env node
// npm create @benefit-grid [FOLDER] -- [--template NAME]
import { relative } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { CreateError, createProject } from "./createProject.js";
import { isTemplate, TEMPLATES } from "./templates.js";

const LIST = Object.entries(TEMPLATES)
  .map(([name, text]) => `  ${name.padEnd(10)} ${text}`)
  .join("\n");
const USAGE = `Usage: npm create @benefit-grid [FOLDER] -- [--template NAME]

Templates:
${LIST}`;
process.exitCode = await main(process.argv.slice(2));
async function main(argv) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { template: { type: "string", short: "t" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    if (positionals.length > 1) throw new CreateError(`One folder is enough; got ${positionals.join(", ")}.`);
    // A wrong template is refused before any question.
    const given = values.template === undefined ? undefined : templateOf(values.template);
    const folder = positionals[0] ?? (await ask("Folder of the project", "my-grid"));
    const template = given ?? templateOf(await ask(`${LIST}\nTemplate`, "service"));
    const path = createProject(folder, template);
    console.log(
      `Created ${path}. Next:\n\n  cd ${relative(".", path) || "."}\n  npm install\n  npm test\n\nThen read README.md.`,
    );
    return 0;
  } catch (error) {
    const isUsage = error.code?.startsWith("ERR_PARSE_ARGS") ?? false;
    if (!isUsage && !(error instanceof CreateError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 1;
  }
}
function templateOf(name) {
  if (isTemplate(name)) return name;
  throw new CreateError(`There is no template "${name}". Choose ${Object.keys(TEMPLATES).join(", ")}.`);
}
async function ask(question, proposal) {
  if (!process.stdin.isTTY)
    throw new CreateError("Name folder and template: nobody is here to answer questions.");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question(`${question} (${proposal}): `)).trim() || proposal;
  } finally {
    lines.close();
  }
}
