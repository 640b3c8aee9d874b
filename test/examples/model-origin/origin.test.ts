import { expect } from "chai";
import { runOrigin } from "../../../examples/model-origin/origin.ts";
import { deployedGrid } from "../../deployed.ts";

describe("model-origin", () => {
  it("when it runs, the developer is first, data and score are checked, and the score is revoked", async () => {
    const { connection, deployment } = await deployedGrid();
    const lines: string[] = [];
    const found = await runOrigin(connection, deployment, (line) => void lines.push(line));
    const { first, capsuleId, isIn, repeated, leak, benchmark } = found;
    expect(capsuleId).to.equal(2n);
    expect(first).to.include({ capsuleId, version: 1n });
    expect(isIn).to.equal(true);
    expect(repeated).to.equal("0.88");
    expect(leak).to.deep.equal({ path: "train/found-online.png", isIn: true });
    expect(benchmark).to.include({ capsuleId, version: 1n, score: "0.88", status: "revoked" });
    expect(lines).to.have.length(9);
  });
});
