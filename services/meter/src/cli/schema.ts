const COUNT = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const TEXT = { type: "string", minLength: 1 } as const;
const PORT = { type: "integer", minimum: 0, maximum: 65_535 } as const;

const OPENAI = {
  type: "object",
  properties: { type: { const: "openai" }, upstream: TEXT, maxAnswerTokens: COUNT },
  required: ["type", "upstream", "maxAnswerTokens"],
  additionalProperties: false,
} as const;

const HTTP = {
  type: "object",
  properties: { type: { const: "http" }, upstream: TEXT, unit: { enum: ["call", "byte"] } },
  required: ["type", "upstream", "unit"],
  additionalProperties: false,
} as const;

/** JSON Schema (2020-12) of the file for `--config`. services/meter/README.md explains its fields. */
export const configSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Configuration of a meter",
  type: "object",
  properties: {
    rpc: TEXT,
    deployment: TEXT,
    store: TEXT,
    offers: { type: "array", items: COUNT, minItems: 1, uniqueItems: true },
    roles: { type: "array", items: { enum: ["gateway", "worker"] }, minItems: 1, uniqueItems: true },
    host: TEXT,
    port: PORT,
    adminHost: TEXT,
    adminPort: PORT,
    maxUnits: COUNT,
    credit: COUNT,
    contexts: { type: "array", items: TEXT },
    service: {
      type: "object",
      required: ["type"],
      properties: { type: { enum: ["openai", "http"] } },
      discriminator: { propertyName: "type" },
      oneOf: [OPENAI, HTTP],
    },
    keystore: TEXT,
    settle: {
      type: "object",
      properties: {
        maxAgeSeconds: COUNT,
        minUnits: COUNT,
        confirmations: COUNT,
        maxRows: COUNT,
        maxFeePerGas: COUNT,
        allowLone: { type: "boolean" },
      },
      additionalProperties: false,
    },
    graceSeconds: COUNT,
    log: { enum: ["trace", "debug", "info", "warn", "error", "silent"] },
  },
  required: ["rpc", "store", "offers"],
  additionalProperties: false,
} as const;
