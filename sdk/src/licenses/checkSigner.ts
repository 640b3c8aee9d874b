import type { Client } from "../client.ts";
import type { AddressInput } from "../core/abi.ts";
import { isContract } from "../core/read.ts";
import { InvalidParameterError } from "../errors.ts";

/** Refuses to buy units that nobody could use: the ledger accepts vouchers of account keys only, not by ERC-1271. */
export async function checkSigner(client: Client, account: AddressInput, parameter: string): Promise<void> {
  if (!(await isContract(client, account))) return;
  const problem = `names ${account} as signer, a contract that cannot sign vouchers`;
  const advice = {
    to: "Pass an account key as `signer`",
    signer: "Pass an account key",
    licenseId: "Name an account key by `setSigner` first",
  }[parameter];
  throw new InvalidParameterError(
    parameter,
    problem,
    advice ?? "Use `mintLicense` with an account key as `signer`",
  );
}
