import { existsSync, readFileSync } from "node:fs";
import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import type { Admissions } from "../../ignition/modules/Grid.ts";
import { type Bounds, bits, FILE, type Fields, fieldsOf, repeatedKeys } from "./genesis-fields.ts";
import { checkAdmissions } from "./genesis-rules.ts";
import { GenesisError, Problems } from "./problems.ts";

/** The start of a deployment, from `ignition/genesis/<chainId>.json` or the file of `--genesis`. */
export type Genesis = { readonly admissions: Admissions; readonly parameters: DeploymentParameters };

export type GenesisOptions = {
  /** The name of the file in errors. @default "genesis" */
  readonly name?: string;
  /** Permits TestUSD, short delays, and indexes of the node's accounts. @default true */
  readonly isForTests?: boolean;
};

const HOUR = 3_600n;
const DAY = 24n * HOUR;

const KINDS = ["research", "service"];
const LISTS = {
  programmes: ["kind", "steward", "metadataHash", "uri"],
  champions: ["country", "population", "operator", "registrar", "programmeId", "sectors"],
  sectors: ["sector", "weight", "target", "allowance"],
  sources: ["account", "cap"],
  currencies: ["token", "reserve"],
};
/** Seconds. Shorter ones give nobody time to react, longer ones leave the DAO unable to act. */
const DELAYS = {
  votingDelay: { least: HOUR, most: 30n * DAY },
  votingPeriod: { least: DAY, most: 30n * DAY },
  lateQuorumExtension: { least: HOUR, most: 30n * DAY },
  minDelay: { least: DAY, most: 30n * DAY },
};
/** Base units: at most a tenth of the coins that start votes. */
const THRESHOLD = { least: 1n, most: 2_099_999_997_690n };
/** Percent. Many coins never vote, so more than a half may be out of reach for good. */
const QUORUM = { least: 1n, most: 50n };
/** Basis points of the platform's part. The router allows half of it. */
const APPLICATION_SHARE = { least: 0n, most: 5_000n };
const SETTINGS = [...Object.keys(DELAYS), "proposalThreshold", "quorumNumerator", "applicationShareBps"];
const FIELDS = ["council", ...Object.keys(LISTS), ...SETTINGS];

/** A chain's genesis file, if there is one. */
export function genesisFile(chainId: bigint): string | undefined {
  const file = `ignition/genesis/${chainId}.json`;
  return existsSync(file) ? file : undefined;
}

/**
 * Reads a genesis. In place of an address, a number is the index of an account of the node.
 *
 * @throws {GenesisError} with all problems of the file
 */
export function readGenesis(
  file: string,
  accounts: readonly string[],
  options: GenesisOptions = {},
): Genesis {
  const name = options.name ?? file;
  const problems = new Problems();
  let json: unknown;
  try {
    const text = readFileSync(file, "utf8");
    json = JSON.parse(text);
    for (const field of repeatedKeys(text)) problems.report(field, "is there twice", "Remove one of the two");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = "Pass a JSON file such as ignition/genesis/31337.json";
    throw new GenesisError(name, [{ field: FILE, problem: `can't be read: ${reason}`, advice }]);
  }
  return parseGenesis(json, accounts, { ...options, name }, problems);
}

/** Checks every field, because a deployment cannot be corrected. @throws {GenesisError} with all problems */
export function parseGenesis(
  json: unknown,
  accounts: readonly string[],
  { name = "genesis", isForTests = true }: GenesisOptions = {},
  problems = new Problems(),
): Genesis {
  const root = fieldsOf(json, "", FIELDS, { problems, accounts: isForTests ? accounts : [] });
  if (problems.list.some(({ field }) => field === FILE)) problems.refuse(name);
  const council = root.account("council");
  const admissions = admissionsOf(root);
  checkAdmissions(admissions, { problems, council, isForTests });
  const parameters = parametersOf(root, council, isForTests);
  problems.refuse(name);
  return { admissions, parameters };
}

function admissionsOf(root: Fields): Admissions {
  const entries = (key: keyof typeof LISTS): Fields[] => root.list(key, LISTS[key]);
  return {
    programmes: entries("programmes").map((entry) => ({
      kind: entry.oneOf("kind", KINDS),
      steward: entry.account("steward"),
      metadataHash: entry.hash("metadataHash"),
      uri: entry.text("uri"),
    })),
    champions: entries("champions").map((entry) => ({
      country: entry.number("country", { least: 1n, most: 999n }),
      population: entry.amount("population", bits(64, 1n)),
      operator: entry.account("operator"),
      registrar: entry.account("registrar"),
      programmeId: entry.number("programmeId", { least: 1n, most: BigInt(Number.MAX_SAFE_INTEGER) }),
      sectors: entry.numbers("sectors", bits(16)),
    })),
    sectors: entries("sectors").map((entry) => ({
      sector: entry.number("sector", bits(16)),
      weight: entry.amount("weight", bits(32)),
      target: entry.amount("target", bits(112)),
      allowance: entry.amount("allowance", bits(64)),
    })),
    sources: entries("sources").map((entry) => ({
      account: entry.account("account"),
      cap: entry.amount("cap", bits(88, 1n)),
    })),
    currencies: entries("currencies").map((entry) => ({
      token: entry.token("token"),
      reserve: entry.amount("reserve", bits(128, 1n)),
    })),
  };
}

/** The settings that the file has. All others keep the modules' defaults. */
function parametersOf(root: Fields, council: string, isForTests: boolean): DeploymentParameters {
  const read = (bounds: Readonly<Record<string, Bounds>>) =>
    Object.fromEntries(
      Object.entries(bounds)
        .filter(([key]) => root.has(key))
        .map(([key, one]) => [key, root.amount(key, one)]),
    );
  const delays = isForTests
    ? Object.fromEntries(Object.entries(DELAYS).map(([key, { most }]) => [key, { least: 1n, most }]))
    : DELAYS;
  const { minDelay, ...voting } = read({ ...delays, proposalThreshold: THRESHOLD, quorumNumerator: QUORUM });
  const { applicationShareBps } = read({ applicationShareBps: APPLICATION_SHARE });
  const parameters: DeploymentParameters = { Governance: { council, ...voting } };
  if (minDelay !== undefined) parameters.Timelock = { minDelay };
  if (applicationShareBps !== undefined)
    parameters.Grid = { applicationShareBps: Number(applicationShareBps) };
  return parameters;
}

/** The file that gives a genesis, with addresses in place of indexes. */
export function genesisJson({ admissions, parameters }: Genesis): object {
  const { Governance, Timelock, Grid } = parameters;
  const { programmes, ...rest } = admissions;
  const json = {
    ...Governance,
    ...Timelock,
    ...Grid,
    programmes: programmes.map((programme) => ({ ...programme, kind: KINDS[programme.kind] })),
    ...rest,
  };
  return JSON.parse(JSON.stringify(json, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
}
