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
  for (const { name } of readInstances()) {
    it(`are told from those of a ceremony, for ${name}`, () => {
      const key = committedKey(name);
      const message = `The key of ${name} is for development`;
      const isRefused = setupOf(name) === "dev-insecure";
      const check = (changes: object) => () => refuseDevelopmentKey(name, { ...key, ...changes });
      // Each of alpha and delta gives a development key away.
      for (const changes of [{}, { vk_delta_2: key.vk_gamma_2 }, { vk_alpha_1: ["1", "2", "1"] }]) {
        if (isRefused) expect(check(changes)).to.throw(CircuitError, message);
        else expect(check(changes)).not.to.throw();
      }
      expect(check({ vk_delta_2: key.vk_gamma_2, vk_alpha_1: ["1", "2", "1"] })).not.to.throw();
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
