import type { Context, Head } from "./context.ts";

/** A node that answers with older blocks than before is waited for, milliseconds. */
const BEHIND_FOR = 60_000;
/** `ITermsRegistry.LedgerStatus`. */
const RETIRED = 2n;

/** Reads the newest block. */
export function createHead({ client, offers }: Context): () => Promise<Head> {
  const hasPrivate = [...offers.values()].some(({ mode }) => mode === "private");
  const { TermsRegistry: terms } = client.contracts;
  let highest = -1;
  let seenAt = 0;

  return async () => {
    const [block, status] = await Promise.all([
      client.provider.getBlock("latest"),
      hasPrivate ? terms.ledgerStatus(client.addresses.UsageLedger) : undefined,
    ]);
    if (!block) throw new Error("The node has no block yet. Wait until it has synced, or use another node.");
    const isBehind = block.number < highest && performance.now() - seenAt < BEHIND_FOR;
    if (!isBehind) {
      highest = block.number;
      seenAt = performance.now();
    }
    return {
      number: block.number,
      time: BigInt(block.timestamp),
      isRetired: status === RETIRED,
      isBehind,
    };
  };
}
