import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";

const PRINT = ["node", "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--"];

describe("run.mjs", () => {
  it("when arguments have spaces, quotes or signs of a shell, passes them unharmed", () => {
    const options = ["--ask", "what is light?", `it's "so"`, "$HOME", "*", "a\nb", ""];
    const { status, stdout } = run(...PRINT, ...options);
    expect(JSON.parse(stdout)).to.deep.equal(options);
    expect(status).to.equal(0);
  });

  it("when it runs node, takes the pinned one, not one of the system", () => {
    const { stdout } = spawnSync(process.execPath, ["scripts/run.mjs", "node", "-p", "process.execPath"], {
      encoding: "utf8",
      env: { ...process.env, PATH: "/usr/local/bin:/usr/bin:/bin" },
    });
    expect(stdout.trim()).to.match(/node_modules\/node\/bin\/node$/);
  });

  it("when the command fails, has its exit code", () => {
    expect(run("node", "-e", "process.exit(7)").status).to.equal(7);
  });

  it("when there is no such command, says so", () => {
    const { status, stderr } = run("benefit-grid-none");
    expect(status).to.equal(1);
    expect(stderr.trim()).to.equal("Could not run benefit-grid-none: spawn benefit-grid-none ENOENT");
  });

  it("when the command is killed, is killed by the same signal", () => {
    expect(
      run("node", "-e", "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60_000)").signal,
    ).to.equal("SIGTERM");
  });

  it("when it gets a signal, passes it on and waits for the command", async () => {
    const program = `
      process.on("SIGINT", () => { console.log("interrupted"); process.exit(5); });
      setInterval(() => {}, 1_000);
      console.log("ready");`;
    const child = spawn(process.execPath, ["scripts/run.mjs", "node", "-e", program]);
    expect(await nextLine(child)).to.equal("ready");
    child.kill("SIGINT");
    expect(await nextLine(child)).to.equal("interrupted");
    const [code] = await once(child, "close");
    expect(code).to.equal(5);
  });
});

function run(...parameters: string[]) {
  return spawnSync(process.execPath, ["scripts/run.mjs", ...parameters], { encoding: "utf8" });
}

/** The next output of the child, or "undefined" if it ends first. */
async function nextLine(child: ChildProcess): Promise<string> {
  const events = [once(child.stdout ?? child, "data"), once(child, "exit").then(() => [])];
  const [line] = await Promise.race(events);
  return String(line).trim();
}
