// What an app of a user does, the same for each bundler.
import { createClient, getSector, usageBatch16x4VerifierAbi } from "@benefit-grid/sdk";
import { buildBatch, proveBatch } from "@benefit-grid/sdk/proofs";
import { Contract, JsonRpcProvider } from "ethers";

const BIGINT = /^-?\d+n$/;

/** Reads the chain, proves a batch, and asks the chain's verifier. `grid` serves node, vouchers and circuits. */
export async function main(grid, worker) {
  const provider = new JsonRpcProvider(`${grid}/rpc`, undefined, { staticNetwork: true });
  const client = await createClient({ runner: provider });
  const { weight } = await getSector(client, { sector: 1n, round: 2n });

  const text = await (await fetch(`${grid}/batch.json`)).text();
  const parameters = JSON.parse(text, (_, value) =>
    BIGINT.test(value) ? BigInt(value.slice(0, -1)) : value,
  );
  const batch = buildBatch(parameters);
  const stages = new Set();
  const onProgress = (stage) => stages.add(stage);
  const { a, b, c } = await proveBatch(batch, { artifacts: `${grid}/circuits`, worker, onProgress });

  const { verifier } = await client.contracts.UsageLedger.instanceOf(batch.instance);
  const { verifyProof } = new Contract(verifier, usageBatch16x4VerifierAbi, provider);
  const { signals } = batch;
  const [isValid, isOtherValid] = await Promise.all([
    verifyProof(a, b, c, [signals.c, signals.y, signals.r]),
    verifyProof(a, b, c, [signals.c, signals.y, signals.r + 1n]),
  ]);
  return { weight: String(weight), stages: [...stages], isValid, isOtherValid };
}
