import type { Hex } from "../core/abi.ts";
import { checkHex } from "../core/check.ts";
import { read } from "../core/read.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RevokeBenchmarkParameters = { readonly uid: Hex };
export type RevokeBenchmarkReturnType = Sent;

/**
 * Revokes an attestation of yours, permanently. It stays readable as revoked.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `AttestationNonexistent`, `CallerNotAttester`, `AttestationIrrevocable`,
 * `AttestationRevoked`
 * @example
 * ```ts
 * await revokeBenchmark(client, { uid });
 * ```
 */
export const revokeBenchmark = defineWrite({
  contract: "BenchmarkAttestations",
  method: "revoke",
  args: async ({ uid }: RevokeBenchmarkParameters, client) => [
    {
      schema: await read(client, "BenchmarkAttestations", "SCHEMA_UID", []),
      data: { uid: checkHex("uid", uid, 32), value: 0n },
    },
  ],
  result: () => ({}),
});
