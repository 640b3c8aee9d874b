import { getBytes, keccak256 } from "ethers";
import { permutationModule, ROUNDS } from "./keccakWasm.ts";

/** Writes the hash of at most 135 bytes. */
export type Keccak = (input: Uint8Array, output: Uint8Array) => void;

/** Keccak-256 in WebAssembly: JavaScript has no 64-bit rotation and takes 8 to 15 times as long. */
export function createKeccak(): Keccak {
  try {
    return createWasmKeccak();
  } catch {
    // No WebAssembly, or a content security policy against it.
    return (input, output) => output.set(getBytes(keccak256(input)));
  }
}

const STATE_BYTES = 200;
const RATE = 136;

function createWasmKeccak(): Keccak {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(permutationModule()));
  const { memory, permute } = exports as { memory: WebAssembly.Memory; permute: () => void };
  writeRoundConstants(new DataView(memory.buffer));
  const state = new Uint8Array(memory.buffer, 0, STATE_BYTES);
  return (input, output) => {
    state.fill(0);
    state.set(input);
    state[input.length] = 0x01; // The padding's first bit, and its last:
    state[RATE - 1] = (state[RATE - 1] as number) ^ 0x80;
    permute();
    output.set(state.subarray(0, 32));
  };
}

/** FIPS 202, algorithm 5: bits of a linear feedback shift register. */
function writeRoundConstants(memory: DataView): void {
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    let constant = 0n;
    for (let j = 0n; j < 7n; j++) {
      if (register & 1) constant |= 1n << ((1n << j) - 1n);
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
    memory.setBigUint64(STATE_BYTES + 8 * round, constant, true);
  }
}
