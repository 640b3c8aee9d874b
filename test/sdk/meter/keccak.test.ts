import { expect } from "chai";
import { hexlify, keccak256, randomBytes } from "ethers";
import { createKeccak } from "../../../sdk/dist/meter/keccak.js";

describe("keccak", () => {
  const lengths = Array.from({ length: 136 }, (_, length) => length);

  it("hashes every length up to a block as ethers does", async () => {
    const keccak = await createKeccak();
    const output = new Uint8Array(32);
    for (const input of lengths.map((length) => randomBytes(length))) {
      keccak(input, output);
      expect(hexlify(output)).to.equal(keccak256(input));
    }
  });

  it("when WebAssembly is forbidden, still hashes", async () => {
    const WebAssembly = Reflect.get(globalThis, "WebAssembly");
    Reflect.deleteProperty(globalThis, "WebAssembly");
    try {
      const output = new Uint8Array(32);
      (await createKeccak())(new Uint8Array(3), output);
      expect(hexlify(output)).to.equal(keccak256(new Uint8Array(3)));
    } finally {
      Object.assign(globalThis, { WebAssembly });
    }
  });
});
