import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { CircuitError } from "./errors.ts";

/** The format of r1cs, zkey and ptau files: four letters, a version, a count, and sections with id and length. */
export type SectionWriter = {
  section(id: number, ...parts: readonly Uint8Array[]): void;
  close(): void;
};

export function createSections(file: string, type: string, count: number): SectionWriter {
  const fd = openSync(file, "w");
  const write = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  };
  write(Buffer.from(type));
  write(uint32(1));
  write(uint32(count));
  return {
    section(id, ...parts) {
      write(uint32(id));
      write(uint64(parts.reduce((sum, { length }) => sum + length, 0)));
      parts.forEach(write);
    },
    close: () => closeSync(fd),
  };
}

export function readSections(file: string, type: string): Map<number, Buffer> {
  const bytes = readFileSync(file);
  if (bytes.toString("latin1", 0, 4) !== type) throw new CircuitError(`${file} is no ${type} file.`);
  const sections = new Map<number, Buffer>();
  const count = bytes.readUInt32LE(8);
  for (let i = 0, position = 12; i < count; i++) {
    const start = position + 12;
    position = start + Number(bytes.readBigUInt64LE(position + 4));
    sections.set(bytes.readUInt32LE(start - 12), bytes.subarray(start, position));
  }
  return sections;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
