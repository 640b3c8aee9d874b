import { expect } from "chai";
import { network } from "hardhat";
import { poseidon2 } from "poseidon-lite/poseidon2";
import { groth16 } from "snarkjs";
import { ensureCircuits } from "../../../scripts/circuits/build.ts";
import { builtFiles } from "../../../scripts/circuits/instances.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";

const OPENING = { licenseId: 7n, units: 1_234n, contexts: 3n, salt: 99n };
const { licenseId, units, contexts, salt } = OPENING;
const USAGE = poseidon2([licenseId | (contexts << 64n) | (units << 96n), salt]);

describe("UsageRangeVerifier", () => {
  after(stopThreads);

  it("when the proof is of its circuit, accepts it with these signals and no others", async () => {
    await ensureCircuits(["usage-range"]);
    const { wasm, zkey } = builtFiles("usage-range");
    const range = { min: 1_000n, max: 2_000n };
    const { proof, publicSignals } = await groth16.fullProve(
      { usage: USAGE, ...OPENING, ...range },
      wasm,
      zkey,
    );
    expect(publicSignals.map(BigInt)).to.deep.equal([USAGE, licenseId, range.min, range.max]);

    const calldata: string = await groth16.exportSolidityCallData(proof, publicSignals);
    const [a, b, c, signals] = JSON.parse(`[${calldata}]`);
    const { ethers } = await network.create();
    const verifier = await ethers.deployContract("UsageRangeVerifier");
    expect(await verifier.verifyProof(a, b, c, signals)).to.equal(true);
    for (const i of signals.keys()) {
      const others = signals.with(i, BigInt(signals[i]) + 1n);
      expect(await verifier.verifyProof(a, b, c, others), `signal ${i}`).to.equal(false);
    }
  });
});
