import type { Address, Client } from "@benefit-grid/sdk";
import type { x402Facilitator } from "@x402/core/facilitator";
import type { PaymentRequirements } from "@x402/core/types";
import type { Turns } from "../inTurn.ts";
import type { ExactPayments } from "./exactStore.ts";

/** Shared by the steps of exact payments. */
export type ExactContext = {
  readonly client: Client;
  readonly store: ExactPayments;
  readonly token: Address;
  /** The operator's account. */
  readonly recipient: Address;
  readonly capsuleId: bigint;
  readonly requirements: PaymentRequirements;
  readonly facilitator: x402Facilitator;
  /** Blocks until a transaction counts. */
  readonly confirmations: number;
  /** The operator's transactions. */
  readonly queue: Turns;
};
