import { expect } from "chai";
import { explain } from "../../../sdk/src/cli/explain.ts";
import { many, required, whole, wholes } from "../../../sdk/src/cli/options.ts";
import {
  callsText,
  coins,
  date,
  duration,
  percent,
  percentNeeded,
  toJson,
} from "../../../sdk/src/cli/words.ts";
import { ContractNotFoundError, NodeUnreachableError } from "../../../sdk/src/errors.ts";

const TARGET = `0x${"11".repeat(20)}` as const;

describe("words of the DAO's command", () => {
  it("for coins have eight decimals, grouped, without zeros at the end", () => {
    const texts = [0n, 1n, 10n ** 8n, 123_456_789n, 2_099_999_997_690_000n].map(coins);
    expect(texts).to.deep.equal([
      "0 coins",
      "0.00000001 coins",
      "1 coin",
      "1.23456789 coins",
      "20,999,999.9769 coins",
    ]);
  });

  it("for a percentage round down, so an unreached threshold never looks reached", () => {
    expect([percent(0n, 0n), percent(999n, 1_000n), percent(9_999n, 10_000n)]).to.deep.equal([
      "0",
      "99.9",
      "99.9",
    ]);
    expect([percent(40n, 1_000n), percent(31n, 1_000n)]).to.deep.equal(["4", "3.1"]);
  });

  it("for a threshold undo the rounding of base units", () => {
    expect(percent(839_999n, 20_999_999n)).to.equal("3.9");
    expect([percentNeeded(839_999n, 20_999_999n), percentNeeded(1n, 0n)]).to.deep.equal(["4", "100"]);
  });

  it("for a time take a fitting unit", () => {
    const texts = [0n, 1n, 119n, 120n, 7_199n, 82_801n, 86_401n, 172_799n, 172_800n, 604_801n].map(duration);
    expect(texts).to.deep.equal([
      "0 seconds",
      "1 second",
      "119 seconds",
      "2 minutes",
      "120 minutes",
      "23 hours",
      "24 hours",
      "48 hours",
      "2 days",
      "7 days",
    ]);
  });

  it("for a date have minutes, and for a too distant one the second", () => {
    expect([0n, 1_800_000_000n, 253_402_300_799n, 253_402_300_800n].map(date)).to.deep.equal([
      "1970-01-01 00:00 UTC",
      "2027-01-15 08:00 UTC",
      "9999-12-31 23:59 UTC",
      "second 253402300800",
    ]);
  });

  it("for calls name contract, function, arguments and known addresses", () => {
    const names = new Map([[TARGET as string, "CoinSale"]]);
    const known = { target: TARGET, value: 0n, data: "0x" } as const;
    const lines = callsText(
      [
        {
          ...known,
          contract: "FoundationCoin",
          function: "transfer",
          args: { to: TARGET, value: 10n ** 8n },
        },
        { ...known, contract: "GridGovernor", function: "relay", args: { list: [], pairs: [{ a: 1n }] } },
        { ...known, value: 10n ** 18n, data: "0x12345678" },
        { ...known, data: "0x12345678", contract: "CoinSale" },
        { ...known, value: 5n * 10n ** 17n },
      ],
      { names },
    );
    expect(lines).to.deep.equal([
      "1. FoundationCoin.transfer",
      `   to: ${TARGET} (CoinSale)`,
      "   value: 1 coin",
      "2. GridGovernor.relay",
      "   list: none",
      '   pairs: {"a":"1"}',
      `3. function 0x12345678 of ${TARGET}`,
      "   with 1.0 ether",
      "   data: 0x12345678",
      "4. function 0x12345678 of CoinSale",
      "   data: 0x12345678",
      `5. payment to ${TARGET}`,
      "   with 0.5 ether",
    ]);
  });

  it("for JSON write whole numbers as decimal strings, and errors by name and message", () => {
    const text = toJson({ amount: 2n ** 64n, error: new TypeError("no") }, 0);
    expect(text).to.equal('{"amount":"18446744073709551616","error":{"name":"TypeError","message":"no"}}');
  });

  it("for an error are its message, without ethers' details", () => {
    expect(explain("plain")).to.equal("plain");
    expect(explain(Object.assign(new Error("long (code=1)"), { shortMessage: "long" }))).to.equal("long");
    const missing = new ContractNotFoundError(1n, { Commons: TARGET });
    expect(explain(missing)).to.equal(missing.message).and.to.contain("Check the deployment");
    const silent = new NodeUnreachableError({}, undefined);
    expect(explain(silent)).to.equal("The node does not answer. Check --rpc and try again.");
    const error = Object.assign(new Error("x"), { code: "INSUFFICIENT_FUNDS" });
    expect(explain(error)).to.equal(
      "The account has too little ether for the gas. Send it some, or sign by another account.",
    );
  });
});

describe("options of the DAO's command", () => {
  it("take whole numbers, grouped or not", () => {
    const values = { a: "1000000", b: "1,000,000", c: "1_000", list: "1, 2,3" };
    expect(["a", "b", "c"].map((name) => whole(values, name))).to.deep.equal([
      1_000_000n,
      1_000_000n,
      1_000n,
    ]);
    expect(wholes(values, "list")).to.deep.equal([1n, 2n, 3n]);
  });

  for (const bad of ["1.5", "-1", "1e6", "0x10", "1,00", "many"]) {
    it(`take no ${bad} for a whole number`, () => {
      expect(() => whole({ units: bad }, "units")).to.throw(
        `--units needs a whole number, but got "${bad}".`,
      );
    });
  }

  it("are named if missing", () => {
    expect(() => required({}, "rpc")).to.throw("--rpc is missing. See --help.");
    expect(many({}, "args")).to.deep.equal([]);
  });
});
