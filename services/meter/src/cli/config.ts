import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CONTEXTS, type Context } from "@benefit-grid/sdk";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { ConfigError } from "../errors.ts";
import { configSchema } from "./schema.ts";

export type ServiceConfig =
  | { readonly type: "openai"; readonly upstream: string; readonly maxAnswerTokens: number }
  | { readonly type: "http"; readonly upstream: string; readonly unit: "call" | "byte" };

/** The content of the file for `--config`, with its defaults. */
export type Config = {
  readonly rpc: string;
  /** Path of the contracts' addresses. @default the SDK's deployment on the chain */
  readonly deployment?: string;
  /** Path of an SQLite file, or the URL of a PostgreSQL database. */
  readonly store: string;
  readonly offers: readonly number[];
  readonly roles: readonly ("gateway" | "worker")[];
  readonly host: string;
  readonly port: number;
  /** Address of metrics and health. They are for the operator alone. */
  readonly adminHost: string;
  readonly adminPort: number;
  readonly maxUnits: number;
  readonly credit?: number;
  readonly contexts: readonly Context[];
  readonly service?: ServiceConfig;
  /** Path of the operator's encrypted key. @default the environment's METER_OPERATOR_KEY */
  readonly keystore?: string;
  readonly settle: {
    readonly maxAgeSeconds?: number;
    readonly minUnits?: number;
    readonly confirmations?: number;
    readonly maxRows?: number;
    readonly maxFeePerGas?: number;
    readonly allowLone?: boolean;
  };
  /** Requests under way may take this long at a shutdown, seconds. */
  readonly graceSeconds: number;
  readonly log: string;
};

const DEFAULTS: Omit<Config, "rpc" | "store" | "offers"> = {
  roles: ["gateway", "worker"],
  host: "127.0.0.1",
  port: 8787,
  adminHost: "127.0.0.1",
  adminPort: 9464,
  maxUnits: 1,
  contexts: [],
  settle: {},
  graceSeconds: 30,
  log: "info",
};

/**
 * Reads and checks a configuration. Paths in it are relative to its folder.
 *
 * @throws {@link ConfigError} with all problems
 */
export function readConfig(file: string): Config {
  const given = parse(file);
  const validate = new Ajv2020({ allErrors: true, discriminator: true, strict: false }).compile(configSchema);
  const problems = validate(given) ? [] : (validate.errors ?? []).flatMap(problemOf);
  if (problems.length > 0) throw new ConfigError(file, problems);
  const config: Config = { ...DEFAULTS, ...(given as Pick<Config, "rpc" | "store" | "offers">) };
  const others = semanticProblems(config);
  if (others.length > 0) throw new ConfigError(file, others);
  return withPaths(config, dirname(resolve(file)));
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(file, [(error as Error).message]);
  }
}

/** One line: the field's JSON pointer and what is wrong with it. */
function problemOf({ instancePath, message, params, keyword }: ErrorObject): string[] {
  // The enum of `type` names the same problem, and the values to choose from.
  if (keyword === "discriminator") return [];
  const { additionalProperty, allowedValues, allowedValue } = params;
  const name = additionalProperty === undefined ? "" : ` (${additionalProperty})`;
  const allowed = allowedValues ?? (allowedValue === undefined ? undefined : [allowedValue]);
  const values = allowed === undefined ? "" : `: ${allowed.join(", ")}`;
  return [`${instancePath === "" ? "the file" : instancePath} ${message}${name}${values}`];
}

function semanticProblems({ roles, service, contexts, maxUnits, credit }: Config): string[] {
  const unknown = contexts.filter((context) => !Object.hasOwn(CONTEXTS, context));
  return [
    ...(roles.includes("gateway") && !service
      ? ["the file must have `service`, because it has the role gateway"]
      : []),
    ...unknown.map(
      (context) => `/contexts has ${context}, which is none of ${Object.keys(CONTEXTS).join(", ")}`,
    ),
    ...(credit !== undefined && credit < maxUnits
      ? [`/credit ${credit} must not be below /maxUnits ${maxUnits}`]
      : []),
  ];
}

function withPaths(config: Config, folder: string): Config {
  const { store, deployment, keystore } = config;
  const isFile = !isPostgres(store) && store !== ":memory:";
  return {
    ...config,
    store: isFile ? resolve(folder, store) : store,
    ...(deployment !== undefined && { deployment: resolve(folder, deployment) }),
    ...(keystore !== undefined && { keystore: resolve(folder, keystore) }),
  };
}

export function isPostgres(store: string): boolean {
  return /^postgres(ql)?:\/\//.test(store);
}
