import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { Instance } from "../../../scripts/circuits/instances.ts";

const SOURCE = `pragma circom 2.2.0;

template Power(N) {
    signal input base;
    signal input offset;
    signal powers[N];
    signal output result;

    powers[0] <== base * base;
    for (var i = 1; i < N; i++) powers[i] <== powers[i - 1] * (base + 3 * offset);
    result <== powers[N - 1] + offset;
}
`;

/** A circuit of a few constraints, for slow operations. Writes its source into `folder`. */
export function tinyCircuit(folder: string, size: number): Instance {
  writeFileSync(`${folder}/tiny.circom`, SOURCE);
  const file = relative("circuits/src", `${folder}/tiny`);
  return { name: "tiny", file, template: "Power", params: [size], public: ["offset"] };
}
