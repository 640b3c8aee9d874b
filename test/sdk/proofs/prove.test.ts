import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidParameterError } from "@benefit-grid/sdk";
import { type Batch, buildBatch, type Prover, proveBatch, proveRange } from "@benefit-grid/sdk/proofs";
import { expect } from "chai";
import { type CircuitSignals, groth16 } from "snarkjs";
import { builtFiles } from "../../../scripts/circuits/instances.ts";
import { readManifest } from "../../../scripts/circuits/manifest.ts";
import { stopThreads } from "../../../scripts/circuits/threads.ts";
import { isValidProof } from "../../../scripts/circuits/valid-proof.ts";
import { ledgerProof } from "../../metering/proving.ts";
import { expectInvalid, rejectionOf } from "../clients.ts";
import { commitment, offer, parameters, row } from "./support.ts";

const BUILD = resolve("circuits/build");
const { wasm, zkey } = builtFiles("usage-range");
const RANGE = { wasm: resolve(wasm), zkey: resolve(zkey) };
const OPENING = { units: 120n, contexts: 3n, salt: 77n };
const QUESTION = { licenseId: 9n, opening: OPENING, min: 100n, max: 200n };

after(stopThreads);

async function serveFolder(folder: string) {
  const server = createServer(({ url = "" }, response) => {
    try {
      response.end(readFileSync(resolve(folder, url.slice(1))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A promise's result, and the longest part of its time in which it blocked this thread, 0 to 1. */
async function proving<T>(prove: Promise<T>): Promise<{ result: T; longestBlock: number }> {
  const started = performance.now();
  let [last, longestBlock] = [started, 0];
  const timer = setInterval(() => {
    longestBlock = Math.max(longestBlock, performance.now() - last);
    last = performance.now();
  }, 5);
  try {
    const result = await prove;
    return { result, longestBlock: longestBlock / (performance.now() - started) };
  } finally {
    clearInterval(timer);
  }
}

describe("proveBatch", () => {
  const moved = row(2n, { oldOpening: { units: 4n, contexts: 1n, salt: 5n } });
  const cover = row(3n, { oldOpening: { units: 10n, contexts: 1n, salt: 6n } });
  const offers = [offer(4n, row(1n), moved, cover), offer(9n, row(5n), row(6n))];
  const batch = buildBatch(parameters(...offers));

  it("proves a batch, while the caller's thread goes on", async () => {
    const seen: [string, number][] = [];
    const onProgress = (stage: string, fraction: number) => seen.push([stage, fraction]);
    const { result, longestBlock } = await proving(proveBatch(batch, { onProgress }));
    const { c, y, r } = batch.signals;
    expect(await isValidProof(batch.circuit, [c, y, r], result)).to.equal(true);
    expect(await isValidProof(batch.circuit, [c, y, r + 1n], result)).to.equal(false);
    expect(longestBlock).to.be.lessThan(0.5);
    expect([...new Set(seen.map(([stage]) => stage))]).to.deep.equal(["load", "witness", "proof"]);
    const fractions = seen.map(([, fraction]) => fraction);
    expect(fractions).to.deep.equal([...fractions].sort((a, b) => a - b));
    expect(fractions.length).to.be.greaterThan(8);
  });

  describe("with another prover", () => {
    const seen: Parameters<Prover>[0][] = [];
    // Proving takes seconds, and the batch is the same.
    let proven: ReturnType<Prover> | undefined;
    const snarkjs: Prover = async (job) => {
      seen.push(job);
      proven ??= prove(job);
      return await proven;
    };

    async function prove({ circuit, input }: Parameters<Prover>[0]) {
      const { wasm, zkey } = builtFiles(circuit);
      const { proof, publicSignals } = await groth16.fullProve(input as CircuitSignals, wasm, zkey);
      return { proof: ledgerProof(proof), publicSignals: publicSignals.map(BigInt) };
    }

    it("returns its proof, and tells it the files and their hashes", async () => {
      const proof = await proveBatch(batch, { prover: snarkjs });
      expect(await isValidProof(batch.circuit, Object.values(batch.signals), proof)).to.equal(true);
      expect(seen.map(({ circuit, zkey }) => [circuit, zkey.sha256])).to.deep.equal([
        [batch.circuit, readManifest().instances[batch.circuit]?.sha256.zkey],
      ]);
    });

    it("when it proves something else, refuses the proof", async () => {
      const prover: Prover = async (job, options) => {
        const { proof, publicSignals } = await snarkjs(job, options);
        return { proof, publicSignals: [...publicSignals].reverse() };
      };
      expect((await rejectionOf(proveBatch(batch, { prover }))).name).to.equal("ProofMismatchError");
    });
  });

  it("when the batch was changed since, refuses the proof", async () => {
    const changed: Batch = { ...batch, signals: { ...batch.signals, c: batch.signals.c + 1n } };
    const error = await rejectionOf(proveBatch(changed));
    expect(error.name).to.equal("ProofMismatchError");
    expect(error).to.have.deep.property("actual", Object.values(batch.signals));
  });

  it("when the circuit refuses the numbers, says so", async () => {
    const input = { ...batch.input, cap: [...(batch.input.cap as bigint[])].map(() => 1n) };
    const error = await rejectionOf(proveBatch({ ...batch, input }));
    expect(error.message).to.match(/^Proving failed: .*Assert Failed/);
  });

  it("when the circuit is none of ours, names it", async () => {
    await expectInvalid(proveBatch({ ...batch, circuit: "usage-batch-9x9" }), "batch.circuit");
  });

  it("when it is aborted, before or meanwhile, ends with the reason", async () => {
    const reason = new Error("enough");
    const early = await rejectionOf(proveBatch(batch, { signal: AbortSignal.abort(reason) }));
    expect(early).to.equal(reason);
    const controller = new AbortController();
    const stages: string[] = [];
    const onProgress = (stage: string) => {
      stages.push(stage);
      if (stage === "proof") controller.abort(reason);
    };
    const late = await rejectionOf(proveBatch(batch, { onProgress, signal: controller.signal }));
    expect(late).to.equal(reason);
    expect(stages.filter((stage) => stage === "proof").length).to.equal(1);
  });

  it("when the caller's progress function throws, rejects with its error", async () => {
    const reason = new Error("broken bar");
    const onProgress = () => {
      throw reason;
    };
    expect(await rejectionOf(proveBatch(batch, { onProgress }))).to.equal(reason);
  });
});

describe("proveRange", () => {
  const usage = BigInt(commitment(9n, OPENING));

  it("when the numbers are out of range or the units are not within, names them without the count", async () => {
    await expectInvalid(proveRange({ ...QUESTION, min: -1n }), "min");
    await expectInvalid(proveRange({ ...QUESTION, max: 2n ** 64n }), "max");
    await expectInvalid(proveRange({ ...QUESTION, licenseId: 0n }), "opening.licenseId");
    await expectInvalid(proveRange({ ...QUESTION, opening: { ...OPENING, salt: -1n } }), "opening.salt");
    for (const bounds of [
      { min: 121n, max: 200n },
      { min: 0n, max: 119n },
    ]) {
      const error = await rejectionOf(proveRange({ ...QUESTION, ...bounds }));
      expect(error).to.be.instanceOf(InvalidParameterError);
      expect(error.message).not.to.contain("120");
    }
  });

  it("when the count is within, or at a bound, proves it", async () => {
    const exact = { ...QUESTION, min: 120n, max: 120n };
    expect(await isValidProof("usage-range", [usage, 9n, 120n, 120n], await proveRange(exact))).to.equal(
      true,
    );
    const proof = await proveRange(QUESTION);
    expect(await isValidProof("usage-range", [usage, 9n, 100n, 200n], proof)).to.equal(true);
    expect(await isValidProof("usage-range", [usage, 9n, 100n, 201n], proof)).to.equal(false);
  });

  describe("takes artifacts", () => {
    const sources: Record<string, Parameters<typeof proveRange>[1]> = {
      "from a package": { artifacts: "@benefit-grid/circuits" },
      "from a folder's URL": { artifacts: pathToFileURL(BUILD) },
      "from a folder by path": { artifacts: BUILD },
      "by path": { artifacts: RANGE },
      "by URL": {
        artifacts: { wasm: pathToFileURL(RANGE.wasm), zkey: pathToFileURL(RANGE.zkey).href },
      },
      "as bytes": {
        artifacts: { wasm: readFileSync(RANGE.wasm), zkey: new Uint8Array(readFileSync(RANGE.zkey)) },
      },
    };
    for (const [how, options] of Object.entries(sources)) {
      it(how, async () => {
        const proof = await proveRange(QUESTION, options);
        expect(await isValidProof("usage-range", [usage, 9n, 100n, 200n], proof)).to.equal(true);
      });
    }

    it("from the web", async () => {
      const { server, url } = await serveFolder(BUILD);
      try {
        const proof = await proveRange(QUESTION, { artifacts: new URL(url) });
        expect(await isValidProof("usage-range", [usage, 9n, 100n, 200n], proof)).to.equal(true);
        const missing = await rejectionOf(proveRange(QUESTION, { artifacts: new URL(`${url}/nowhere`) }));
        expect(missing).to.include({ name: "ArtifactNotFoundError", artifact: "usage-range.wasm" });
      } finally {
        server.close();
      }
    });

    it("when a file is missing, names its location and the command to build it", async () => {
      const missing = { ...RANGE, zkey: "/nowhere/key.zkey" };
      const error = await rejectionOf(proveRange(QUESTION, { artifacts: missing }));
      expect(error).to.include({
        name: "ArtifactNotFoundError",
        artifact: basename(RANGE.zkey),
        location: "file:///nowhere/key.zkey",
      });
      expect(error.message).to.contain("npm run circuits");
      const unknown = await rejectionOf(proveRange(QUESTION, { artifacts: "@benefit-grid/nothing" }));
      expect(unknown).to.include({
        name: "ArtifactNotFoundError",
        location: "the package @benefit-grid/nothing",
        package: "@benefit-grid/circuits",
      });
      expect(unknown.message).to.contain("`npm install @benefit-grid/circuits`");
    });

    it("when a byte differs, uses nothing of it", async () => {
      const wasm = readFileSync(RANGE.wasm);
      wasm[100] = (wasm[100] ?? 0) ^ 1;
      const error = await rejectionOf(proveRange(QUESTION, { artifacts: { ...RANGE, wasm } }));
      const { instances } = JSON.parse(readFileSync("circuits/keys/manifest.json", "utf8"));
      expect(error).to.include({
        name: "ArtifactHashMismatchError",
        artifact: "usage-range.wasm",
        expected: instances["usage-range"].sha256.wasm,
      });
      expect(error)
        .to.have.property("actual")
        .that.matches(/^[0-9a-f]{64}$/);
    });
  });
});
