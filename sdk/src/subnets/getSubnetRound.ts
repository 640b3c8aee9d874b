import { type Client, checkCall } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { readLogs, type SearchRange } from "../core/logs.ts";
import { topicOf } from "./epochRuns.ts";

export type GetSubnetRoundParameters = SearchRange & { readonly subnetId: bigint; readonly epoch: bigint };

/** Content that was revealed after its commitment. */
export type RoundContent = {
  readonly account: Address;
  /** SHA-256 of the content, or the hash of a submission. */
  readonly contentHash: Hex;
  /** Address of the content. */
  readonly uri: string;
};
export type GetSubnetRoundReturnType = {
  /** Validators' held-out test sets. */
  readonly testSets: readonly RoundContent[];
  /** Miners' answers. */
  readonly answers: readonly RoundContent[];
};

/**
 * The test sets and answers that were revealed in an epoch: what validators score. `getRanking` has the result.
 *
 * @throws {@link InvalidParameterError} for a malformed id, epoch or block range
 * @example
 * ```ts
 * const { testSets, answers } = await getSubnetRound(client, { subnetId: 1n, epoch: 1n });
 * ```
 */
export async function getSubnetRound(
  client: Client,
  parameters: GetSubnetRoundParameters,
): Promise<GetSubnetRoundReturnType> {
  const { subnetId, epoch, ...range } = checkCall(client, parameters);
  const indexed = [topicOf(checkUint("subnetId", subnetId, 32)), topicOf(checkUint("epoch", epoch, 32))];
  const [testSets, answers] = await Promise.all([
    readLogs(client, "SubnetHub", ["TestSetRevealed"], { ...range, indexed }),
    readLogs(client, "SubnetHub", ["AnswerRevealed"], { ...range, indexed }),
  ]);
  return {
    testSets: testSets.map(({ args }) => contentOf(args.validator, args)),
    answers: answers.map(({ args }) => contentOf(args.miner, args)),
  };
}

function contentOf(account: Address, { contentHash, uri }: Omit<RoundContent, "account">): RoundContent {
  return { account, contentHash, uri };
}
