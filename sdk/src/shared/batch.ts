import type { Address, Hex } from "../core/abi.ts";

/** A row of a license, as published on chain. */
export type BatchRow = {
  readonly licenseId: bigint;
  /** Proven bound: the new units are at most this. */
  readonly cap: bigint;
  /** The ledger's usage word before the batch, zeros before the first settlement. It must not change meanwhile. */
  readonly oldUsage: Hex;
  /** The new usage word. */
  readonly usage: Hex;
  /** EIP-712 signature of the license's signer, 65 bytes. */
  readonly signature: Hex;
};

/** The licenses of one offer in a batch. The chain shows their total, but not each one's part. */
export type AnonymitySet = {
  readonly offerId: bigint;
  /** Metered units that settle, of all licenses together. Public. */
  readonly units: bigint;
  /** Licenses in the batch. Public. */
  readonly rows: number;
  /** Covers among them: rows without an increase. Known only to meter and customers. */
  readonly covers: number;
};

/** A settlement of many licenses by one proof. It holds openings, so only the prover may have it. */
export type Batch = {
  readonly chainId: bigint;
  readonly ledger: Address;
  readonly meterId: bigint;
  /** Number of the circuit in the ledger's list. */
  readonly instance: number;
  /** Name of the circuit. */
  readonly circuit: string;
  /** Sorted by offer. */
  readonly offers: readonly {
    readonly offerId: bigint;
    readonly units: bigint;
    readonly rows: readonly BatchRow[];
  }[];
  /** Sorted by offer. */
  readonly anonymity: readonly AnonymitySet[];
  /** The proven vector: totals, then three words a row, without padding. */
  readonly vector: readonly bigint[];
  /** The proof's public signals: hash of the vector, its value at r, and r. */
  readonly signals: { readonly c: bigint; readonly y: bigint; readonly r: bigint };
  /** The circuit's input. */
  readonly input: Readonly<Record<string, bigint | readonly bigint[]>>;
};
