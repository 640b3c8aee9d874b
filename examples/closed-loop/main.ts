// The main job: the whole loop on real input, on a chain in this process or on a node.
import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import type { Deployment } from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { deployGrid, findDeployment } from "../../scripts/lib/deployment.ts";
import { connect } from "../../scripts/lib/network.ts";
import { checkQuestion } from "./answers/retrieval.ts";
import { runLoop } from "./loop.ts";
import { type Application, applications } from "./parties/questions.ts";
import { createPrinter, type Printer } from "./report/console.ts";
import { renderFlowSvg, renderReport } from "./report/page.ts";
import { printSummary } from "./report/summary.ts";

const USAGE = `Usage: npm start -- [options]

  --ask "..."     one customer asks your question, instead of five with theirs
  --rpc URL       runs on a node whose first account is unlocked and funded, such as anvil
  --report FILE   where the report goes, report.html unless given
  --flow FILE     also writes its picture, the flow of money, as SVG
  --help          prints this

Use is settled privately, with a proof. The first run also builds contracts and circuits, which takes some minutes.`;

type Flags = { ask?: string; rpc?: string; report: string; flow?: string; help: boolean };

// Whoever reads may stop early, as `| head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  const flags = readFlags();
  if (flags.help) console.log(USAGE);
  else await run(flags);
} catch (error) {
  console.error(`npm start: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      ask: { type: "string" },
      rpc: { type: "string" },
      report: { type: "string", default: "report.html" },
      flow: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.ask !== undefined) checkQuestion(values.ask);
  for (const file of [values.report, values.flow ?? values.report]) accessSync(dirname(file), constants.W_OK);
  return values;
}

async function run({ ask, rpc, report, flow }: Flags): Promise<void> {
  const printer = createPrinter();
  const connection = await connect({ rpc });
  try {
    const deployment = await printer.step("deploy the contracts", () => deploy(connection));
    const model = await runLoop({
      connection,
      deployment,
      printer,
      applications: ask === undefined ? applications : asking(ask),
      network: `${rpc ?? "a chain in this process"}, chain ${deployment.chainId}`,
      canWarp: rpc === undefined,
    });
    printSummary(printer, model);
    save(printer, report, renderReport(model));
    if (flow !== undefined) save(printer, flow, renderFlowSvg(model));
  } finally {
    await connection.close();
  }
}

/** On a node the recorded deployment serves as long as it is there; a chain in this process starts empty. */
async function deploy(connection: NetworkConnection): Promise<Deployment> {
  const found = await findDeployment(connection);
  if (found?.contracts.TestUSD) return found as Deployment;
  return (await deployGrid(connection)) as Deployment;
}

function asking(question: string): Application[] {
  return [
    { name: "Your application", contexts: ["research"], customers: [{ name: "you", questions: [question] }] },
  ];
}

function save(printer: Printer, file: string, text: string): void {
  writeFileSync(file, text);
  printer.line(`Wrote ${file}.`);
}
