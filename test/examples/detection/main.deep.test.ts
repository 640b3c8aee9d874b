import { spawnSync } from "node:child_process";
import { expect } from "chai";

describe("examples/detection", () => {
  it("when it runs, pays three epochs by rank, and explains the last payment on one screen", () => {
    const options = { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" } } as const;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/example.ts", "detection"],
      options,
    );
    expect(status, stderr).to.equal(0);
    const lines = stdout.trim().split("\n");
    expect(lines.length).to.be.at.most(40);
    expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(100);
    expect(stdout).to.match(/epoch 4:.*\n {2}1 logistic regression .* paid \$22\.82\n/);
    expect(stdout.match(/guesser .* paid {2}\$0\.00\n/g)).to.have.length(3);
    expect(stdout).to.match(/Why logistic regression was paid \$22\.82 in epoch 4:\n/);
  });
});
