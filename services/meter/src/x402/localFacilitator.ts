import type { x402Facilitator } from "@x402/core/facilitator";
import type { FacilitatorClient } from "@x402/core/server";
import type { Network } from "@x402/core/types";

/** A facilitator in the same process, for `x402ResourceServer`. */
export function localFacilitator(facilitator: x402Facilitator): FacilitatorClient {
  return {
    verify: (payload, requirements) => facilitator.verify(payload, requirements),
    settle: (payload, requirements) => facilitator.settle(payload, requirements),
    getSupported: async () => {
      const { kinds, ...rest } = facilitator.getSupported();
      return { ...rest, kinds: kinds.map((kind) => ({ ...kind, network: kind.network as Network })) };
    },
  };
}
