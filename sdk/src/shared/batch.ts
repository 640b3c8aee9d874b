import type { Address, Hex } from "../core/abi.ts";

/** A license that moves on, as everybody will see it. */
export type BatchRow = {
  readonly licenseId: bigint;
  /** What is proved: the new units are at most this. */
  readonly cap: bigint;
  /** The usage word that the ledger has, and has to have when the batch is settled; zeros before the first. */
  readonly oldUsage: Hex;
  /** The new usage word. */
  readonly usage: Hex;
  /** EIP-712 signature of the license's signer, 65 bytes. */
  readonly signature: Hex;
};

/** Who hides whom: the chain shows an offer's total, and which licenses it is of. */
export type AnonymitySet = {
  readonly offerId: bigint;
  /** By how many metered units the licenses moved on in all: public. */
  readonly units: bigint;
  /** How many licenses it may be of: public. */
  readonly rows: number;
  /** How many of them are a cover, with no increase: known to meter and customers. */
  readonly covers: number;
};

/** Many licenses move on in one transaction, with one proof. It holds openings, for the prover alone. */
export type Batch = {
  readonly chainId: bigint;
  readonly ledger: Address;
  readonly meterId: bigint;
  /** Number of the circuit in the ledger's list. */
  readonly instance: number;
  /** Name of the circuit. */
  readonly circuit: string;
  /** By offer, in order. */
  readonly offers: readonly {
    readonly offerId: bigint;
    readonly units: bigint;
    readonly rows: readonly BatchRow[];
  }[];
  /** By offer, in order. */
  readonly anonymity: readonly AnonymitySet[];
  /** All that is proved of: totals, then three words a row. Without padding. */
  readonly vector: readonly bigint[];
  /** The proof's public signals: hash of the vector, its value at r, and r. */
  readonly signals: { readonly c: bigint; readonly y: bigint; readonly r: bigint };
  /** What the circuit is told. */
  readonly input: Readonly<Record<string, bigint | readonly bigint[]>>;
};
