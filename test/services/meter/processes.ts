import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Starts a script in a process of its own. It finds its parameters in the environment. */
export function startNode(script: string, parameters: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
    env: { ...process.env, PARAMETERS: JSON.stringify(parameters) },
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** Runs a script to its end. */
export async function runNode(script: string, parameters: Record<string, string>) {
  const child = startNode(script, parameters);
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, "close");
  return { code, output };
}
