import { explainReward } from "@benefit-grid/sdk";
import { hashEvidence, parseEvidence } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import type { LocalSubnet } from "../../scripts/lib/local-subnet.ts";
import type { RoundResult } from "../../scripts/lib/subnet-round.ts";

/** All were paid what the chain's data explain, and the revealed evidence has the weights on chain. */
export async function expectExplained(subnet: LocalSubnet, { epoch, paid, rows }: RoundResult) {
  const { subnetId, token, validators, miners, sponsor, files } = subnet;
  for (const [i, { address: account }] of [...validators, ...miners].entries()) {
    const question = { subnetId, epoch, account, tokens: [token] };
    const { reasons, payments } = await explainReward(sponsor.client, question);
    expect(payments.map(({ amount }) => amount)).to.deep.equal(paid.has(account) ? [paid.get(account)] : []);
    const row = rows[i];
    if (!row) continue;
    const [reason] = reasons;
    expect(reason?.weights.map(({ weight }) => weight)).to.deep.equal(row.weights);
    const { evidenceHash, uri = "" } = reason?.weights[0] ?? {};
    const evidence = parseEvidence(new TextDecoder().decode(files.get(uri)));
    expect(hashEvidence(evidence)).to.equal(evidenceHash);
    const weightOf = new Map(evidence.entries.map(({ miner, weight }) => [miner, weight]));
    expect(miners.map(({ address }) => weightOf.get(address))).to.deep.equal(row.weights);
  }
}

/** What each was paid in all rounds, by name. The balances on chain are the same. */
export async function earnedIn({ validators, miners }: LocalSubnet, results: readonly RoundResult[]) {
  const entries = [...validators, ...miners].map(async ({ name, address, client }) => {
    const earned = results.reduce((sum, { paid }) => sum + (paid.get(address) ?? 0n), 0n);
    expect(await client.contracts.TestUSD?.balanceOf(address)).to.equal(earned);
    return [name, earned] as const;
  });
  return new Map(await Promise.all(entries));
}
