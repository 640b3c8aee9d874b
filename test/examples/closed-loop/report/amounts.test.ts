import { expect } from "chai";
import {
  formatAmount,
  formatDecimal,
  formatInteger,
  formatShort,
} from "../../../../examples/closed-loop/report/amounts.ts";

const usdc = { symbol: "USDC", decimals: 6 };
const ether = { symbol: "ETH", decimals: 18 };

describe("amounts", () => {
  it("group thousands", () => {
    expect([0, 999, 1_000, -1_234_567].map(formatInteger)).to.deep.equal(["0", "999", "1,000", "-1,234,567"]);
    expect(formatInteger(2n ** 64n)).to.equal("18,446,744,073,709,551,616");
  });

  it("show every decimal down to the last base unit", () => {
    expect(formatAmount(1_234_567_890n, usdc)).to.equal("1,234.567890 USDC");
    expect(formatAmount(1n, usdc)).to.equal("0.000001 USDC");
    expect(formatAmount(-1n, ether)).to.equal("-0.000000000000000001 ETH");
    expect(formatDecimal(1_000n, 0)).to.equal("1,000");
  });

  it("are short for reading: six decimals at most, no zeros at the end", () => {
    expect(formatShort(5_250_000n, usdc)).to.equal("5.25 USDC");
    expect(formatShort(1_000_000_000n, usdc)).to.equal("1,000 USDC");
    expect(formatShort(0n, usdc)).to.equal("0 USDC");
    expect(formatShort(1_234_567_890_123_456_789n, ether)).to.equal("1.234567 ETH");
    expect(formatShort(1_500_000_000_000_000_001n, ether)).to.equal("1.5 ETH");
    expect(formatShort(100n, { symbol: "point", decimals: 0 })).to.equal("100 point");
  });
});
