/** Version of the messages below. A change that older readers misread gets the next number. */
export const MESSAGE_VERSION = 1;

const UINT = { type: "string", pattern: "^(0|[1-9][0-9]{0,77})$" } as const;
const VERSION = { const: MESSAGE_VERSION } as const;

function hex<N extends number>(bytes: N) {
  return { type: "string", pattern: `^0x[0-9a-fA-F]{${2 * bytes}}$` } as const;
}

const VOUCHER = {
  version: VERSION,
  licenseId: UINT,
  units: UINT,
  contexts: UINT,
  signature: hex(65),
} as const;

/**
 * JSON Schema (2020-12) of a signed voucher. Whole numbers are decimal strings, since JSON's numbers are exact below
 * 2^53 only. A private voucher also has `usage` and `salt`.
 */
export const voucherSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:benefit-grid:voucher:1",
  title: "Signed voucher",
  type: "object",
  properties: { ...VOUCHER, usage: hex(32), salt: UINT },
  required: ["version", "licenseId", "units", "contexts", "signature"],
  dependentRequired: { usage: ["salt"], salt: ["usage"] },
  additionalProperties: false,
} as const;

/** JSON Schema (2020-12) of the opening of a private usage word. */
export const openingSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:benefit-grid:opening:1",
  title: "Opening of a usage word",
  type: "object",
  properties: { version: VERSION, units: UINT, contexts: UINT, salt: UINT },
  required: ["version", "units", "contexts", "salt"],
  additionalProperties: false,
} as const;

/** JSON Schema (2020-12) of a meter's answer with status 402. */
export const voucherDueSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:benefit-grid:voucher-due:1",
  title: "Voucher due",
  type: "object",
  properties: { version: VERSION, licenseId: UINT, used: UINT, voucher: { $ref: voucherSchema.$id } },
  required: ["version", "licenseId", "used"],
  additionalProperties: false,
} as const;

/**
 * JSON Schema (2020-12) of a meter's receipt: what is settled of a license, and the transaction that settled it. In
 * private mode, units and contexts with `salt` open the license's usage word.
 */
export const receiptSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:benefit-grid:receipt:1",
  title: "Receipt of a settlement",
  type: "object",
  properties: {
    version: VERSION,
    licenseId: UINT,
    units: UINT,
    contexts: UINT,
    salt: UINT,
    meterId: UINT,
    offerId: UINT,
    hash: hex(32),
    row: UINT,
  },
  required: ["version", "licenseId", "units", "contexts", "meterId", "offerId", "hash", "row"],
  additionalProperties: false,
} as const;
