import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { buildBn128 } from "ffjavascript";
import { powersOfTau } from "snarkjs";
import { CircuitError } from "../../../scripts/circuits/errors.ts";
import { BUILD } from "../../../scripts/circuits/instances.ts";
import { ensurePhase1 } from "../../../scripts/circuits/phase1.ts";
import { BEACON, BEACON_NAME } from "../../../scripts/circuits/public-tau.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { verifyPhase1 } from "../../../scripts/circuits/verify.ts";

const LOG2_SIZE = 5;

describe("ensurePhase1", () => {
  let folder = "";

  before(() => {
    mkdirSync(BUILD, { recursive: true });
    folder = mkdtempSync(join(BUILD, "test-"));
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await stopThreads();
  });

  it("writes the same file as snarkjs", async () => {
    const [empty, contributed, prepared] = ["empty", "contributed", "prepared"].map((name) =>
      join(folder, name),
    );
    await powersOfTau.newAccumulator(await buildBn128(), LOG2_SIZE, empty);
    await powersOfTau.beacon(empty, contributed, BEACON_NAME, BEACON.hash, BEACON.iterationsExp);
    await powersOfTau.preparePhase2(contributed, prepared);
    const ours = await ensurePhase1(LOG2_SIZE, folder);
    expect(readFileSync(ours).equals(readFileSync(prepared ?? ""))).to.equal(true);
  });

  it("passes snarkjs' check, unless a point is another", async () => {
    const file = await ensurePhase1(LOG2_SIZE, folder);
    await verifyPhase1(file);
    const bytes = readFileSync(file);
    // Swaps the last two points of beta.
    const changed = join(folder, "changed.ptau");
    const swapped = [bytes.subarray(0, -128), bytes.subarray(-64), bytes.subarray(-128, -64)];
    writeFileSync(changed, Buffer.concat(swapped));
    const error = await verifyPhase1(changed).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(CircuitError).with.property("message").that.contains("snarkjs refuses");
  });
});
