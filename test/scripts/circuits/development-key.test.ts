import { readFileSync } from "node:fs";
import { expect } from "chai";
import { refuseDevelopmentKey } from "../../../scripts/circuits/development-key.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";
import { createFixedBase } from "../../../scripts/circuits/fixed-base.ts";
import { readInstances, setupOf } from "../../../scripts/circuits/instances.ts";
import { committedFiles } from "../../../scripts/circuits/manifest.ts";
import { publicTau } from "../../../scripts/circuits/public-tau.ts";
import type { VerificationKey } from "../../../scripts/circuits/verification-key.ts";
import { DEVELOPMENT_POINTS } from "../../../sdk/src/metering/developmentKeys.ts";

function committedKey(name: string): VerificationKey {
  return JSON.parse(readFileSync(committedFiles(name).vkey, "utf8"));
}

describe("development keys", () => {
  for (const { name } of readInstances().filter(({ name }) => setupOf(name) === "ceremony")) {
    it(`are not the key of ${name}`, () => {
      expect(() => refuseDevelopmentKey(name, committedKey(name))).not.to.throw();
    });
  }

  for (const { name } of readInstances().filter(({ name }) => setupOf(name) === "dev-insecure")) {
    it(`of ${name} are recognised by alpha and by delta`, () => {
      const key = committedKey(name);
      const message = `The key of ${name} is for development`;
      expect(() => refuseDevelopmentKey(name, key)).to.throw(CircuitError, message);
      const alpha = { ...key, vk_delta_2: key.vk_gamma_2 };
      const delta = { ...key, vk_alpha_1: ["1", "2", "1"] };
      expect(() => refuseDevelopmentKey(name, alpha)).to.throw(CircuitError, message);
      expect(() => refuseDevelopmentKey(name, delta)).to.throw(CircuitError, message);
      expect(() => refuseDevelopmentKey(name, { ...delta, vk_delta_2: key.vk_gamma_2 })).not.to.throw();
    });
  }

  it("have the alpha of the publicly known tau", async () => {
    const base = createFixedBase();
    try {
      const { alpha } = await publicTau();
      const { uncompressed } = await base.multiply("G1", [alpha]);
      const x = BigInt(`0x${Buffer.from(uncompressed.subarray(0, 32)).toString("hex")}`);
      expect(DEVELOPMENT_POINTS[0]).to.equal(x);
    } finally {
      base.close();
    }
  });
});
