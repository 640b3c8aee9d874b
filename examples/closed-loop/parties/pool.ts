import { createPool, joinPoolFor, signJoin } from "@benefit-grid/sdk";
import { id } from "ethers";
import type { Gas } from "../money/gas.ts";
import type { Actor } from "./actors.ts";

/** What contributors consent to. */
const POLICY =
  "I give one public-domain text to the corpus. Royalties follow the passages that answers cite, one unit each.";
const AN_HOUR = 3_600;

/** Creates the corpus' pool. Contributors have no gas: they sign their consent, and the curator submits it. */
export async function gatherContributors(
  curator: Actor,
  contributors: readonly { readonly actor: Actor }[],
  gas: Gas,
): Promise<`0x${string}`> {
  const { client, address } = curator;
  const policyHash = id(POLICY) as `0x${string}`;
  const created = createPool(client, { curator: address, policyHash });
  const { pool } = await gas.count("create the corpus' pool", created);
  const block = await client.provider.getBlock("latest");
  const deadline = BigInt((block?.timestamp ?? 0) + AN_HOUR);
  for (const { actor } of contributors) {
    const consent = await signJoin(actor.client, { pool, policyHash, deadline });
    await gas.count("join the pool by signature", joinPoolFor(client, { pool, consent }));
  }
  return pool;
}
