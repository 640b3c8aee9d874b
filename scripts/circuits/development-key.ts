import { DEVELOPMENT_POINTS } from "../../sdk/src/metering/developmentKeys.ts";
import { CircuitError } from "./errors.ts";
import type { VerificationKey } from "./verification-key.ts";

/** Refuses a key with the publicly known alpha or delta, wherever it comes from. */
export function refuseDevelopmentKey(name: string, key: VerificationKey): void {
  const points = [key.vk_alpha_1, key.vk_delta_2].flatMap((point) => point.flat().map(BigInt));
  if (!points.some((point) => DEVELOPMENT_POINTS.includes(point))) return;
  throw new CircuitError(
    `The key of ${name} is for development: its alpha or delta is publicly known, so anybody can forge proofs. Run the ceremony from a published phase 1.`,
  );
}
