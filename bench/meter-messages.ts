/** A server with this meter, without one, or with this meter and signatures checked by ethers. */
export type Variant = "metered" | "unmetered" | "ethers";

/** Units of a request, as the trace has them. */
export const UNITS_HEADER = "x-units";

export type Command =
  | { readonly kind: "prepare"; readonly signers: readonly string[]; readonly maxUnits: string }
  | { readonly kind: "start"; readonly variant: Variant }
  | { readonly kind: "memory" }
  | { readonly kind: "stop" };

export type Reply =
  | { readonly kind: "ready" }
  | {
      readonly kind: "prepared";
      readonly licenseIds: readonly string[];
      readonly chainId: string;
      readonly ledger: `0x${string}`;
    }
  | { readonly kind: "started"; readonly port: number }
  | { readonly kind: "memory"; readonly bytes: number }
  | { readonly kind: "stopped"; readonly cpuSeconds: number };
