import { type Client, checkClient } from "../client.ts";
import { read } from "../core/read.ts";
import { isLocalChain } from "../shared/chains.ts";
import { hasDevelopmentKey } from "./developmentKeys.ts";

const warnings = new Map<string, Promise<void>>();

/** Prints a warning, once for each ledger, if its proofs can be forged and the chain is not local. */
export async function warnOfDevelopmentKeys(client: Client): Promise<void> {
  checkClient(client);
  const { chainId, addresses } = client;
  if (isLocalChain(chainId)) return;
  const place = `${chainId} ${addresses.UsageLedger}`;
  const warning = warnings.get(place) ?? warn(client);
  warnings.set(place, warning);
  // The action has its own errors. The next one tries again.
  await warning.catch(() => warnings.delete(place));
}

async function warn(client: Client): Promise<void> {
  const verifiers = await verifiersOf(client);
  const codes = await Promise.all(verifiers.map((verifier) => client.provider.getCode(verifier)));
  if (!codes.some(hasDevelopmentKey)) return;
  console.warn(
    `Benefit Grid: the ledger ${client.addresses.UsageLedger} on chain ${client.chainId} has development verifiers. ` +
      "Anybody can forge proofs of private use there. Use it for tests only.",
  );
}

async function verifiersOf(client: Client): Promise<string[]> {
  const count = Number(await read(client, "UsageLedger", "instanceCount", []));
  const indexes = Array.from({ length: count }, (_, i) => BigInt(i));
  const [range, ...batches] = await Promise.all([
    read(client, "UsageLedger", "RANGE_VERIFIER", []),
    ...indexes.map(async (i) => (await read(client, "UsageLedger", "instanceOf", [i])).verifier),
  ]);
  return [range, ...batches];
}
