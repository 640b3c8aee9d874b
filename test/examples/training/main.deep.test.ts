import { spawnSync } from "node:child_process";
import { expect } from "chai";

describe("examples/training", () => {
  it("when it runs, pays eight epochs, lowers the loss, and explains the last payment on one screen", () => {
    const options = { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" } } as const;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/example.ts", "training"],
      options,
    );
    expect(status, stderr).to.equal(0);
    const lines = stdout.trim().split("\n");
    expect(lines.length).to.be.at.most(40);
    expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(100);
    expect(stdout.match(/free rider \$0\.00, honest \$(3|4|5)\d\.\d\d, noisy \$0\.00\n/g)).to.have.length(8);
    const [, before, after] = stdout.match(/trained on: (\S+) before, (\S+) after 8 epochs\./) ?? [];
    expect(before).to.equal(Math.log(3).toFixed(3));
    expect(Number(after)).to.be.below(0.7);
    expect(stdout).to.match(/Why honest was paid \$\d+\.\d\d in epoch 9:\n/);
  });
});
