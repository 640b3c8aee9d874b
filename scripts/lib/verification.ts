import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AbiCoder, Interface, type ParamType } from "ethers";
import { artifacts } from "hardhat";
import { DeploymentError } from "./problems.ts";
import type { Reference } from "./reference.ts";

type CompilerInput = {
  readonly sources: Readonly<Record<string, { readonly content: string }>>;
  readonly settings: { readonly remappings?: readonly string[] };
};

/** What an explorer needs to compile a contract and compare it with the chain. */
export type Submission = {
  readonly name: string;
  readonly address: string;
  /** Such as `contracts/coin/CoinSale.sol:CoinSale`. */
  readonly identifier: string;
  /** Such as `0.8.37+commit.f401782d`. */
  readonly compilerVersion: string;
  /** The compiler's standard JSON input, with the sources that the contract needs. */
  readonly input: CompilerInput;
  /** Addresses of linked libraries, by source and name. They are not in the input: they would change its metadata. */
  readonly libraries: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** ABI-encoded, without 0x. Empty if the constructor takes none. */
  readonly constructorArguments: string;
};

/** Arguments of the contracts that the mine's constructor creates. */
function childArguments({ addresses }: Reference, deployer: string): Record<string, string[]> {
  const { BenefitMine = "", FoundationCoin = "", ChampionRegistry = "" } = addresses;
  return { FoundationCoin: [BenefitMine], CoinSale: [FoundationCoin, ChampionRegistry, deployer] };
}

/** The submissions of all contracts of a deployment. */
export async function submissionsOf(reference: Reference, deployer: string): Promise<Submission[]> {
  const created = new Map(reference.creations.map((one) => [one.contract.split(":").at(-1), one]));
  const children = childArguments(reference, deployer);
  const submissions: Submission[] = [];
  for (const [name, address] of Object.entries(reference.addresses)) {
    const args = created.get(name)?.constructorArgs ?? children[name] ?? [];
    submissions.push(await submissionOf(name, address, args, created.get(name)?.libraries ?? {}));
  }
  return submissions;
}

async function submissionOf(
  name: string,
  address: string,
  args: readonly unknown[],
  libraries: Readonly<Record<string, string>>,
): Promise<Submission> {
  const artifact = await artifacts.readArtifact(name);
  const id = await artifacts.getBuildInfoId(name);
  const file = id && (await artifacts.getBuildInfoPath(id));
  if (!file || !artifact.inputSourceName)
    throw new DeploymentError(`The artifact of ${name} has no build info.`);
  const { solcLongVersion, input } = JSON.parse(readFileSync(file, "utf8"));
  const linked: Record<string, Record<string, string>> = {};
  for (const [source, names] of Object.entries(artifact.linkReferences))
    for (const library of Object.keys(names)) {
      linked[source] = { ...linked[source], [library]: libraries[library] ?? "" };
    }
  const inputs: readonly ParamType[] = new Interface(artifact.abi).deploy.inputs;
  return {
    name,
    address,
    identifier: `${artifact.inputSourceName}:${name}`,
    compilerVersion: solcLongVersion,
    input: { ...input, sources: sourcesOf(input, artifact.inputSourceName) },
    libraries: linked,
    constructorArguments: AbiCoder.defaultAbiCoder().encode(inputs, args).slice(2),
  };
}

/** A source with all that it imports. The compiler's job has other contracts too. */
function sourcesOf({ sources, settings }: CompilerInput, start: string): CompilerInput["sources"] {
  const needed = new Set<string>();
  const open = [start];
  for (const path of open) {
    if (needed.has(path)) continue;
    needed.add(path);
    const content = sources[path]?.content;
    if (content === undefined) throw new DeploymentError(`The compiler's input lacks ${path}.`);
    for (const [, imported = ""] of content.matchAll(/^import\s+(?:[^"';]*\sfrom\s+)?["']([^"']+)["']/gm))
      open.push(resolveImport(path, imported, settings.remappings ?? []));
  }
  return Object.fromEntries(Object.entries(sources).filter(([path]) => needed.has(path)));
}

function resolveImport(from: string, imported: string, remappings: readonly string[]): string {
  if (imported.startsWith(".")) return posix.join(posix.dirname(from), imported);
  for (const remapping of remappings) {
    const [, context = "", prefix = "", target = ""] = /^(?:([^:=]*):)?([^=]+)=(.*)$/.exec(remapping) ?? [];
    if (from.startsWith(context) && imported.startsWith(prefix))
      return target + imported.slice(prefix.length);
  }
  return imported;
}

export type Explorer = {
  readonly name: string;
  /** Sends one contract. Returns a sentence: verified, or verified already. */
  verify(submission: Submission): Promise<string>;
};

export type ExplorerOptions = {
  readonly chainId: number | bigint;
  readonly url?: string | undefined;
  /** Milliseconds between two questions whether a job is done. @default 3000 */
  readonly interval?: number;
};

const TRIES = 100;
const VERIFIED = "verified";
const ALREADY = "verified already";

/** Sourcify's API, version 2: https://docs.sourcify.dev/docs/api. It needs no key. */
export function sourcify({
  chainId,
  url = "https://sourcify.dev/server",
  interval,
}: ExplorerOptions): Explorer {
  return {
    name: "Sourcify",
    async verify({ address, identifier, compilerVersion, input }) {
      const body = { stdJsonInput: input, compilerVersion, contractIdentifier: identifier };
      const sent = await answerOf(`${url}/v2/verify/${chainId}/${address}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (sent.customCode === "already_verified") return ALREADY;
      const id = sent.verificationId;
      if (typeof id !== "string")
        throw new DeploymentError(`Sourcify: ${sent.message ?? JSON.stringify(sent)}`);
      return await untilDone(interval, async () => {
        const { isJobCompleted, error, contract } = await answerOf(`${url}/v2/verify/${id}`);
        if (!isJobCompleted) return undefined;
        if (contract?.match) return VERIFIED;
        throw new DeploymentError(`Sourcify: ${error?.message ?? "the code does not match."}`);
      });
    },
  };
}

/** Etherscan's API, version 2: https://docs.etherscan.io/contract-verification/verify-with-api. One key is for all chains. */
export function etherscan({
  chainId,
  key,
  url = "https://api.etherscan.io/v2/api",
  interval,
}: ExplorerOptions & { readonly key: string }): Explorer {
  const ask = async (query: Record<string, string>, form?: Record<string, string>) => {
    const all = new URLSearchParams({ module: "contract", chainid: String(chainId), apikey: key, ...query });
    const { status, result } = await answerOf(
      `${url}?${all}`,
      form && { method: "POST", body: new URLSearchParams(form) },
    );
    return { isOk: status === "1", result: String(result) };
  };
  return {
    name: "Etherscan",
    async verify({ address, identifier, compilerVersion, input, libraries, constructorArguments }) {
      const linked = { ...input, settings: { ...input.settings, libraries } };
      const sent = await ask(
        { action: "verifysourcecode" },
        {
          contractaddress: address,
          sourceCode: JSON.stringify(linked),
          codeformat: "solidity-standard-json-input",
          contractname: identifier,
          compilerversion: `v${compilerVersion}`,
          constructorArguments,
        },
      );
      if (/already verified/i.test(sent.result)) return ALREADY;
      if (!sent.isOk) throw new DeploymentError(`Etherscan: ${sent.result}`);
      return await untilDone(interval, async () => {
        const { isOk, result } = await ask({ action: "checkverifystatus", guid: sent.result });
        if (/pending|in progress/i.test(result)) return undefined;
        if (/already verified/i.test(result)) return ALREADY;
        if (isOk) return VERIFIED;
        throw new DeploymentError(`Etherscan: ${result}`);
      });
    },
  };
}

type Answer = {
  verificationId?: string;
  customCode?: string;
  message?: string;
  isJobCompleted?: boolean;
  error?: { message?: string };
  contract?: { match?: string | null };
  status?: string;
  result?: unknown;
};

async function answerOf(url: string, request?: RequestInit): Promise<Answer> {
  const { host } = new URL(url);
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(60_000) }).catch(
    (error: Error) => {
      throw new DeploymentError(`${host} does not answer: ${error.message}.`);
    },
  );
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new DeploymentError(`${host} answers with status ${response.status}, and not with JSON.`);
  }
}

async function untilDone(interval = 3_000, ask: () => Promise<string | undefined>): Promise<string> {
  for (let tries = 0; tries < TRIES; tries++) {
    const result = await ask();
    if (result !== undefined) return result;
    await sleep(interval);
  }
  throw new DeploymentError("The explorer takes too long. Run the command again later.");
}
