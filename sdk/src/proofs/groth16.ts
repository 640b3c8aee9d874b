/// <reference path="./ffjavascript.d.ts" />
import type { Command, Curve } from "ffjavascript";
import type { Proof } from "../shared/proof.ts";
import type { ProveGroth16ReturnType } from "./messages.ts";

export type ProveGroth16Parameters = {
  /** A proving key, the content of a .zkey file. */
  readonly key: Uint8Array;
  /** A witness, the content of a .wtns file. */
  readonly witness: Uint8Array;
  /** Receives the finished part of the work, 0 to 1, an estimate. */
  readonly onProgress?: (fraction: number) => void;
};

/** Each part of the work, percent. */
const EFFORT = { abc: 6, a: 10, b1: 8, b2: 27, c: 10, quotient: 12, h: 27 } as const;

const FIELD_BYTES = 32;
const TERM_BYTES = 12 + FIELD_BYTES;

/**
 * Proves like snarkjs, from its files and by its arithmetic, in three quarters of its time. Sums of the witness
 * alone keep all threads busy while others wait for transforms. A thread also adds up the constraints' terms.
 * Source: Groth, "On the Size of Pairing-based Non-interactive Arguments", section 3.2.
 */
export async function proveGroth16(
  curve: Curve,
  { key, witness, onProgress = () => {} }: ProveGroth16Parameters,
): Promise<ProveGroth16ReturnType> {
  const { G1, G2 } = curve;
  const sections = readSections(key);
  const { domainSize, publicSignals: count, ...points } = readHeader(sectionOf(sections, 2));
  const scalars = sectionOf(readSections(witness), 2);
  const isPrivate = scalars.slice((count + 1) * FIELD_BYTES);

  let done = 0;
  const counted = async <T>(part: keyof typeof EFFORT, work: Promise<T>): Promise<T> => {
    const result = await work;
    done += EFFORT[part];
    onProgress(done / 100);
    return result;
  };
  const [a, b1, b2, c, h] = await Promise.all([
    counted("a", G1.multiExpAffine(sectionOf(sections, 5), scalars)),
    counted("b1", G1.multiExpAffine(sectionOf(sections, 6), scalars)),
    counted("b2", G2.multiExpAffine(sectionOf(sections, 7), scalars)),
    counted("c", G1.multiExpAffine(sectionOf(sections, 8), isPrivate)),
    counted("abc", evaluate(curve, sectionOf(sections, 4), scalars, domainSize))
      .then((values) => counted("quotient", quotient(curve, values, domainSize)))
      .then((values) => counted("h", G1.multiExpAffine(sectionOf(sections, 9), values))),
  ]);
  return {
    proof: encodeProof(curve, blind(curve, points, { a, b1, b2, c, h })),
    publicSignals: Array.from({ length: count }, (_, i) => numberAt(scalars, i + 1)),
  };
}

type Sections = ReadonlyMap<number, Uint8Array>;

/** A file's sections by their numbers, in the format of circom and snarkjs. */
function readSections(file: Uint8Array): Sections {
  const view = viewOf(file);
  const sections = new Map<number, Uint8Array>();
  let at = 12;
  for (let left = view.getUint32(8, true); left > 0; left--) {
    const length = Number(view.getBigUint64(at + 4, true));
    // Not `subarray` of the file: on a Node Buffer even `slice` shares memory, and threads would copy all of it.
    sections.set(view.getUint32(at, true), new Uint8Array(file.buffer, file.byteOffset + at + 12, length));
    at += 12 + length;
  }
  return sections;
}

function sectionOf(sections: Sections, id: number): Uint8Array {
  const section = sections.get(id);
  if (!section)
    throw new TypeError(
      `The proving key or witness has no section ${id}: the file is damaged or of another kind.`,
    );
  return section;
}

type Points = {
  alpha1: Uint8Array;
  beta1: Uint8Array;
  beta2: Uint8Array;
  delta1: Uint8Array;
  delta2: Uint8Array;
};

function readHeader(header: Uint8Array): Points & { publicSignals: number; domainSize: number } {
  const view = viewOf(header);
  const start = 2 * (4 + FIELD_BYTES);
  const point = (from: number, to: number) => header.slice(start + 12 + from, start + 12 + to);
  return {
    publicSignals: view.getUint32(start + 4, true),
    domainSize: view.getUint32(start + 8, true),
    alpha1: point(0, 64),
    beta1: point(64, 128),
    beta2: point(128, 256),
    delta1: point(384, 448),
    delta2: point(448, 576),
  };
}

/** Both sides and the product of each constraint. */
async function evaluate(
  { tm }: Curve,
  terms: Uint8Array,
  witness: Uint8Array,
  size: number,
): Promise<Uint8Array[]> {
  const [length, wires] = [size * FIELD_BYTES, witness.length / FIELD_BYTES];
  const outputs = [2, 3, 4];
  return await tm.queueAction([
    { cmd: "ALLOCSET", var: 0, buff: terms.slice(4) },
    { cmd: "ALLOCSET", var: 1, buff: witness },
    ...outputs.map((each): Command => ({ cmd: "ALLOC", var: each, len: length })),
    call(
      "qap_buildABC",
      [0],
      (terms.length - 4) / TERM_BYTES,
      [1],
      ...outputs.map((each) => [each]),
      0,
      size,
      0,
      wires,
    ),
    ...outputs.map((each, i): Command => ({ cmd: "GET", out: i, var: each, len: length })),
  ]);
}

/**
 * a * b - c at the odd roots of twice the domain's order. The key's points there include the division by the
 * domain's polynomial.
 */
async function quotient({ Fr, tm }: Curve, values: Uint8Array[], size: number): Promise<Uint8Array> {
  const root = Fr.w[Math.log2(size) + 1] as Uint8Array;
  const shifted = values.map(async (each) =>
    Fr.fft(await Fr.batchApplyKey(await Fr.ifft(each), Fr.e(1), root)),
  );
  const inputs = (await Promise.all(shifted)).map((buff, i): Command => ({ cmd: "ALLOCSET", var: i, buff }));
  const length = size * FIELD_BYTES;
  const [result] = await tm.queueAction([
    ...inputs,
    { cmd: "ALLOC", var: 3, len: length },
    call("qap_joinABC", [0], [1], [2], size, [3]),
    call("frm_batchFromMontgomery", [3], size, [3]),
    { cmd: "GET", out: 0, var: 3, len: length },
  ]);
  return result as Uint8Array;
}

/** Parameters in brackets are variables. */
function call(fnName: string, ...params: readonly (number | readonly number[])[]): Command {
  const encode = (each: number | readonly number[]) =>
    typeof each === "number" ? { val: each } : { var: each[0] as number };
  return { cmd: "CALL", fnName, params: params.map(encode) };
}

type Sums = { a: Uint8Array; b1: Uint8Array; b2: Uint8Array; c: Uint8Array; h: Uint8Array };

/** Two random numbers blind each proof of a witness, so the proof reveals nothing of it. */
function blind({ Fr, G1, G2 }: Curve, key: Points, sums: Sums) {
  const [r, s] = [Fr.random(), Fr.random()];
  const a = G1.add(G1.add(sums.a, key.alpha1), G1.timesFr(key.delta1, r));
  const b = G2.add(G2.add(sums.b2, key.beta2), G2.timesFr(key.delta2, s));
  const b1 = G1.add(G1.add(sums.b1, key.beta1), G1.timesFr(key.delta1, s));
  const parts = [sums.h, G1.timesFr(a, s), G1.timesFr(b1, r), G1.timesFr(key.delta1, Fr.neg(Fr.mul(r, s)))];
  return { a, b, c: parts.reduce((sum, part) => G1.add(sum, part), sums.c) };
}

/** On-chain verifiers swap the two halves of b's coordinates. */
function encodeProof({ G1, G2 }: Curve, { a, b, c }: { a: Uint8Array; b: Uint8Array; c: Uint8Array }): Proof {
  const pair = ([first = 0n, second = 0n]: readonly bigint[]) => [first, second] as const;
  const [x, y] = G2.toObject(G2.toAffine(b)) as unknown as [bigint[], bigint[]];
  return {
    a: pair(G1.toObject(G1.toAffine(a))),
    b: [pair(x.reverse()), pair(y.reverse())],
    c: pair(G1.toObject(G1.toAffine(c))),
  };
}

function numberAt(scalars: Uint8Array, index: number): bigint {
  const bytes = scalars.slice(index * FIELD_BYTES, (index + 1) * FIELD_BYTES);
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
