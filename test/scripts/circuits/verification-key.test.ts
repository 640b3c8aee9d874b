import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { buildBn128 } from "ffjavascript";
import { groth16, zKey } from "snarkjs";
import { ensureCircuits } from "../../../scripts/circuits/build.ts";
import { createFixedBase } from "../../../scripts/circuits/fixed-base.ts";
import { writeInitialKey } from "../../../scripts/circuits/initial-key.ts";
import { BUILD, builtFiles, readInstances } from "../../../scripts/circuits/instances.ts";
import { committedFiles, readManifest } from "../../../scripts/circuits/manifest.ts";
import { BEACON, publicTau } from "../../../scripts/circuits/public-tau.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { checkVerificationKey, type VerificationKey } from "../../../scripts/circuits/verification-key.ts";

const NAME = "usage-range";
// A usage word, a license id and an impossible range: min is above max.
const FALSE_SIGNALS = ["1", "2", "20", "10"];

describe("checkVerificationKey", () => {
  let folder = "";
  let initial: VerificationKey;
  let finished: VerificationKey;

  before(async () => {
    await ensureCircuits([NAME]);
    folder = mkdtempSync(join(BUILD, "test-"));
    [initial, finished] = await exportKeys(folder);
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await stopThreads();
  });

  it("given a key with delta equal to gamma, refuses it: a proof of anything can be forged", async () => {
    expect(await groth16.verify(initial, FALSE_SIGNALS, await forge(initial, FALSE_SIGNALS))).to.equal(true);
    expect(() => checkVerificationKey(NAME, initial, 4)).to.throw(
      "The key of usage-range accepts forged proofs: its delta equals its gamma.",
    );
  });

  it("given the same key after phase 2, accepts it: the forgery fails", async () => {
    expect(await groth16.verify(finished, FALSE_SIGNALS, await forge(finished, FALSE_SIGNALS))).to.equal(
      false,
    );
    checkVerificationKey(NAME, finished, 4);
  });

  it("given an unbound public signal, refuses the key", async () => {
    const unbound = { ...finished, IC: finished.IC.with(1, ["0", "1", "0"]) };
    const changed = ["5", ...FALSE_SIGNALS.slice(1)];
    expect(await vkX(unbound, changed)).to.deep.equal(await vkX(unbound, FALSE_SIGNALS));
    expect(() => checkVerificationKey(NAME, unbound, 4)).to.throw("has a point at infinity");
  });

  it("given a key for another number of public signals, refuses it", () => {
    expect(() => checkVerificationKey(NAME, finished, 3)).to.throw("is for 4 public signals, not 3.");
    const mislabeled = { ...finished, nPublic: 3 };
    expect(() => checkVerificationKey(NAME, mislabeled, 4)).to.throw("is for 3 public signals, not 4.");
    const longer = { ...finished, IC: [...finished.IC, finished.IC[0] ?? []] };
    expect(() => checkVerificationKey(NAME, longer, 4)).to.throw("public signals, not 4.");
  });

  it("given a key of another proof system or curve, refuses it", () => {
    const plonk = { ...finished, protocol: "plonk" };
    expect(() => checkVerificationKey(NAME, plonk, 4)).to.throw("is for plonk over bn128");
    const other = { ...finished, curve: "bls12381" };
    expect(() => checkVerificationKey(NAME, other, 4)).to.throw("is for groth16 over bls12381");
  });

  for (const { name } of readInstances()) {
    it(`given the committed key of ${name}, accepts it`, () => {
      const key = JSON.parse(readFileSync(committedFiles(name).vkey, "utf8"));
      const publicSignals = readManifest().instances[name]?.publicSignals ?? 0;
      expect(() => checkVerificationKey(name, key, publicSignals)).not.to.throw();
    });
  }
});

/** The verification keys of a circuit before and after phase 2. */
async function exportKeys(folder: string): Promise<[VerificationKey, VerificationKey]> {
  const [initial, finished] = [join(folder, "initial.zkey"), join(folder, "finished.zkey")];
  const base = createFixedBase();
  await writeInitialKey(builtFiles(NAME).r1cs, initial, await publicTau(), base);
  base.close();
  await zKey.beacon(initial, finished, "test", BEACON.hash, BEACON.iterationsExp);
  return [await zKey.exportVerificationKey(initial), await zKey.exportVerificationKey(finished)];
}

/** A = alpha, B = beta, C = -(IC_0 + sum of signal_i IC_i): if gamma equals delta, their pairings cancel out. */
async function forge(key: VerificationKey, signals: readonly string[]) {
  const { G1 } = await buildBn128();
  const c = G1.toObject(G1.neg(await vkX(key, signals)));
  return {
    protocol: "groth16",
    curve: "bn128",
    pi_a: [...key.vk_alpha_1] as string[],
    pi_b: key.vk_beta_2.map((pair) => [...pair]),
    pi_c: c.map(String),
  };
}

async function vkX({ IC }: VerificationKey, signals: readonly string[]): Promise<Uint8Array> {
  const { G1 } = await buildBn128();
  const point = (i: number) => G1.fromObject((IC[i] ?? []).map((coordinate) => BigInt(String(coordinate))));
  return signals.reduce(
    (sum, signal, i) => G1.add(sum, G1.timesScalar(point(i + 1), BigInt(signal))),
    point(0),
  );
}
