import { expect } from "chai";
import { createPrinter } from "../../../../examples/closed-loop/report/console.ts";

const ESCAPE = "\u001b";

function recorder(isTTY: boolean, env: NodeJS.ProcessEnv = {}, columns?: number) {
  let text = "";
  const output = { isTTY, write: (more: string) => (text += more), ...(columns && { columns }) };
  return { printer: createPrinter(output, env), read: () => text };
}

describe("console", () => {
  it("aligns numbers and amounts right, words left", () => {
    const { printer, read } = recorder(false);
    printer.table(
      ["who", "earned"],
      [
        ["Data", "1,234.50 USDC"],
        ["Platform", "9.00 USDC"],
      ],
    );
    expect(read().split("\n")).to.deep.equal([
      "who              earned",
      "Data      1,234.50 USDC",
      "Platform      9.00 USDC",
      "",
    ]);
  });

  it("colors on a terminal only, and not with NO_COLOR", () => {
    for (const [isTTY, env, colored] of [
      [true, {}, true],
      [false, {}, false],
      [true, { NO_COLOR: "1" }, false],
      [true, { NO_COLOR: "" }, true],
    ] as const) {
      const { printer, read } = recorder(isTTY, env);
      printer.heading("Settlement");
      expect(read().includes(ESCAPE)).to.equal(colored);
      expect(read()).to.include("Settlement");
    }
  });

  it("prints a step with its result and time, and returns the result", async () => {
    const { printer, read } = recorder(false);
    expect(await printer.step("Count", async () => 42, String)).to.equal(42);
    expect(read()).to.match(/^✓ Count +\d+ ms {3}42\n$/);
  });

  it("prints a failed step and throws its error", async () => {
    const { printer, read } = recorder(false);
    const error = new Error("no");
    const fail = () => {
      throw error;
    };
    expect(await printer.step("Count", fail).catch((caught: unknown) => caught)).to.equal(error);
    expect(read()).to.match(/^✗ Count +\d+ ms\n$/);
  });

  it("shows progress on one line of a terminal, and clears it at the end", async () => {
    const { printer, read } = recorder(true, { NO_COLOR: "1" });
    await printer.step("Prove", (progress) => {
      progress("half");
      progress(`al${ESCAPE}most`);
    });
    const [first, second, last] = read().split("\r\u001b[2K").slice(1);
    expect([first, second]).to.deep.equal(["Prove: half", "Prove: al\uFFFDmost"]);
    expect(last).to.match(/^✓ Prove +\d+ ms\n$/);
  });

  it("elsewhere prints progress every few seconds", async () => {
    const { printer, read } = recorder(false);
    const { now } = performance;
    let clock = 0;
    performance.now = () => clock;
    try {
      await printer.step("Prove", (progress) => {
        for (const second of [1, 4, 6, 7, 10, 12]) {
          clock = 1_000 * second;
          progress(`${second}`);
        }
      });
    } finally {
      performance.now = now;
    }
    expect(read()).to.match(/^ {2}Prove: 6\n {2}Prove: 12\n✓ Prove +12\.0 s\n$/);
  });

  it("prints no control characters of outside text", () => {
    const { printer, read } = recorder(true, { NO_COLOR: "1" });
    printer.heading("a\u001b[2Jb\nc\u202e");
    printer.table(["q"], [["x\u001b]0;title\u0007"]]);
    for (const character of [ESCAPE, "\u0007", "\u202e"]) expect(read()).to.not.include(character);
    expect(read()).to.include("a\uFFFD[2Jb c\uFFFD");
  });

  it("prints a name as soon as its step starts on a terminal", async () => {
    const { printer, read } = recorder(true, { NO_COLOR: "1" });
    await printer.step("Prove", () => expect(read()).to.equal("Prove ..."));
  });

  for (const [columns, width] of [
    [undefined, 100],
    [200, 100],
    [60, 60],
    [10, 50],
  ] as const) {
    it(`prints ${width} columns ${columns ? `on a terminal of ${columns}` : "where there is no terminal"}`, async () => {
      const { printer, read } = recorder(columns !== undefined, { NO_COLOR: "1" }, columns);
      const words = Array(50).fill("word").join(" ");
      printer.line(words);
      printer.heading(words);
      printer.table(["fact", "value"], [[words, "x".repeat(300)]]);
      await printer.step(
        "Prove",
        (progress) => progress(words),
        () => words,
      );
      const lines = read().replaceAll("\r\u001b[2K", "\n").split("\n");
      expect(Math.max(...lines.map((line) => line.length))).to.be.within(width - 5, width);
      expect(read().match(/word/g)).to.have.length.at.least(4 * 50);
      expect(read().match(/x/g)).to.have.length(300);
    });
  }

  it("wraps text in a table, and no numbers", () => {
    const { printer, read } = recorder(true, { NO_COLOR: "1" }, 50);
    printer.table(["fact", "amount"], [["one two three four five six seven", "1,234.567890 tUSD"]]);
    expect(read().split("\n")).to.deep.equal([
      "fact                                        amount",
      "one two three four five six      1,234.567890 tUSD",
      "seven",
      "",
    ]);
  });

  it("prints an empty table", () => {
    const { printer, read } = recorder(false);
    printer.table(["a", "b"], []);
    expect(read()).to.equal("a  b\n");
  });
});
