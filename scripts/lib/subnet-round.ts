import { randomBytes } from "node:crypto";
import {
  claimRewards,
  commitAnswer,
  commitTestSet,
  commitWeights,
  type GetRankingReturnType,
  getRanking,
  getSubnetClock,
  getSubnetRound,
  type Hex,
  hashContent,
  revealAnswer,
  revealTestSet,
  revealWeights,
  runEpoch,
} from "@benefit-grid/sdk";
import {
  DocumentError,
  type Evidence,
  formatEvidence,
  formatSubmission,
  hashEvidence,
  hashSubmission,
  parseSubmission,
  type Submission,
} from "@benefit-grid/sdk/subnets";
import { type Files, type LocalSubnet, type Party, publish, uriOf } from "./local-subnet.ts";

/** A miner's file, and what it commits to. */
export type Delivery = { readonly content: Uint8Array; readonly submission: Submission };

/** A validator's weights by the miners' slots, and where their evidence is. */
export type Row = { readonly weights: readonly bigint[]; readonly evidenceHash: Hex; readonly uri: string };

/** A validator's input for its scores. */
export type RoundView = {
  /** Head of its evidence. */
  readonly place: Omit<Evidence, "entries">;
  /** By the miners' slots. Undefined for a miner without a valid answer. */
  readonly answers: readonly (Delivery | undefined)[];
};

export type RoundTask = {
  /** Held-out test sets by the validators' slots. Undefined for a validator without one. */
  readonly testSets: readonly (Uint8Array | undefined)[];
  /** By the miners' slots. Undefined for a miner that answers nothing. */
  readonly answers: readonly (Delivery | undefined)[];
  /** The row of the validator in a slot. Undefined if it has none. */
  readonly score: (slot: number, view: RoundView) => Promise<Row | undefined>;
};

export type RoundResult = {
  readonly epoch: bigint;
  /** By the miners' slots, as all found them. */
  readonly answers: RoundView["answers"];
  /** By the validators' slots. */
  readonly rows: readonly (Row | undefined)[];
  readonly ranking: GetRankingReturnType;
  /** Base units of the sponsor's token by account. */
  readonly paid: ReadonlyMap<string, bigint>;
};

/** One epoch, from its first phase to the payments. */
export async function runRound(subnet: LocalSubnet, task: RoundTask): Promise<RoundResult> {
  const { subnetId, validators, skipTo, sponsor } = subnet;
  const { epoch } = await getSubnetClock(sponsor.client, { subnetId });
  const revealTestSets = await commitTestSets(subnet, task.testSets);
  await skipTo("answer");
  const revealAnswers = await commitAnswers(subnet, task.answers);
  await skipTo("score");
  await revealTestSets();
  await revealAnswers();
  const answers = await readAnswers(subnet, epoch);
  const rows: (Row | undefined)[] = [];
  for (const [slot, { client, address: validator }] of validators.entries()) {
    const place = { chainId: client.chainId, hub: client.addresses.SubnetHub, subnetId, epoch, validator };
    rows.push(await task.score(slot, { place, answers }));
  }
  const revealRows = await commitRows(subnet, rows);
  await skipTo("reveal");
  await revealRows();
  await skipTo("task");
  const paid = await pay(subnet);
  return { epoch, answers, rows, paid, ranking: await getRanking(sponsor.client, { subnetId, epoch }) };
}

async function commitTestSets(
  { subnetId, validators, dataset, files }: LocalSubnet,
  testSets: RoundTask["testSets"],
) {
  const reveals = await Promise.all(
    filled(validators, testSets).map(async ([{ client }, content]) => {
      const secret = { subnetId, contentHash: await hashContent(content), salt: createSalt() };
      return { client, content, secret };
    }),
  );
  for (const { client, secret } of reveals) await commitTestSet(client, { ...secret, ...dataset });
  return async () => {
    for (const { client, secret, content } of reveals)
      await revealTestSet(client, { ...secret, uri: await publish(files, content) });
  };
}

/** A miner commits to its submission, which has the hash of its file. */
async function commitAnswers({ subnetId, miners, files }: LocalSubnet, answers: RoundTask["answers"]) {
  const reveals = filled(miners, answers).map(([{ client }, answer]) => {
    const secret = { subnetId, contentHash: hashSubmission(answer.submission), salt: createSalt() };
    return { client, answer, secret };
  });
  for (const { client, secret } of reveals) await commitAnswer(client, secret);
  return async () => {
    for (const { client, secret, answer } of reveals) {
      await publish(files, answer.content);
      const text = new TextEncoder().encode(formatSubmission(answer.submission));
      await revealAnswer(client, { ...secret, uri: await publish(files, text) });
    }
  };
}

async function commitRows({ subnetId, validators }: LocalSubnet, rows: readonly (Row | undefined)[]) {
  const reveals = filled(validators, rows).map(([{ client }, row]) => ({
    client,
    reveal: { subnetId, ...row, salt: createSalt() },
  }));
  for (const { client, reveal } of reveals) await commitWeights(client, reveal);
  return async () => {
    for (const { client, reveal } of reveals) await revealWeights(client, reveal);
  };
}

/** Publishes a validator's evidence for its weights. */
export async function rowOf(
  files: Files,
  { weights, evidence }: { readonly weights: readonly bigint[]; readonly evidence: Evidence },
): Promise<Row> {
  const uri = await publish(files, new TextEncoder().encode(formatEvidence(evidence)));
  return { weights, evidenceHash: hashEvidence(evidence), uri };
}

/** The answers that the chain names. Anyone can read them so. */
async function readAnswers({ subnetId, miners, sponsor, files }: LocalSubnet, epoch: bigint) {
  const { answers } = await getSubnetRound(sponsor.client, { subnetId, epoch });
  return await Promise.all(
    miners.map(async ({ address }) => {
      const found = answers.find(({ account }) => account === address);
      return found && (await readDelivery(files, found));
    }),
  );
}

/** Undefined if a file is missing, or not the one that was committed: files are strangers'. */
export async function readDelivery(
  files: Files,
  { contentHash, uri }: { readonly contentHash: Hex; readonly uri: string },
): Promise<Delivery | undefined> {
  const submission = readSubmission(files.get(uri));
  const content = submission && files.get(uriOf(submission.contentHash));
  if (!submission || !content) return undefined;
  const isCommitted = hashSubmission(submission) === contentHash;
  const isSame = (await hashContent(content)) === submission.contentHash;
  return isCommitted && isSame ? { content, submission } : undefined;
}

function readSubmission(text: Uint8Array | undefined): Submission | undefined {
  try {
    return text && parseSubmission(new TextDecoder().decode(text));
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

/** Anyone runs the epoch and claims for all; here the sponsor does. */
async function pay({ subnetId, token, sponsor: { client } }: LocalSubnet) {
  const { epoch, shares } = await runEpoch(client, { subnetId });
  if (shares.length === 0) return new Map<string, bigint>();
  const { paid } = await claimRewards(client, { subnetId, epoch, token });
  return new Map(paid.map(({ account, amount }) => [account as string, amount]));
}

/** Parties with what they have. */
function filled<T>(parties: readonly Party[], things: readonly (T | undefined)[]): [Party, T][] {
  return parties.flatMap((party, i): [Party, T][] => {
    const thing = things[i];
    return thing === undefined ? [] : [[party, thing]];
  });
}

function createSalt(): Hex {
  return `0x${randomBytes(32).toString("hex")}`;
}
