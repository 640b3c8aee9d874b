import { signPrivateVoucher, signVoucher } from "@benefit-grid/sdk";
import {
  type AnyVoucher,
  fromHeader,
  MessageFormatError,
  openingFromMessage,
  openingSchema,
  openingToMessage,
  toHeader,
  VOUCHER_HEADER,
  voucherDueFromMessage,
  voucherDueSchema,
  voucherDueToMessage,
  voucherFromMessage,
  voucherSchema,
  voucherToMessage,
} from "@benefit-grid/sdk/http";
import { createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { licenseFixture } from "../../grid.ts";
import { withClients } from "../clients.ts";

const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const ajv = new Ajv2020();
const isVoucher = ajv.compile(voucherSchema);
const isOpening = ajv.compile(openingSchema);
const isVoucherDue = ajv.compile(voucherDueSchema);

const OPEN: AnyVoucher = { licenseId: 7n, units: 1_234n, contexts: 3n, signature: `0x${"5a".repeat(65)}` };
const PRIVATE: AnyVoucher = { ...OPEN, usage: `0x${"0b".repeat(32)}`, salt: FIELD - 1n };
const LARGEST: AnyVoucher = {
  ...PRIVATE,
  licenseId: 2n ** 64n - 1n,
  units: 2n ** 64n - 1n,
  contexts: 2n ** 32n - 1n,
};
const OPENING = { units: 9n, contexts: 0n, salt: 0n };

/** Reads what a reader would get: JSON, from a string. */
function received(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}

function errorOf(action: () => unknown): MessageFormatError {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(MessageFormatError);
    return error as MessageFormatError;
  }
  throw new Error("Expected an error.");
}

describe("messages", () => {
  it("carry vouchers and openings through JSON and headers unchanged", () => {
    for (const voucher of [OPEN, PRIVATE, LARGEST]) {
      const message = voucherToMessage(voucher);
      expect(isVoucher(received(message)), ajv.errorsText(isVoucher.errors)).to.equal(true);
      expect(voucherFromMessage(received(message))).to.deep.equal(voucher);
      const { headers } = new Request("http://meter.example", {
        headers: { [VOUCHER_HEADER]: toHeader(message) },
      });
      expect(voucherFromMessage(fromHeader(headers.get(VOUCHER_HEADER) ?? ""))).to.deep.equal(voucher);
    }
    for (const opening of [OPENING, { units: 2n ** 64n - 1n, contexts: 2n ** 32n - 1n, salt: FIELD - 1n }]) {
      const message = openingToMessage(opening);
      expect(isOpening(received(message))).to.equal(true);
      expect(openingFromMessage(received(message))).to.deep.equal(opening);
      expect(openingFromMessage(fromHeader(toHeader(message)))).to.deep.equal(opening);
    }
  });

  it("carry a signature that still verifies", async () => {
    const { as, buyer, ledgerAddress: ledger } = await withClients(licenseFixture);
    const client = await as(buyer);
    const use = { licenseId: 1n, units: 7n, contexts: 3n };
    const { verify } = await createVoucherVerifier({ chainId: 31337n, ledger });
    for (const voucher of [
      await signVoucher(client, use),
      await signPrivateVoucher(client, { ...use, secret: `0x${"5e".repeat(32)}` }),
    ]) {
      const there = voucherFromMessage(fromHeader(toHeader(voucherToMessage(voucher))));
      expect(verify(there, buyer.address)).to.equal(true);
      expect(verify({ ...there, units: 8n }, buyer.address)).to.equal(false);
    }
  });

  it("leave a voucher's other fields out, so an open voucher shows no salt", () => {
    const { usage: _, ...withSalt } = { ...PRIVATE, note: "secret" };
    expect(voucherToMessage(withSalt)).to.have.all.keys(
      "version",
      "licenseId",
      "units",
      "contexts",
      "signature",
    );
    expect(openingToMessage({ ...OPENING, ...PRIVATE })).to.have.all.keys(
      "version",
      "units",
      "contexts",
      "salt",
    );
  });

  const open = voucherToMessage(OPEN);
  const hidden = voucherToMessage(PRIVATE);
  const malformed: [what: string, message: unknown, pointer: string][] = [
    ["null", null, ""],
    ["a string", "voucher", ""],
    ["a list", [open], ""],
    ["no version", { ...open, version: undefined }, "/version"],
    ["a later version", { ...open, version: 2 }, "/version"],
    ["a version as text", { ...open, version: "1" }, "/version"],
    ["an unknown field", { ...open, "a/b~c": 1 }, "/a~1b~0c"],
    ["__proto__", JSON.parse(`{"__proto__": {}, ${JSON.stringify(open).slice(1)}`), "/__proto__"],
    ["no license", { ...open, licenseId: undefined }, "/licenseId"],
    ["a number", { ...open, units: 1234 }, "/units"],
    ["a negative number", { ...open, units: "-1" }, "/units"],
    ["hex digits", { ...open, units: "0x10" }, "/units"],
    ["leading zeros", { ...open, units: "007" }, "/units"],
    ["an empty number", { ...open, units: "" }, "/units"],
    ["spaces", { ...open, units: " 1" }, "/units"],
    ["a line break", { ...open, units: "1\n" }, "/units"],
    ["other digits", { ...open, units: "١" }, "/units"],
    ["a million digits", { ...open, units: "9".repeat(1_000_000) }, "/units"],
    ["a short signature", { ...open, signature: "0x00" }, "/signature"],
    ["a signature without 0x", { ...open, signature: "5a".repeat(66) }, "/signature"],
    ["a signature of other letters", { ...open, signature: `0x${"zz".repeat(65)}` }, "/signature"],
    ["a usage word without a salt", { ...hidden, salt: undefined }, "/salt"],
    ["a salt without a usage word", { ...hidden, usage: undefined }, "/usage"],
    ["a long usage word", { ...hidden, usage: `0x${"0b".repeat(33)}` }, "/usage"],
  ];
  const outOfRange: typeof malformed = [
    ["a license of 65 bits", { ...open, licenseId: (2n ** 64n).toString() }, "/licenseId"],
    ["units of 65 bits", { ...open, units: (2n ** 64n).toString() }, "/units"],
    ["contexts of 33 bits", { ...open, contexts: (2n ** 32n).toString() }, "/contexts"],
    ["a salt beyond the field", { ...hidden, salt: FIELD.toString() }, "/salt"],
  ];

  it("when a voucher's message is malformed, name the place", () => {
    for (const [what, message, pointer] of [...malformed, ...outOfRange]) {
      const error = errorOf(() => voucherFromMessage(message));
      expect(error.pointer, what).to.equal(pointer);
      expect(error.message.length, what).to.be.below(200);
    }
    expect(errorOf(() => voucherFromMessage({ ...open, units: 5 })).message).to.equal(
      "`/units` of the message is 5, not a whole number as a decimal string.",
    );
  });

  it("are refused by the schema where the reader refuses them, apart from ranges", () => {
    for (const [what, message] of malformed) {
      const json = message === null ? null : received(message);
      expect(isVoucher(json), what).to.equal(false);
    }
    for (const [what, message] of outOfRange) expect(isVoucher(message), what).to.equal(true);
  });

  it("when an opening's message is malformed, name the place", () => {
    const message = openingToMessage(OPENING);
    for (const [change, pointer] of [
      [{ version: 0 }, "/version"],
      [{ salt: undefined }, "/salt"],
      [{ salt: FIELD.toString() }, "/salt"],
      [{ units: 1 }, "/units"],
      [{ contexts: (2n ** 32n).toString() }, "/contexts"],
      [{ licenseId: "1" }, "/licenseId"],
    ] as const) {
      expect(errorOf(() => openingFromMessage({ ...message, ...change })).pointer).to.equal(pointer);
      if (!("salt" in change && change.salt) && !("contexts" in change)) {
        expect(isOpening(received({ ...message, ...change }))).to.equal(false);
      }
    }
  });

  it("carry a meter's count and its newest voucher", () => {
    for (const due of [
      { licenseId: 7n, used: 0n },
      { licenseId: 2n ** 64n - 1n, used: 2n ** 64n - 1n, voucher: OPEN },
      { licenseId: 7n, used: 5n, voucher: PRIVATE },
    ]) {
      const message = received(voucherDueToMessage(due));
      expect(isVoucherDue(message), ajv.errorsText(isVoucherDue.errors)).to.equal(true);
      expect(voucherDueFromMessage(message)).to.deep.equal(due);
    }
  });

  it("when a meter's count is malformed, name the place", () => {
    const message = voucherDueToMessage({ licenseId: 7n, used: 5n, voucher: OPEN });
    for (const [change, pointer] of [
      [{ version: 2 }, "/version"],
      [{ used: "-5" }, "/used"],
      [{ licenseId: undefined }, "/licenseId"],
      [{ units: "5" }, "/units"],
      [{ voucher: null }, "/voucher"],
      [{ voucher: { ...open, units: 5 } }, "/voucher/units"],
    ] as const) {
      const wrong = received({ ...message, ...change });
      expect(errorOf(() => voucherDueFromMessage(wrong)).pointer).to.equal(pointer);
      expect(isVoucherDue(wrong)).to.equal(false);
    }
  });

  it("when a header is not JSON in base64url, say so", () => {
    const problems = [
      ["%%%", "The message is not base64url without padding."],
      [btoa("{}"), "The message is not base64url without padding."],
      ["", "The message is not JSON in base64url."],
      ["AAAAA", "The message is not JSON in base64url."],
      [btoa("{").replaceAll("=", ""), "The message is not JSON in base64url."],
      ["A".repeat(2_049), "The message has 2049 characters, more than 2048."],
    ] as const;
    for (const [value, message] of problems)
      expect(errorOf(() => fromHeader(value)).message).to.equal(message);
    expect(toHeader(voucherToMessage(LARGEST)).length).to.be.below(1_024);
  });
});
