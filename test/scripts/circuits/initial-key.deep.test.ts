import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { zKey } from "snarkjs";
import { compile } from "../../../scripts/circuits/compile.ts";
import { createFixedBase } from "../../../scripts/circuits/fixed-base.ts";
import { writeInitialKey } from "../../../scripts/circuits/initial-key.ts";
import { BUILD, builtFiles } from "../../../scripts/circuits/instances.ts";
import { ensurePhase1, log2Phase1Size } from "../../../scripts/circuits/phase1.ts";
import { publicTau } from "../../../scripts/circuits/public-tau.ts";
import { readR1cs } from "../../../scripts/circuits/r1cs.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { tinyCircuit } from "./tiny.ts";

describe("writeInitialKey", () => {
  let folder = "";

  before(() => {
    mkdirSync(BUILD, { recursive: true });
    folder = mkdtempSync(join(BUILD, "test-"));
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await stopThreads();
  });

  for (const size of [1, 40]) {
    it(`from a known tau, writes the same key as snarkjs: ${size} powers`, async () => {
      await compile(tinyCircuit(folder, size), folder);
      const { r1cs } = builtFiles("tiny", folder);
      const [ours, theirs] = [join(folder, "ours.zkey"), join(folder, "theirs.zkey")];
      const base = createFixedBase();
      await writeInitialKey(r1cs, ours, await publicTau(), base);
      base.close();
      await zKey.newZKey(r1cs, await ensurePhase1(log2Phase1Size(readR1cs(r1cs)), folder), theirs);
      expect(readFileSync(ours).equals(readFileSync(theirs))).to.equal(true);
    });
  }
});
