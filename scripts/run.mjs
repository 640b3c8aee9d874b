// Runs one command of the project: node scripts/run.mjs [--build] COMMAND [ARGUMENT ...]
// Every npm script starts here, on any Node from 20 on. Installs the pinned packages if they are absent or stale, and
// with --build updates the build. The command itself runs on the pinned Node.
import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { binaries, bootstrap } from "./bootstrap.mjs";

// Windows finds the commands there (node.cmd) only through a shell, which splits arguments at spaces.
const shell = process.platform === "win32";
const quote = (argument) => (shell ? `"${argument.replaceAll('"', '\\"')}"` : argument);

const parameters = process.argv.slice(2);
const isBuilding = parameters[0] === "--build";
const [command, ...options] = isBuilding ? parameters.slice(1) : parameters;

await bootstrap();
// Standard output stays free for the command's results.
if (isBuilding) await run("node", ["scripts/build.ts"], ["inherit", 2, "inherit"]);
await run(command, options, "inherit");

/** Returns if the command succeeds; otherwise ends this process in the same way. */
function run(name, options, stdio) {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` };
  const child = spawn(name, options.map(quote), { stdio, env, shell });
  const forward = (signal) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`Could not run ${name}: ${error.message}`);
      process.exit(1);
    });
    child.on("close", (code, signal) => {
      for (const each of signals) process.off(each, forward);
      if (signal) process.kill(process.pid, signal);
      else if (code === 0) resolve();
      else process.exit(code);
    });
  });
}
