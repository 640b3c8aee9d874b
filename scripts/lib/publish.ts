import { mkdirSync, writeFileSync } from "node:fs";
import { config } from "hardhat";
import type { Deployment } from "./record.ts";
import type { Reference } from "./reference.ts";
import { type Explorer, etherscan, type Submission, sourcify, submissionsOf } from "./verification.ts";

export type Publication = {
  /** @default verification/<chainId> */
  readonly out?: string | undefined;
  /** Writes the files, and sends nothing. */
  readonly isPreparing?: boolean;
  /** Etherscan's. Without it Sourcify alone gets the sources. */
  readonly key?: string | undefined;
  readonly urls?: { readonly sourcify?: string | undefined; readonly etherscan?: string | undefined };
};

/** Etherscan's key from Hardhat's keystore or the environment. Undefined if it is in neither. */
export async function etherscanKey(): Promise<string | undefined> {
  const key = await config.verify.etherscan.apiKey.get().catch(() => undefined);
  return key === "" ? undefined : key;
}

/** Writes what explorers need for each contract, and sends it. A failure sets the exit code, and the others continue. */
export async function publishSources(
  { chainId, deployer = "" }: Deployment,
  reference: Reference,
  { out = `verification/${chainId}`, isPreparing = false, key, urls = {} }: Publication,
): Promise<void> {
  const submissions = await submissionsOf(reference, deployer);
  for (const submission of submissions) write(out, submission);
  console.log(`Wrote the inputs of ${submissions.length} contracts to ${out}.`);
  if (isPreparing) return;
  const explorers = [sourcify({ chainId, url: urls.sourcify })];
  if (key !== undefined) explorers.push(etherscan({ chainId, key, url: urls.etherscan }));
  else console.log("ETHERSCAN_API_KEY is missing: Sourcify alone gets them.");
  for (const explorer of explorers) await send(explorer, submissions);
}

function write(out: string, { name, input, ...rest }: Submission): void {
  const folder = `${out}/${name}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/input.json`, JSON.stringify(input, null, 2));
  writeFileSync(`${folder}/contract.json`, `${JSON.stringify({ name, ...rest }, null, 2)}\n`);
}

async function send({ name: explorer, verify }: Explorer, submissions: readonly Submission[]): Promise<void> {
  for (const submission of submissions) {
    try {
      console.log(`${explorer}: ${submission.name} is ${await verify(submission)}.`);
    } catch (error) {
      process.exitCode = 1;
      console.error(`${submission.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
