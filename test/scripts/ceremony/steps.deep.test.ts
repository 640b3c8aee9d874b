import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { buildBn128 } from "ffjavascript";
import { powersOfTau, zKey } from "snarkjs";
import {
  applyBeacon,
  contribute,
  finish,
  start,
  type VerifyOptions,
  verifyCeremony,
} from "../../../scripts/ceremony/steps.ts";
import {
  digestOf,
  readTranscript,
  type Transcript,
  transcriptText,
} from "../../../scripts/ceremony/transcript.ts";
import { compile } from "../../../scripts/circuits/compile.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";
import { BUILD } from "../../../scripts/circuits/instances.ts";
import { hashFile } from "../../../scripts/circuits/manifest.ts";
import { ensurePhase1 } from "../../../scripts/circuits/phase1.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { tinyCircuit } from "../circuits/tiny.ts";

const BEACON = { hash: "0123456789abcdef".repeat(4), iterationsExp: 10 };
const quiet = () => {};

describe("ceremony", () => {
  let folder = "";
  let phase1 = { ptau: "", blake2b: "" };
  let tiny: ReturnType<typeof tinyCircuit>;
  let [alice, bob, beacon] = ["", "", ""].map((hash) => ({ hash, digest: "" })) as [Added, Added, Added];
  type Added = { hash: string; digest: string };
  const file = (name: string) => join(folder, name);
  const verify = (name: string, options: VerifyOptions = {}) =>
    verifyCeremony(file(name), phase1, { instance: tiny, ...options }, quiet);

  before(async () => {
    mkdirSync(BUILD, { recursive: true });
    folder = mkdtempSync(join(BUILD, "test-"));
    tiny = tinyCircuit(folder, 2);
    phase1 = await phase1Of(5);
    await start(tiny, phase1, file("0.zkey"), quiet);
    alice = await contribute(file("0.zkey"), file("1.zkey"), "Alice", quiet);
    bob = await contribute(file("1.zkey"), file("2.zkey"), "Bob", quiet);
    beacon = await applyBeacon(file("2.zkey"), file("3.zkey"), BEACON, quiet);
  });

  async function phase1Of(log2Size: number) {
    const [empty, contributed, ptau] = [
      file(`${log2Size}.empty`),
      file(`${log2Size}.contributed`),
      file(`${log2Size}.ptau`),
    ];
    await powersOfTau.newAccumulator(await buildBn128(), log2Size, empty);
    await powersOfTau.contribute(empty, contributed, "Zoe", "her secret");
    await powersOfTau.preparePhase2(contributed, ptau);
    return published(ptau);
  }

  function published(ptau: string) {
    return { ptau, blake2b: createHash("blake2b512").update(readFileSync(ptau)).digest("hex") };
  }

  /** Copies a key with its transcript, changed. */
  function copy(from: string, to: string, change: (transcript: Transcript) => void = () => {}): string {
    copyFileSync(file(`${from}.zkey`), file(`${to}.zkey`));
    const transcript = readTranscript(file(`${from}.transcript.json`));
    change(transcript);
    writeFileSync(file(`${to}.transcript.json`), transcriptText(transcript));
    return `${to}.zkey`;
  }

  after(async () => {
    rmSync(folder, { recursive: true });
    await stopThreads();
  });

  describe("start", () => {
    it("given a phase 1 with another hash than the published one, refuses it", async () => {
      const other = { ...phase1, blake2b: "00".repeat(64) };
      expect(await failure(start(tiny, other, file("new.zkey"), quiet))).to.contain("not 0000");
      expect(existsSync(file("new.zkey"))).to.equal(false);
    });

    it("given a phase 1 that nobody published, refuses it without --blake2b", async () => {
      const unknown = { ptau: phase1.ptau };
      expect(await failure(start(tiny, unknown, file("new.zkey"), quiet))).to.contain(
        "which circuits/phase1.json does not list",
      );
    });

    it("given the phase 1 of the development keys, with a publicly known tau, refuses it", async () => {
      const known = published(await ensurePhase1(5, folder));
      expect(await failure(start(tiny, known, file("new.zkey"), quiet))).to.contain("tau is publicly known");
      const verifying = verifyCeremony(file("3.zkey"), known, { instance: tiny }, quiet);
      expect(await failure(verifying)).to.contain("tau is publicly known");
      expect(existsSync(file("new.zkey"))).to.equal(false);
    });

    it("given a phase 1 too small for the circuit, refuses it and names one", async () => {
      const small = await phase1Of(2);
      expect(await failure(start(tiny, small, file("new.zkey"), quiet))).to.match(
        /^2.ptau has 2\^2 powers, and tiny needs 2\^4, such as https:.*_08.ptau\.$/,
      );
    });

    it("when repeated, or interrupted before its transcript, gives the same files", async () => {
      const before = readTranscript(file("0.transcript.json"));
      rmSync(file("0.transcript.json"));
      expect(await start(tiny, phase1, file("0.zkey"), quiet)).to.deep.equal(before);
      expect(readTranscript(file("0.transcript.json"))).to.deep.equal(before);
    });

    it("given the name of another file, does not overwrite it", async () => {
      expect(await failure(start(tiny, phase1, file("1.zkey"), quiet))).to.contain("is another file");
      expect(await failure(start(tiny, phase1, file("5.ptau"), quiet))).to.contain("ends with .zkey");
      expect(await failure(start(tiny, phase1, file("none/0.zkey"), quiet))).to.contain("There is no folder");
    });
  });

  describe("contribute", () => {
    it("when repeated, or interrupted before its transcript, keeps the contribution", async () => {
      const key = hashFile(file("1.zkey"));
      rmSync(file("1.transcript.json"));
      writeFileSync(file("1.zkey.4194305.partial"), "half of a key");
      expect(await contribute(file("0.zkey"), file("1.zkey"), "Alice", quiet)).to.deep.equal(alice);
      expect(hashFile(file("1.zkey"))).to.equal(key);
    });

    it("when it fails midway, leaves no half file", async () => {
      const ended = await contribute(file("0.zkey"), file("whole.zkey"), "Alice", (_, detail) => {
        if (detail !== undefined) throw new Error("interrupted");
      }).catch(String);
      expect(ended).to.equal("Error: interrupted");
      expect(readdirSync(folder).filter((name) => name.startsWith("whole"))).to.deep.equal([]);
    });

    it("given a file that exists, does not overwrite it", async () => {
      for (const from of ["0.zkey", "1.zkey", "2.zkey"]) {
        expect(await failure(contribute(file(from), file("1.zkey"), "Eve", quiet))).to.contain(
          "exists already",
        );
      }
      copyFileSync(file("0.transcript.json"), file("taken.transcript.json"));
      expect(await failure(contribute(file("0.zkey"), file("taken.zkey"), "Eve", quiet))).to.contain(
        "is another transcript",
      );
    });

    it("given a missing, foreign, damaged or finished key, refuses it", async () => {
      const trying = (name: string) => failure(contribute(file(name), file("x.zkey"), "Eve", quiet));
      expect(await trying("none.zkey")).to.contain("There is no file");
      expect(await trying("5.ptau")).to.contain("is not a zkey file");
      copyFileSync(phase1.ptau, file("ptau.zkey"));
      copyFileSync(file("0.transcript.json"), file("ptau.transcript.json"));
      expect(await trying("ptau.zkey")).to.contain("is not a zkey file");
      copyFileSync(file("1.zkey"), file("alone.zkey"));
      expect(await trying("alone.zkey")).to.contain("Get it with its key.");
      truncateSync(file(copy("1", "short")), statSync(file("1.zkey")).size - 100);
      expect(await trying("short.zkey")).to.contain("is damaged: it ends too early.");
      appendFileSync(file(copy("1", "long")), "x");
      expect(await trying("long.zkey")).to.contain("is damaged");
      expect(await trying("3.zkey")).to.contain("the ceremony is over");
      expect(existsSync(file("x.zkey"))).to.equal(false);
    });

    it("given an older key with the newest transcript, refuses it", async () => {
      copyFileSync(file("0.zkey"), file("old.zkey"));
      copyFileSync(file("2.transcript.json"), file("old.transcript.json"));
      expect(await failure(contribute(file("old.zkey"), file("x.zkey"), "Eve", quiet))).to.match(
        /is the key after 0 contributions, but .* has 2: take the newest key\./,
      );
    });

    it("given a name that is empty, too long or hides text, refuses it", async () => {
      for (const name of ["", " Eve", "Eve\n#2", "\u202eevE", "x".repeat(65)]) {
        expect(await failure(contribute(file("0.zkey"), file("x.zkey"), name, quiet))).to.contain("visible");
      }
    });
  });

  describe("beacon", () => {
    it("when repeated, changes nothing", async () => {
      expect(await applyBeacon(file("2.zkey"), file("3.zkey"), BEACON, quiet)).to.deep.equal(beacon);
      const other = { ...BEACON, hash: "ff" };
      expect(await failure(applyBeacon(file("2.zkey"), file("3.zkey"), other, quiet))).to.contain(
        "exists already",
      );
    });

    it("given a value that is not a number, or invalid iterations, refuses them", async () => {
      const trying = (value: typeof BEACON) =>
        failure(applyBeacon(file("2.zkey"), file("x.zkey"), value, quiet));
      expect(await trying({ ...BEACON, hash: "block" })).to.contain("in hexadecimal");
      for (const iterationsExp of [9, 64, 10.5, Number.NaN]) {
        expect(await trying({ ...BEACON, iterationsExp })).to.contain("10 to 63");
      }
    });

    it("given too few people, refuses it: one person twice is one", async () => {
      const trying = (name: string) => failure(applyBeacon(file(name), file("x.zkey"), BEACON, quiet));
      expect(await trying("1.zkey")).to.contain("has contributions of 1 people, and needs 2");
      await contribute(file("1.zkey"), file("twice.zkey"), "Alice", quiet);
      expect(await trying("twice.zkey")).to.contain("has contributions of 1 people, and needs 2");
    });
  });

  describe("verify", () => {
    it("given all contributions, lists them as snarkjs hashed them", async () => {
      const { contributions } = await verify("3.zkey");
      expect(contributions.map(({ name, hash }) => [name, hash])).to.deep.equal([
        ["Alice", alice.hash],
        ["Bob", bob.hash],
        ["a beacon", beacon.hash],
      ]);
      expect(contributions.map(({ beacon: value }) => value)).to.deep.equal([undefined, undefined, BEACON]);
      const lines: string[] = [];
      const log = { ...console, info: (line: string) => lines.push(line), debug: quiet };
      const inMemory = (path: string) => ({ type: "mem", data: readFileSync(path) });
      await zKey.verifyFromR1cs(await compiled(), inMemory(phase1.ptau), inMemory(file("3.zkey")), log);
      const printed = lines.join("").replaceAll(/\s/g, "");
      for (const { hash } of contributions) expect(printed).to.contain(hash);
    });

    it("given own hashes, finds the contribution by each of the two", async () => {
      await verify("3.zkey", { own: alice.hash.toUpperCase() });
      await verify("3.zkey", { own: bob.digest });
      await verify("3.zkey", { earlier: file("1.transcript.json") });
      expect(digestOf(readTranscript(file("3.transcript.json")), 2)).to.equal(bob.digest);
    });

    it("given a contributor who began anew from an older key, shows the loss", async () => {
      await contribute(file("1.zkey"), file("eve.zkey"), `Eve (${bob.hash.slice(0, 40)})`, quiet);
      expect(await failure(verify("eve.zkey", { own: bob.hash }))).to.contain(
        `has no contribution ${bob.hash}: it was left out.`,
      );
      expect(await failure(verify("eve.zkey", { earlier: file("2.transcript.json") }))).to.contain(
        "contributions were lost or changed",
      );
      await verify("eve.zkey", { own: alice.hash, earlier: file("1.transcript.json") });
    });

    it("given a key of another circuit or phase 1, refuses it", async () => {
      expect(await failure(verify("3.zkey", { instance: tinyCircuit(folder, 3) }))).to.contain(
        "is for another source of tiny",
      );
      const other = await phase1Of(4);
      const verifying = verifyCeremony(file("3.zkey"), other, { instance: tiny }, quiet);
      expect(await failure(verifying)).to.contain("not for 4.ptau");
    });

    it("given a transcript that was edited, refuses it", async () => {
      const edit = (change: (transcript: Transcript) => void) => failure(verify(copy("3", "edited", change)));
      const rename = ({ contributions: [first] }: Transcript) => Object.assign(first ?? {}, { name: "Ann" });
      expect(await edit(rename)).to.contain('says that contribution 1 is "Ann" with hash');
      expect(await edit(({ contributions }) => contributions.splice(1, 1))).to.contain(
        "contribution 2 begins with another key",
      );
      expect(await edit((transcript) => Object.assign(transcript, { r1cs: "00".repeat(32) }))).to.contain(
        "is for another source of tiny",
      );
      const anew = (transcript: Transcript) => {
        transcript.key = "11".repeat(32);
        Object.assign(transcript.contributions[0] ?? {}, { before: transcript.key });
      };
      expect(await edit(anew)).to.contain("begins with another key than this circuit and phase 1 give");
      // The hashes of keys in between are known to those only who had them. Their published hashes show the change.
      const between = ({ contributions: [first, second] }: Transcript) => {
        Object.assign(first ?? {}, { after: "22".repeat(32) });
        Object.assign(second ?? {}, { before: "22".repeat(32) });
      };
      const edited = copy("3", "edited", between);
      expect(await failure(verify(edited, { own: alice.digest }))).to.contain("it was left out");
      expect(await failure(verify(edited, { earlier: file("1.transcript.json") }))).to.contain("were lost");
    });

    it("given a key whose points were changed, refuses it though its transcript agrees", async () => {
      const forged = copy("3", "forged");
      const bytes = readFileSync(file(forged));
      const last = bytes.indexOf("Bob");
      bytes.write("Bop", last);
      // A point of the part that contributions change.
      const part = bytes.indexOf(Buffer.from([9, 0, 0, 0]), bytes.length / 2);
      bytes.copyWithin(part + 12, part + 12 + 64, part + 12 + 128);
      writeFileSync(file(forged), bytes);
      const transcript = readTranscript(file("3.transcript.json"));
      Object.assign(transcript.contributions[1] ?? {}, { name: "Bop" });
      Object.assign(transcript.contributions[2] ?? {}, { after: hashFile(file(forged)) });
      writeFileSync(file("forged.transcript.json"), transcriptText(transcript));
      expect(await failure(verify(forged))).to.contain("snarkjs refuses");
    });
  });

  describe("finish", () => {
    it("given no, or too few contributions, or no beacon, does not finish", async () => {
      const finishing = (name: string) =>
        failure(finish(file(name), phase1, file("out"), { instance: tiny }, quiet));
      expect(await finishing("0.zkey")).to.contain("has contributions of 0 people, and needs 2");
      expect(await finishing("1.zkey")).to.contain("has contributions of 1 people, and needs 2");
      expect(await finishing("2.zkey")).to.contain("has no beacon after its last contribution");
      expect(existsSync(file("out"))).to.equal(false);
    });

    it("given all contributions, writes the files for production; repeated, leaves them", async () => {
      await finish(file("3.zkey"), phase1, file("out"), { instance: tiny }, quiet);
      const manifest = JSON.parse(readFileSync(file("out/manifest.json"), "utf8"));
      const { setup, warning, phase1: start, phase2 } = manifest.instances.tiny;
      expect(setup).to.equal("ceremony");
      expect(warning).to.equal(undefined);
      expect(start).to.deep.equal({ ...phase1, ptau: "5.ptau" });
      expect(phase2).to.deep.equal({
        beacon: BEACON.hash,
        iterationsExp: BEACON.iterationsExp,
        contributions: [
          `contribution #1 "Alice": ${alice.hash}`,
          `contribution #2 "Bob": ${bob.hash}`,
          `contribution #3 "a beacon": ${beacon.hash}`,
        ],
        transcript: beacon.digest,
      });
      expect(manifest.instances.tiny.sha256).to.deep.equal({
        r1cs: hashFile(file("out/tiny.r1cs")),
        wasm: hashFile(file("out/tiny.wasm")),
        zkey: hashFile(file("3.zkey")),
        vkey: hashFile(file("out/tiny.ceremony.vkey.json")),
        verifier: hashFile(file("out/TinyVerifier.sol")),
      });
      expect(hashFile(file("out/tiny.ceremony.transcript.json"))).to.equal(beacon.digest);
      expect(readFileSync(file("out/TinyVerifier.sol"), "utf8")).not.to.contain("DEVELOPMENT SET-UP");
      expect(readdirSync(file("out"))).to.have.length(8);
      const key = JSON.parse(readFileSync(file("out/tiny.ceremony.vkey.json"), "utf8"));
      expect(await zKey.exportVerificationKey(file("3.zkey"))).to.deep.equal(key);

      await finish(file("3.zkey"), phase1, file("out"), { instance: tiny }, quiet);
      appendFileSync(file("out/tiny.wasm"), "x");
      expect(
        await failure(finish(file("3.zkey"), phase1, file("out"), { instance: tiny }, quiet)),
      ).to.contain("exists already with other content");
    });
  });

  async function compiled(): Promise<string> {
    await compile(tiny, folder);
    return file("tiny.r1cs");
  }
});

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(CircuitError);
  return (error as CircuitError).message;
}
