import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { readContributions } from "../../../scripts/ceremony/key.ts";
import { readPublished } from "../../../scripts/ceremony/phase1.ts";
import { hashFile, readManifest } from "../../../scripts/circuits/manifest.ts";
import { makePhase1 } from "../../../scripts/circuits/phase1.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { copyRepository, type Repository } from "./repository.ts";

const BEACON = "0123456789abcdef".repeat(4);
const PEOPLE = ["Alice", "Bob", "Carol"];
const MANIFEST = "circuits/keys/manifest.json";

// Everything happens in a copy of the repository, in this order.
describe("npm run ceremony, from a published phase 1 to production", () => {
  let copy: Repository;
  let blake2b = "";
  let url = "";
  const server = createServer((request, response) => {
    response.end(readFileSync(copy.path(basename(request.url ?? ""))));
  });

  before(async () => {
    copy = copyRepository();
    // Fast to make, and another tau than the development keys'.
    const ptau = copy.path("phase1.ptau");
    await makePhase1(ptau, 12, "ab".repeat(32));
    blake2b = createHash("blake2b512").update(readFileSync(ptau)).digest("hex");
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/phase1.ptau`;
  });

  after(async () => {
    server.close();
    copy.remove();
    await stopThreads();
  });

  const ceremony = async (...parameters: string[]) => {
    const { status, out, err } = await copy.node("scripts/ceremony.ts", ...parameters);
    expect(status, err).to.equal(0);
    return out;
  };
  const refusal = async (...parameters: string[]) => {
    const { status, err } = await copy.node("scripts/ceremony.ts", ...parameters);
    expect(status).to.equal(1);
    return err.split("npm run ceremony: ")[1] ?? err;
  };
  const succeed = async (command: string, ...parameters: string[]) => {
    const { status, out, err } = await copy.run(command, ...parameters);
    expect(status, `${out}\n${err}`).to.equal(0);
    return out;
  };

  /** Each person gets key and transcript from the one before, and works in a folder of their own. */
  async function hold(circuit: string): Promise<void> {
    const folder = copy.path(`ceremony/${circuit}`);
    mkdirSync(folder);
    const tau = ["--ptau", url, "--blake2b", blake2b];
    let zkey = join(folder, "0.zkey");
    await ceremony("start", circuit, ...tau, "--out", zkey);
    for (const name of PEOPLE) {
      const place = join(folder, name);
      mkdirSync(place);
      for (const ending of ["zkey", "transcript.json"])
        copyFileSync(zkey.replace(/zkey$/, ending), join(place, `got.${ending}`));
      zkey = join(place, "mine.zkey");
      const command = ["contribute", join(place, "got.zkey"), "--name", name, "--out", zkey];
      if (name === "Bob") await interrupt(command, place);
      await ceremony(...command);
      expect(readdirSync(place)).to.have.members([
        "got.transcript.json",
        "got.zkey",
        "mine.transcript.json",
        "mine.zkey",
      ]);
    }
    const last = join(folder, "last.zkey");
    await ceremony("beacon", zkey, "--beacon", BEACON, "--iterations", "10", "--out", last);
    await ceremony("finish", last, ...tau, "--out", join(folder, "result"));
  }

  /** Kills a contribution while it writes. Either no key is there, or a whole one. */
  async function interrupt(command: string[], place: string): Promise<void> {
    const child = spawn(process.execPath, ["scripts/ceremony.ts", ...command], {
      cwd: copy.path(""),
      stdio: "ignore",
    });
    const ended = new Promise((done) => child.on("close", done));
    while (child.exitCode === null && !readdirSync(place).some((name) => name.includes(".partial")))
      await sleep(5);
    child.kill("SIGKILL");
    await ended;
    if (existsSync(join(place, "mine.zkey")))
      expect(readContributions(join(place, "mine.zkey"))).to.have.length(2);
  }

  /** Runs the guide's commands in order, with another phase 1. @returns what they print, by command */
  async function followGuide(): Promise<Record<string, string[]>> {
    const text = readFileSync("docs/guides/ceremony.md", "utf8");
    const lines = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, code = ""]) =>
      code.trim().split("\n"),
    );
    expect(lines).to.have.length(8);
    const { location, blake2b: known } = readPublished();
    const printed: Record<string, string[]> = {};
    mkdirSync(copy.path("ceremony"));
    for (const line of lines) {
      const [command = "", ...words] = line.split(" ").slice(4);
      expect(line.startsWith(`npm run ceremony -- ${command}`)).to.equal(true);
      const place = words.indexOf("--ptau");
      if (place >= 0) {
        expect(known).to.have.property(words[place + 1]?.replace(location, "") ?? "");
        words.splice(place + 1, 1, url, "--blake2b", blake2b);
      }
      if (command !== "install")
        printed[command] = [...(printed[command] ?? []), await ceremony(command, ...words)];
    }
    return printed;
  }

  it("when three people follow the guide, anybody verifies it by the transcript", async () => {
    const printed = await followGuide();
    const hashes = (printed.contribute ?? []).map(
      (out) => /^contribution ([0-9a-f]{128})$/m.exec(out)?.[1] ?? "",
    );
    expect(new Set(hashes).size).to.equal(PEOPLE.length);
    PEOPLE.forEach((name, i) => {
      expect(printed.verify?.[0]).to.contain(`contribution #${i + 1} "${name}": ${hashes[i]}`);
    });
    expect(printed.verify?.[0]).to.contain("This does not show who the contributors are");
    expect(printed.finish?.[0]).to.contain("npm run ceremony -- install ceremony/result");
    const options = ["--ptau", copy.path("phase1.ptau"), "--blake2b", blake2b, "--own", "00".repeat(64)];
    expect(await refusal("verify", "ceremony/4.zkey", ...options)).to.contain("it was left out");
  });

  it("given a result that was changed, installs nothing", async () => {
    const before = stateOf(copy);
    const tamper = async (name: string, change: (text: string) => string) => {
      cpSync(copy.path("ceremony/result"), copy.path("ceremony/changed"), { recursive: true });
      const file = copy.path(`ceremony/changed/${name}`);
      writeFileSync(file, change(readFileSync(file, "latin1")), "latin1");
      const message = await refusal("install", "ceremony/changed");
      rmSync(copy.path("ceremony/changed"), { recursive: true });
      return message;
    };
    const ours = "is not what its key and these sources give: run finish again.";
    expect(await tamper("usage-range.ceremony.vkey.json", (text) => text.replace("1", "2"))).to.contain(ours);
    expect(await tamper("UsageRangeVerifier.sol", (text) => text.replace("return", "return "))).to.contain(
      ours,
    );
    expect(await tamper("usage-range.wasm", (text) => `${text} `)).to.contain(ours);
    expect(await tamper("manifest.json", (text) => text.replace("Carol", "Clara"))).to.contain(ours);
    expect(await tamper("manifest.json", (text) => text.replace("usage-range", "none"))).to.contain(
      "no circuit none",
    );
    expect(await tamper("manifest.json", (text) => text.replace('"ceremony"', '"dev-insecure"'))).to.contain(
      "is not the result of a ceremony",
    );
    expect(
      await tamper("usage-range.ceremony.transcript.json", (text) => text.replace("Bob", "Bop")),
    ).to.contain('contribution 2 is "Bop"');
    expect(await tamper("usage-range.ceremony.zkey", (text) => text.slice(0, -1))).to.contain("is damaged");
    expect(await refusal("install", "docs")).to.contain("Pass a folder that `finish` wrote.");
    expect(stateOf(copy)).to.deep.equal(before);
  });

  it("when the result is installed, also twice or after an interruption, all names are the ceremony's", async () => {
    const out = await ceremony("install", "ceremony/result");
    expect(out).to.contain(
      "Development keys are left: usage-batch-16x4, usage-batch-128x16. A deployment needs all.",
    );
    const after = stateOf(copy);
    await ceremony("install", "ceremony/result");
    expect(stateOf(copy)).to.deep.equal(after);
    // As if the first call had ended before the manifest.
    copyFileSync(MANIFEST, copy.path(MANIFEST));
    await ceremony("install", "ceremony/result");
    expect(stateOf(copy)).to.deep.equal(after);
    expect(Object.keys(after).filter((name) => name.includes("usage-range"))).to.deep.equal([
      "circuits/build/usage-range.ceremony.zkey",
      "circuits/build/usage-range.r1cs",
      "circuits/build/usage-range.sym",
      "circuits/build/usage-range.wasm",
      "circuits/keys/usage-range.ceremony.transcript.json",
      "circuits/keys/usage-range.ceremony.vkey.json",
    ]);
  });

  it("when the repository is built with it, checks and circuits' tests pass", async () => {
    await succeed("node", "scripts/build.ts");
    for (const check of ["scripts/circuits.ts", "bench/zk.ts", "scripts/deploy.ts", "bench/gas.ts"])
      await succeed("node", check, "--check");
    await succeed("biome", "check", "--error-on-warnings", ".");
    const tests = ["manifest", "development-key", "verification-key", "verifier", "build"];
    await succeed(
      "hardhat",
      ...[
        "test",
        "mocha",
        "--no-compile",
        "test/circuits/usage-range.test.ts",
        "test/sdk/proofs/groth16.test.ts",
      ],
      ...tests.map((name) => `test/scripts/circuits/${name}.test.ts`),
    );
  });

  it("when only comments change, keeps its key; when constraints change, only without it", async () => {
    const source = "circuits/src/usage-range.circom";
    const text = readFileSync(copy.path(source), "utf8");
    const write = (...options: string[]) =>
      copy.node("scripts/circuits.ts", "usage-range", "--write", ...options);
    const setup = () => JSON.parse(readFileSync(copy.path(MANIFEST), "utf8")).instances["usage-range"].setup;
    const key = hashFile(copy.path("circuits/build/usage-range.ceremony.zkey"));

    copy.change(source, (old) => `// One line more.\n${old}`);
    expect((await copy.node("scripts/circuits.ts", "usage-range")).err).to.contain("After a wanted change");
    expect((await write()).status).to.equal(0);
    await succeed("node", "scripts/circuits.ts", "--check");
    expect(hashFile(copy.path("circuits/build/usage-range.ceremony.zkey"))).to.equal(key);

    copy.change(source, (old) => old.replace("(max - units);", "$&\n    _ <== Num2Bits(65)(max);"));
    const refused = await write();
    expect(refused.err).to.contain("so the key of its ceremony no longer fits");
    expect(setup()).to.equal("ceremony");
    writeFileSync(copy.path(source), text);
    expect((await write("--discard-ceremony")).status).to.equal(0);
    expect(setup()).to.equal("dev-insecure");
    expect(JSON.parse(readFileSync(copy.path(MANIFEST), "utf8"))).to.deep.equal(readManifest());
    await ceremony("install", "ceremony/result");
  });

  it("when all circuits have such keys, deploys to production and settles without a warning", async () => {
    expect((await copy.node("test/scripts/ceremony/production.ts")).err).to.match(
      /The proving keys of usage-batch-16x4, usage-batch-128x16 are dev-insecure/,
    );
    // A small circuit in place of the large ones.
    copy.change("circuits/circuits.json", (text) => {
      const { "usage-batch-16x4": batch, "usage-range": range } = JSON.parse(text);
      return JSON.stringify(
        { "usage-batch-1x2": { ...batch, params: [1, 2] }, "usage-range": range },
        null,
        2,
      );
    });
    await hold("usage-batch-1x2");
    expect(await ceremony("install", "ceremony/usage-batch-1x2/result")).to.contain("Correct what these say");
    await succeed("node", "scripts/build.ts");
    const printed = await succeed("node", "test/scripts/ceremony/production.ts");
    expect(JSON.parse(printed.trim().split("\n").at(-1) ?? "")).to.deep.equal({
      chainId: 10_420,
      circuit: "usage-batch-1x2",
      settled: "1234",
      isWithin: true,
      warnings: [],
    });
  });
});

/** The hashes of all files that an installation changes. */
function stateOf({ path }: Repository): Record<string, string> {
  const folders = ["circuits/build", "circuits/keys", "contracts/verifiers"];
  const files = folders.flatMap((folder) =>
    readdirSync(path(folder))
      .map((name) => `${folder}/${name}`)
      .filter((file) => existsSync(path(file)) && !file.endsWith("/test") && !file.endsWith(".ptau")),
  );
  return Object.fromEntries(files.sort().map((file) => [file, hashFile(path(file))]));
}
