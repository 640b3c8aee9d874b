import { mod } from "./field.ts";

export type Inputs = Record<string, bigint | bigint[]>;

type Generator = {
  init(sanityCheck: number): void;
  getInputSize(): number;
  getInputSignalSize(high: number, low: number): number;
  setInputSignal(high: number, low: number, index: number): void;
  getWitnessSize(): number;
  getWitness(index: number): void;
  readSharedRWMemory(word: number): number;
  writeSharedRWMemory(word: number, value: number): void;
};

type Engine = {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};
// TypeScript has its types for browsers only.
const { WebAssembly } = globalThis as unknown as { WebAssembly: Engine };

/** Computes a witness like circom's own calculator. */
export function generator(code: Buffer): (inputs: Inputs) => bigint[] {
  const module = new WebAssembly.Module(new Uint8Array(code));
  const ignore = () => {};
  const runtime = {
    exceptionHandler: (code: number) => {
      throw new Error(code === 4 ? "An assertion failed." : `The generator failed with error ${code}.`);
    },
    printErrorMessage: ignore,
    writeBufferMessage: ignore,
    showSharedRWMemory: ignore,
  };
  const wasm = new WebAssembly.Instance(module, { runtime }).exports as Generator;
  return (inputs) => {
    wasm.init(0);
    let count = 0;
    for (const [name, value] of Object.entries(inputs)) {
      const { high, low } = nameHash(name);
      const values = [value].flat();
      const size = wasm.getInputSignalSize(high, low);
      if (size !== values.length) throw new Error(`${name} has ${values.length} values instead of ${size}.`);
      values.forEach((each, index) => {
        writeShared(wasm, mod(each));
        wasm.setInputSignal(high, low, index);
        count += 1;
      });
    }
    if (count !== wasm.getInputSize()) throw new Error(`${count} of ${wasm.getInputSize()} inputs are set.`);
    return Array.from({ length: wasm.getWitnessSize() }, (_, index) => {
      wasm.getWitness(index);
      return readShared(wasm);
    });
  };
}

function writeShared(wasm: Generator, value: bigint) {
  for (let word = 0; word < 8; word++) {
    wasm.writeSharedRWMemory(word, Number((value >> BigInt(32 * word)) & 0xffff_ffffn));
  }
}

function readShared(wasm: Generator): bigint {
  let value = 0n;
  for (let word = 7; word >= 0; word--) value = (value << 32n) | BigInt(wasm.readSharedRWMemory(word) >>> 0);
  return value;
}

// 64-bit FNV-1a: the generator identifies inputs by it.
function nameHash(name: string) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return { high: Number(hash >> 32n), low: Number(hash & 0xffff_ffffn) };
}

const CALL_PRINT_ERROR = [0x10, 0x01];
const RETURN_4_END_IF = [0x41, 0x04, 0x0f, 0x0b];
const NOP = 0x01;

/**
 * circom compiles each `===` and `assert` to code that prints a message and returns error 4 on failure. This removes
 * the return, so the run continues. No other code prints before it returns.
 */
export function withoutAssertions(wasm: Buffer): Buffer {
  const patched = Buffer.from(wasm);
  const assertion = Buffer.from([...CALL_PRINT_ERROR, ...RETURN_4_END_IF]);
  let at = patched.indexOf(assertion);
  if (at < 0) throw new Error("The generator has no assertion of the form that circom 2.2.3 writes.");
  for (; at >= 0; at = patched.indexOf(assertion, at + 1)) {
    patched.fill(NOP, at + CALL_PRINT_ERROR.length, at + assertion.length - 1);
  }
  return patched;
}
