import { spawnSync } from "node:child_process";
import { expect } from "chai";

describe("scripts/example.ts", () => {
  for (const [options, message] of [
    [
      [],
      "A name is missing. Examples: closed-loop, crowd-dataset, dataset-exchange, detection, metered-service, model-origin, react-page, training.",
    ],
    [
      ["none"],
      "There is no example none. Examples: closed-loop, crowd-dataset, dataset-exchange, detection, metered-service, model-origin, react-page, training.",
    ],
    [["../scripts"], "There is no example ../scripts."],
  ] as const) {
    it(`when it gets ${options.join(" ") || "no name"}, lists the examples in a line`, () => {
      const { status, stderr } = run(...options);
      expect(stderr.trim().split("\n")).to.have.length(1);
      expect(stderr).to.contain(`npm run example -- NAME: ${message}`);
      expect(status).to.equal(1);
    });
  }

  it("passes options to the example, and its exit code back", () => {
    const { status, stderr } = run("closed-loop", "--ask", " ");
    expect(stderr).to.contain("The question is empty.");
    expect(status).to.equal(1);
    expect(run("closed-loop", "--help").status).to.equal(0);
  });
});

function run(...options: string[]) {
  return spawnSync(process.execPath, ["scripts/example.ts", ...options], { encoding: "utf8" });
}
