import { existsSync, readFileSync } from "node:fs";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import { getAddress, isAddress as hasChecksum, isHexString } from "ethers";
import type { Admissions } from "../../ignition/modules/Grid.ts";

/** The start of a deployment, from `ignition/genesis/<chainId>.json` or the file of `--genesis`. */
export type Genesis = { readonly admissions: Admissions; readonly parameters: DeploymentParameters };

const KINDS = ["research", "service"];
const GOVERNANCE = [
  "votingDelay",
  "votingPeriod",
  "proposalThreshold",
  "quorumNumerator",
  "lateQuorumExtension",
];
const LISTS = ["programmes", "champions", "sectors", "sources", "currencies"];
const FIELDS = ["council", ...LISTS, ...GOVERNANCE, "minDelay", "applicationShareBps"];

/** A chain's genesis file, if there is one. */
export function genesisFile(chainId: bigint): string | undefined {
  const file = `ignition/genesis/${chainId}.json`;
  return existsSync(file) ? file : undefined;
}

/** Reads a genesis. In place of an address, a number is the index of an account of the node. */
export function readGenesis(file: string, accounts: readonly string[]): Genesis {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`The genesis can't be read: ${error instanceof Error ? error.message : error}`);
  }
  return parseGenesis(json, accounts, file);
}

/** Checks each field, because a deployment cannot be corrected. */
export function parseGenesis(json: unknown, accounts: readonly string[], name = "genesis"): Genesis {
  const root = fieldsOf(json, name, accounts);
  const unknown = Object.keys(json as object).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw new Error(`${name}.${unknown} is unknown.`);
  const admissions = {
    programmes: root.list("programmes").map((entry) => ({
      kind: entry.oneOf("kind", KINDS),
      steward: entry.account("steward"),
      metadataHash: entry.hash("metadataHash"),
      uri: entry.text("uri"),
    })),
    champions: root.list("champions").map((entry) => ({
      country: entry.small("country"),
      population: entry.amount("population"),
      operator: entry.account("operator"),
      registrar: entry.account("registrar"),
      programmeId: entry.small("programmeId"),
      sectors: entry.smalls("sectors"),
    })),
    sectors: root.list("sectors").map((entry) => ({
      sector: entry.small("sector"),
      weight: entry.amount("weight"),
      target: entry.amount("target"),
      allowance: entry.amount("allowance"),
    })),
    sources: root
      .list("sources")
      .map((entry) => ({ account: entry.account("account"), cap: entry.amount("cap") })),
    currencies: root
      .list("currencies")
      .map((entry) => ({ token: entry.token("token"), reserve: entry.amount("reserve") })),
  };
  checkAdmissions(admissions, name);
  const council = root.account("council");
  const votes = GOVERNANCE.filter(root.has).map((key) => [key, root.amount(key)]);
  const parameters: DeploymentParameters = { Governance: { council, ...Object.fromEntries(votes) } };
  if (root.has("minDelay")) parameters.Timelock = { minDelay: root.amount("minDelay") };
  if (root.has("applicationShareBps"))
    parameters.Grid = { applicationShareBps: root.small("applicationShareBps") };
  return { admissions, parameters };
}

/** Finds values that would fail in the middle of a deployment, or leave coins without a buyer. */
function checkAdmissions({ programmes, champions, sectors, currencies }: Admissions, name: string): void {
  const problems = [
    ...champions.flatMap(({ country, operator, registrar, programmeId }, i) => [
      (country < 1 || country > 999) && `champions[${i}].country must be 1 to 999`,
      operator === registrar && `champions[${i}].registrar must not be the operator`,
      (programmeId < 1 || programmeId > programmes.length) &&
        `champions[${i}].programmeId names no programme`,
    ]),
    ...sectors.map(
      ({ weight, target }, i) => weight > 0n && target === 0n && `sectors[${i}].target must be above 0`,
    ),
    currencies.length === 0 && "currencies must not be empty: nobody can add one before votes start",
    ...currencies.map(({ reserve }, i) => reserve === 0n && `currencies[${i}].reserve must be above 0`),
  ];
  const [problem] = problems.filter((text) => text !== false);
  if (problem !== undefined) throw new Error(`${name}.${problem}.`);
}

/** Reads the fields of one object, each by its type. */
type Fields = {
  has(key: string): boolean;
  list(key: string): Fields[];
  small(key: string): number;
  smalls(key: string): number[];
  amount(key: string): bigint;
  account(key: string): string;
  token(key: string): string;
  hash(key: string): string;
  text(key: string): string;
  oneOf(key: string, names: readonly string[]): number;
};

function fieldsOf(json: unknown, path: string, accounts: readonly string[]): Fields {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new Error(`${path} must be an object.`);
  const values = json as Record<string, unknown>;
  const fail = (key: string, needed: string): never => {
    throw new Error(`${path}.${key} must be ${needed}; got ${JSON.stringify(values[key])}.`);
  };
  const array = (key: string): unknown[] => {
    const value = values[key];
    return Array.isArray(value) ? value : fail(key, "a list");
  };
  const small = (key: string, value = values[key]) =>
    Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : fail(key, "a whole number");
  const account = (key: string): string => {
    const value = values[key];
    const address = typeof value === "number" ? accounts[value] : value;
    return isAddress(address) ? getAddress(address) : fail(key, "an address, or the index of an account");
  };
  return {
    has: (key) => key in values,
    list: (key) => array(key).map((entry, i) => fieldsOf(entry, `${path}.${key}[${i}]`, accounts)),
    small: (key) => small(key),
    smalls: (key) => array(key).map((value) => small(key, value)),
    amount: (key) => {
      const value = values[key];
      const isWhole = typeof value === "string" ? /^\d+$/.test(value) : Number.isSafeInteger(value);
      return isWhole && Number(value) >= 0
        ? BigInt(value as string)
        : fail(key, "a whole number, as a string if it is large");
    },
    account,
    token: (key) => (values[key] === "TestUSD" ? "TestUSD" : account(key)),
    hash: (key) => {
      const value = values[key];
      return isHexString(value, 32) ? value : fail(key, "32 bytes, 0x...");
    },
    text: (key) => {
      const value = values[key];
      return typeof value === "string" ? value : fail(key, "a text");
    },
    oneOf: (key, names) => {
      const index = names.indexOf(String(values[key]));
      return index >= 0 ? index : fail(key, names.map((name) => `"${name}"`).join(" or "));
    },
  };
}

function isAddress(value: unknown): value is string {
  return isHexString(value, 20) && hasChecksum(value);
}
