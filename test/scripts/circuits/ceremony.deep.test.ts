import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { buildBn128 } from "ffjavascript";
import { powersOfTau, zKey } from "snarkjs";
import {
  applyBeacon,
  contribute,
  finish,
  start,
  verifyCeremony,
} from "../../../scripts/circuits/ceremony.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";
import { BUILD } from "../../../scripts/circuits/instances.ts";
import { hashFile } from "../../../scripts/circuits/manifest.ts";
import { ensurePhase1 } from "../../../scripts/circuits/phase1.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { tinyCircuit } from "./tiny.ts";

const BEACON = { hash: "0123456789abcdef".repeat(4), iterationsExp: 10 };

describe("ceremony", () => {
  let folder = "";
  let phase1 = { ptau: "", blake2b: "" };
  let tiny: ReturnType<typeof tinyCircuit>;
  let [alices, bobs, beacons] = ["", "", ""];
  const file = (name: string) => join(folder, name);

  before(async () => {
    mkdirSync(BUILD, { recursive: true });
    folder = mkdtempSync(join(BUILD, "test-"));
    tiny = tinyCircuit(folder, 2);
    phase1 = await phase1Of(5);
    await start(tiny, phase1, file("0.zkey"));
    alices = await contribute(file("0.zkey"), file("1.zkey"), "Alice");
    bobs = await contribute(file("1.zkey"), file("2.zkey"), "Bob");
    beacons = await applyBeacon(file("2.zkey"), file("3.zkey"), BEACON);
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

  after(async () => {
    rmSync(folder, { recursive: true });
    await stopThreads();
  });

  it("given a phase 1 with another hash than the published one, refuses it", async () => {
    const other = { ...phase1, blake2b: "00".repeat(64) };
    expect(await failure(start(tiny, other, file("new.zkey")))).to.contain("not 0000");
    expect(existsSync(file("new.zkey"))).to.equal(false);
  });

  it("given the phase 1 of the development keys, with a publicly known tau, refuses it", async () => {
    const known = published(await ensurePhase1(5, folder));
    expect(await failure(start(tiny, known, file("new.zkey")))).to.contain("tau is publicly known");
    expect(await failure(verifyCeremony(tiny, file("3.zkey"), known))).to.contain("tau is publicly known");
    expect(existsSync(file("new.zkey"))).to.equal(false);
  });

  it("given a phase 1 too small for the circuit, refuses it", async () => {
    const small = await phase1Of(2);
    expect(await failure(start(tiny, small, file("new.zkey")))).to.contain(
      "has 2^2 powers, and tiny needs 2^4.",
    );
  });

  it("given a file that exists, does not overwrite it", async () => {
    expect(await failure(contribute(file("0.zkey"), file("1.zkey"), "Eve"))).to.contain("exists already");
  });

  it("given a beacon that is not a number, refuses it", async () => {
    const beacon = { hash: "block", iterationsExp: 10 };
    expect(await failure(applyBeacon(file("2.zkey"), file("x.zkey"), beacon))).to.contain("in hexadecimal");
  });

  it("given invalid iterations, refuses them", async () => {
    for (const iterationsExp of [9, 64, 10.5, Number.NaN]) {
      const beacon = { ...BEACON, iterationsExp };
      expect(await failure(applyBeacon(file("2.zkey"), file("x.zkey"), beacon))).to.contain("10 to 63");
    }
  });

  it("given a missing file, says so", async () => {
    expect(await failure(contribute(file("none.zkey"), file("x.zkey"), "Eve"))).to.contain(
      "There is no file",
    );
  });

  it("given no, or too few contributions, or no beacon, does not finish", async () => {
    const finishing = (name: string) => failure(finish(tiny, file(name), phase1, file("out")));
    expect(await finishing("0.zkey")).to.contain("has 0 contributions, and needs 2");
    expect(await finishing("1.zkey")).to.contain("has 1 contributions, and needs 2");
    expect(await finishing("2.zkey")).to.contain("has no beacon after its last contribution");
    expect(existsSync(file("out"))).to.equal(false);
  });

  it("given a key of another circuit, refuses it", async () => {
    expect(await failure(verifyCeremony(tinyCircuit(folder, 3), file("3.zkey"), phase1))).to.contain(
      "snarkjs refuses",
    );
  });

  it("given all contributions, lists them", async () => {
    const contributions = await verifyCeremony(tiny, file("3.zkey"), phase1);
    expect(contributions.map(({ description }) => description)).to.deep.equal([
      `contribution #1 "Alice": ${alices}`,
      `contribution #2 "Bob": ${bobs}`,
      `contribution #3 "a beacon": ${beacons}`,
    ]);
    expect(contributions.map(({ beacon }) => beacon)).to.deep.equal([undefined, undefined, BEACON]);
  });

  it("given a missing contribution, says so, even if another has its hash in the name", async () => {
    const name = `Eve:\n\t\t${bobs.slice(0, 50)}`;
    await contribute(file("1.zkey"), file("eve.zkey"), name);
    expect(await failure(verifyCeremony(tiny, file("eve.zkey"), phase1, bobs))).to.contain(
      `has no contribution ${bobs}: it was left out.`,
    );
    const [first, second] = await verifyCeremony(tiny, file("eve.zkey"), phase1, alices.toUpperCase());
    expect([first?.hash, second?.description.split(": ")[0]]).to.deep.equal([
      alices,
      `contribution #2 ${JSON.stringify(name).split(": ")[0]}`,
    ]);
  });

  it("given all contributions, writes the files for production", async () => {
    await finish(tiny, file("3.zkey"), phase1, file("out"));
    const manifest = JSON.parse(readFileSync(file("out/manifest.json"), "utf8"));
    const { setup, warning, phase1: start, phase2 } = manifest.instances.tiny;
    expect(setup).to.equal("ceremony");
    expect(warning).to.equal(undefined);
    expect(start).to.deep.equal({ ...phase1, ptau: "5.ptau" });
    expect(phase2).to.deep.include({ beacon: BEACON.hash, iterationsExp: BEACON.iterationsExp });
    expect(manifest.instances.tiny.sha256).to.deep.equal({
      r1cs: hashFile(file("out/tiny.r1cs")),
      wasm: hashFile(file("out/tiny.wasm")),
      zkey: hashFile(file("3.zkey")),
      vkey: hashFile(file("out/tiny.ceremony.vkey.json")),
      verifier: hashFile(file("out/TinyVerifier.sol")),
    });
    expect(readFileSync(file("out/TinyVerifier.sol"), "utf8")).not.to.contain("DEVELOPMENT SET-UP");
    expect(readdirSync(file("out"))).to.have.length(7);
    const key = JSON.parse(readFileSync(file("out/tiny.ceremony.vkey.json"), "utf8"));
    expect(await zKey.exportVerificationKey(file("3.zkey"))).to.deep.equal(key);
  });
});

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(CircuitError);
  return (error as CircuitError).message;
}
