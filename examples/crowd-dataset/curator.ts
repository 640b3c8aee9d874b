import { createPool, hashContent, registerCapsule } from "@benefit-grid/sdk";
import { id } from "ethers";
import type { Party } from "./party.ts";
import { HEADER } from "./rows.ts";

/** Contributors consent to this policy. A real pool hashes its policy's canonical JSON. */
const POLICY = "My rows may be licensed with the dataset. I earn by accepted rows, one unit each.";
export const policyHash = id(POLICY) as `0x${string}`;

/** Creates a pool, and a dataset whose data leg it earns. */
export async function openDataset({ client, address }: Party) {
  const { pool } = await createPool(client, { curator: address, policyHash });
  const { capsuleId } = await registerCapsule(client, {
    owner: address,
    kind: "data",
    contentHash: await hashContent(new TextEncoder().encode(HEADER)),
    uri: "https://data.example/crowd",
    shares: [{ role: "data", units: 1n, account: pool }],
  });
  return { pool, capsuleId };
}
