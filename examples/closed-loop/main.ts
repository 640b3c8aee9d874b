// Runs the closed loop on real input, on a chain in this process or on a node.
import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import type { Deployment } from "@benefit-grid/sdk";
import type { NetworkConnection } from "hardhat/types/network";
import { deployGrid, findDeployment } from "../../scripts/lib/deployment.ts";
import { connect } from "../../scripts/lib/network.ts";
import { checkQuestion } from "./answers/retrieval.ts";
import { runLoop } from "./loop.ts";
import { type Application, applications } from "./parties/questions.ts";
import { createPrinter } from "./report/console.ts";
import { renderFlowSvg, renderReport } from "./report/page.ts";
import { printDetails, printResult } from "./report/summary.ts";

const USAGE = `Usage: npm start -- [options]

  --ask "..."     one customer asks your question, instead of five with their own
  --rpc URL       runs on a node with an unlocked and funded first account, such as anvil
  --report FILE   writes the report to FILE instead of report.html
  --flow FILE     also writes the report's picture, the flow of money, as SVG
  --verbose       also prints the report's tables
  --help          prints this

Use is settled privately, with a proof. The first run also builds contracts and circuits: some minutes.`;

type Flags = {
  ask?: string;
  rpc?: string;
  report: string;
  flow?: string;
  verbose: boolean;
  help: boolean;
};

// The reader may stop early, as in `npm start | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  const flags = readFlags();
  if (flags.help) console.log(USAGE);
  else if (!(await run(flags))) process.exitCode = 1;
} catch (error) {
  const { message, code = "" } = error as NodeJS.ErrnoException;
  const hint = code.startsWith("ERR_PARSE_ARGS") ? ". See npm start -- --help." : "";
  console.error(`npm start: ${message}${hint}`);
  process.exitCode = 1;
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      ask: { type: "string" },
      rpc: { type: "string" },
      report: { type: "string", default: "report.html" },
      flow: { type: "string" },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.ask !== undefined) checkQuestion(values.ask);
  checkFile(values.report);
  if (values.flow !== undefined) checkFile(values.flow);
  return values;
}

/** Fails before the run instead of after it. */
function checkFile(file: string): void {
  accessSync(dirname(file), constants.W_OK);
  if (file === "" || statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`A file's name is needed, got "${file}".`);
}

/** Returns whether every law of conservation holds. */
async function run({ ask, rpc, report, flow, verbose }: Flags): Promise<boolean> {
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
    if (verbose) printDetails(printer, model);
    const isKept = printResult(printer, model);
    writeFileSync(report, renderReport(model));
    if (flow !== undefined) writeFileSync(flow, renderFlowSvg(model));
    const files = flow === undefined ? report : `${report} and ${flow}`;
    printer.line(`Wrote ${files}.${verbose ? "" : " --verbose prints the report's tables here."}`);
    return isKept;
  } finally {
    await connection.close();
  }
}

/** On a node, the recorded deployment if it is still there; a chain in this process starts empty. */
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
