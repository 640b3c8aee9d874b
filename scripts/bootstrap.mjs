// Installs the pinned packages when node_modules does not match package-lock.json.
// Runs before every command (run.mjs), on any Node from 20 on, without dependencies.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(script));
const modules = join(root, "node_modules");
const stampFile = join(modules, ".bootstrap");
const lockText = readFileSync(join(root, "package-lock.json"), "utf8");
const stamp = `${createHash("sha256").update(lockText).digest("hex")} ${process.platform} ${process.arch}\n`;

/** The folder of the packages' commands, Node 24 among them. */
export const binaries = join(modules, ".bin");

// `import.meta.main` is unknown to Node 20.
if (realpathSync(process.argv[1]) === script) {
  if (process.argv.includes("--stamp")) writeFileSync(stampFile, stamp);
  else await bootstrap();
}

/** Installs the packages unless they are up to date. Ends this process on failure. */
export async function bootstrap() {
  if (!isInstalled() || missing().length > 0) await install();
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
}

// The npm of Node 20 silently skips Hardhat's native package, and `--ignore-scripts` leaves out Node 24.
function missing() {
  const problems = [];
  if (!existsSync(join(binaries, process.platform === "win32" ? "node.cmd" : "node"))) {
    problems.push("node_modules/.bin/node");
  }
  const native = Object.entries(JSON.parse(lockText).packages).filter(
    ([path, { os, cpu }]) =>
      path.startsWith("node_modules/@nomicfoundation/edr-") &&
      os?.includes(process.platform) &&
      cpu?.includes(process.arch),
  );
  if (native.length > 0 && !native.some(([path]) => existsSync(join(root, path)))) {
    problems.push(native.map(([path]) => path).join(" or "));
  }
  return problems;
}

async function install() {
  // A Node inside node_modules cannot install: its own files are about to be deleted.
  const [major, minor] = process.versions.node.split(".").map(Number);
  const isModern = (major > 22 || (major === 22 && minor >= 13)) && !process.execPath.startsWith(modules);
  const node = JSON.parse(lockText).packages["node_modules/node"].version;
  const command = isModern ? "npm ci" : `npx -y -p node@${node} npm ci`;

  // npx uses a package that it finds here, even an incomplete one.
  rmSync(modules, { recursive: true, force: true });
  const { code, output } = await run(command);
  const problems = code === 0 ? missing() : [];
  if (code === 0 && problems.length === 0) {
    writeFileSync(stampFile, stamp);
    return;
  }
  const tail = output.trim().split("\n").slice(-20).join("\n");
  const reason = code === 0 ? `these are still missing: ${problems.join(", ")}` : `exit code ${code}`;
  console.error(`${tail}\n\nCould not install the packages with "${command}": ${reason}.`);
  process.exit(1);
}

function run(command) {
  const started = Date.now();
  const report = (state, end) => {
    const seconds = Math.round((Date.now() - started) / 1000);
    process.stderr.write(
      `${process.stderr.isTTY ? "\r" : ""}Installing packages (${command}): ${state} ${seconds} s${end}`,
    );
  };
  report("running", process.stderr.isTTY ? "" : "\n");
  const interval = process.stderr.isTTY ? 1000 : 10_000;
  const timer = setInterval(() => report("running", process.stderr.isTTY ? "" : "\n"), interval);

  return new Promise((resolve) => {
    let output = "";
    // Its own process group: an interrupt must end npm and not only the shell around it.
    const detached = process.platform !== "win32";
    const child = spawn(command, { cwd: root, shell: true, detached, stdio: ["ignore", "pipe", "pipe"] });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const interrupt = () => {
      process.kill(detached ? -child.pid : child.pid, "SIGKILL");
      process.exit(1);
    };
    for (const signal of signals) process.once(signal, interrupt);
    const collect = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => collect(`${error.message}\n`));
    child.on("close", (code) => {
      clearInterval(timer);
      for (const signal of signals) process.off(signal, interrupt);
      report(code === 0 ? "done" : "failed", "\n");
      resolve({ code, output });
    });
  });
}
