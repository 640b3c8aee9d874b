import { readFileSync } from "node:fs";
import { getAddress, isAddress, keccak256 } from "ethers";
import { addressOf } from "../../client.ts";
import type { Address, Hex } from "../../core/abi.ts";
import { listMiners } from "../../subnets/listMiners.ts";
import { parseEvidence } from "../../subnets/scoring/evidence.ts";
import { toWeights } from "../../subnets/scoring/toWeights.ts";
import type { WeightsReveal } from "../../subnets/weights.ts";
import { upscaleWeights } from "../../subnets/yuma/upscaleWeights.ts";
import type { Context } from "../context.ts";
import { CommandError } from "../errors.ts";
import { text } from "../options.ts";
import type { Place } from "./reveals.ts";

/** A row of weights with its evidence. */
export type Row = Omit<WeightsReveal, "subnetId" | "salt">;

/** The row of a file with scores, weights or evidence. The file itself is the evidence. */
export async function rowOf(context: Context, file: string, place: Place): Promise<Row> {
  const bytes = readFileSync(file);
  const weights = weightsIn(context, file, bytes.toString("utf8"), place);
  const miners = await listMiners(context.client, { subnetId: place.subnetId });
  const unknown = [...weights.keys()].find((account) => !miners.some((miner) => miner.account === account));
  if (unknown !== undefined)
    throw new CommandError(
      `${file} has ${unknown}, which is no miner of subnet ${place.subnetId}. Remove it, or check --subnet.`,
    );
  const size = miners.reduce((most, { slot }) => Math.max(most, Number(slot) + 1), 0);
  const row = Array.from({ length: size }, () => 0n);
  for (const { slot, account } of miners) row[Number(slot)] = weights.get(account) ?? 0n;
  if (row.every((weight) => weight === 0n))
    throw new CommandError(`${file} gives no miner a weight, so it would have no effect.`);
  const evidenceHash = keccak256(bytes) as Hex;
  return { weights: row, evidenceHash, uri: text(context.values, "uri") ?? "" };
}

function weightsIn(context: Context, file: string, source: string, place: Place): Map<Address, bigint> {
  const json = jsonIn(file, source);
  if (json.scores !== undefined) return fromScores(file, json.scores);
  if (json.weights !== undefined) return fromWeights(file, json.weights);
  if (String(json.format).startsWith("benefit-grid/evidence/"))
    return fromEvidence(context, file, source, place);
  throw new CommandError(`${file} needs {"scores": {"0x...": 0.9}}, {"weights": {"0x...": 3}}, or evidence.`);
}

function jsonIn(file: string, source: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(source);
    if (typeof json === "object" && json !== null) return json as Record<string, unknown>;
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`);
  }
  throw new CommandError(`${file} is not a JSON object.`);
}

/** Numbers by account. */
function entriesIn(file: string, name: string, value: unknown): [Address, number][] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CommandError(`${name} of ${file} needs numbers by miner, such as {"0x...": 0.9}.`);
  const entries = Object.entries(value).map(([account, number]): [Address, number] => {
    if (!isAddress(account))
      throw new CommandError(`${name} of ${file} has ${account}, which is no address.`);
    if (typeof number !== "number" || !Number.isFinite(number))
      throw new CommandError(`${name} of ${file} needs a number for ${account}.`);
    return [getAddress(account) as Address, number];
  });
  if (entries.length === 0) throw new CommandError(`${name} of ${file} has no miner.`);
  if (new Set(entries.map(([account]) => account)).size < entries.length)
    throw new CommandError(`${name} of ${file} has a miner twice.`);
  return entries;
}

function fromScores(file: string, value: unknown): Map<Address, bigint> {
  const entries = entriesIn(file, "scores", value);
  const { weights } = toWeights({ scores: entries.map(([, score]) => score) });
  return new Map(entries.map(([account], i) => [account, weights[i] as bigint]));
}

/** Numbers with decimals keep six of them. */
const PRECISION = 1e6;

function fromWeights(file: string, value: unknown): Map<Address, bigint> {
  const entries = entriesIn(file, "weights", value);
  const negative = entries.find(([, weight]) => weight < 0 || weight > Number.MAX_SAFE_INTEGER / PRECISION);
  if (negative) throw new CommandError(`weights of ${file} has ${negative[1]}, which is out of range.`);
  const weights = upscaleWeights(entries.map(([, weight]) => BigInt(Math.round(weight * PRECISION))));
  return new Map(entries.map(([account], i) => [account, weights[i] as bigint]));
}

/** Evidence has the weights to reveal. It must be of this validator and epoch. */
function fromEvidence({ client }: Context, file: string, source: string, place: Place): Map<Address, bigint> {
  const { entries, ...about } = parseEvidence(source);
  const expected = { chainId: client.chainId, hub: addressOf(client, "SubnetHub"), ...place };
  const wrong = (Object.keys(expected) as (keyof typeof expected)[]).find(
    (name) => about[name] !== expected[name],
  );
  if (wrong)
    throw new CommandError(
      `${file} is evidence with ${wrong} ${about[wrong]}, but here it is ${expected[wrong]}.`,
    );
  return new Map(entries.map(({ miner, weight }) => [miner, weight]));
}
