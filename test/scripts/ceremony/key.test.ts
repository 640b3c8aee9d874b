import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readContributions } from "../../../scripts/ceremony/key.ts";
import { ensureCircuits } from "../../../scripts/circuits/build.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";
import { builtFiles } from "../../../scripts/circuits/instances.ts";

const NAME = "usage-range";

describe("readContributions", () => {
  let folder = "";
  let file = "";
  const refusal = () => {
    try {
      return JSON.stringify(readContributions(file));
    } catch (error) {
      expect(error).to.be.instanceOf(CircuitError);
      return (error as CircuitError).message;
    }
  };

  before(async () => {
    await ensureCircuits([NAME]);
    folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
    file = join(folder, "some.zkey");
  });

  beforeEach(() => copyFileSync(builtFiles(NAME).zkey, file));

  after(() => rmSync(folder, { recursive: true }));

  it("given a complete key, lists its contributions: the last is a beacon", () => {
    const last = readContributions(file).at(-1);
    expect(last?.beacon?.iterationsExp).to.be.within(10, 63);
    expect(last?.hash).to.match(/^[0-9a-f]{128}$/);
  });

  it("given a truncated key, refuses it, wherever it ends", () => {
    const { length } = readFileSync(file);
    for (const size of [length - 1, length - 500, length - 100_000, 700, 40, 13]) {
      truncateSync(file, size);
      expect(refusal(), `${size}`).to.equal(`${file} is damaged: it ends too early. Get it again.`);
    }
  });

  it("given another file, or none of its kind, refuses it", () => {
    for (const content of ["", "zke", "{}", "ptau".padEnd(100)]) {
      writeFileSync(file, content);
      expect(refusal()).to.equal(`${file} is not a zkey file.`);
    }
  });

  it("given bytes after the end or another length, refuses it", () => {
    appendFileSync(file, Buffer.concat([Buffer.from([3, 0, 0, 0]), Buffer.alloc(8)]));
    expect(refusal()).to.contain("has parts that no key has");
    copyFileSync(builtFiles(NAME).zkey, file);
    // The number of wires, after both primes.
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(bytes.readUInt32LE(12 + 16 + 12 + 72) + 1, 12 + 16 + 12 + 72);
    writeFileSync(file, bytes);
    expect(refusal()).to.contain("has a part of the wrong length");
    bytes[12 + 16 + 12 + 4] = 1;
    writeFileSync(file, bytes);
    expect(refusal()).to.contain("is not a key of Groth16 over BN254");
  });

  it("given a list of contributions that is too short or too long, refuses it", () => {
    const bytes = readFileSync(file);
    const count = bytes.length - sizeOfList(bytes) + 64;
    bytes.writeUInt32LE(2 ** 32 - 1, count);
    writeFileSync(file, bytes);
    expect(refusal()).to.contain("has an incomplete list of contributions");
    bytes.writeUInt32LE(0, count);
    writeFileSync(file, bytes);
    expect(refusal()).to.contain("has bytes after its contributions");
  });
});

/** The last part of a key is the list of contributions. */
function sizeOfList(bytes: Buffer): number {
  for (let position = 12; ; ) {
    const [id, length] = [bytes.readUInt32LE(position), Number(bytes.readBigUInt64LE(position + 4))];
    if (id === 10) return length;
    position += 12 + length;
  }
}
