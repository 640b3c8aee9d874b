import type { Signer, TypedDataField } from "ethers";
import { type Client, messageSigner } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { ledgerDomain } from "../shared/voucher.ts";

/** Signs a message by EIP-712 for the client's ledger, with this signer or the client's. */
export async function signForLedger(
  client: Client,
  signer: Signer | undefined,
  types: Record<string, TypedDataField[]>,
  message: Readonly<Record<string, unknown>>,
): Promise<Hex> {
  const chosen = messageSigner(client, signer);
  return (await chosen.signTypedData(ledgerDomain(client), types, message)) as Hex;
}
