import type { Signer, TypedDataField } from "ethers";
import { type Client, signerOf } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { InvalidParameterError } from "../errors.ts";
import { ledgerDomain } from "../shared/voucher.ts";

/** Signs a message by EIP-712 for the client's ledger, with this signer or the client's. */
export async function signForLedger(
  client: Client,
  signer: Signer | undefined,
  types: Record<string, TypedDataField[]>,
  message: Readonly<Record<string, unknown>>,
): Promise<Hex> {
  const chosen = signer ?? signerOf(client);
  if (!chosen) throw new InvalidParameterError("signer", "is missing", "Pass one: the client has none");
  return (await chosen.signTypedData(ledgerDomain(client), types, message)) as Hex;
}
