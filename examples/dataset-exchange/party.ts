import type { Client } from "@benefit-grid/sdk";

/** An organisation: its account and its client. */
export type Party = { readonly address: `0x${string}`; readonly client: Client };
