import { readFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { deployGrid } from "../../../scripts/lib/deployment.ts";
import { GenesisError } from "../../../scripts/lib/problems.ts";
import { temporaryFolder, write } from "../../sdk/cli/support.ts";

type Sample = Record<"programmes" | "sectors" | "sources" | "currencies", object[]>;

describe("deployGrid", () => {
  const folder = temporaryFolder();

  it("when the genesis is wrong, or a rehearsal of it fails, sends nothing", async () => {
    const connection = await network.create({ override: { chainId: 4_242 } });
    const { provider } = connection.ethers;
    const refusal = async (change: (json: Sample) => unknown) => {
      const json: Sample = JSON.parse(readFileSync("ignition/genesis/31337.json", "utf8"));
      change(json);
      const genesis = write(folder, "genesis.json", json);
      const failure = await deployGrid(connection, { devKeys: true, genesis }).catch((error: Error) => error);
      expect(failure).to.be.instanceOf(GenesisError);
      expect(await provider.getBlockNumber()).to.equal(0);
      return (failure as GenesisError).problems.map(({ field, problem }) => `${field} ${problem}`);
    };
    // Accepted before: the deployment stopped after fourteen transactions.
    expect(
      await refusal(({ programmes }) => Object.assign(programmes[0] ?? {}, { uri: "x".repeat(500_000) })),
    )
      .to.have.length(1)
      .with.property("0")
      .that.matches(/^The deployment fails in a rehearsal: .*gas/);
    const target = `${2n ** 111n}`;
    expect(
      await refusal(({ sectors, sources }) => {
        for (const sector of sectors) Object.assign(sector, { target });
        Object.assign(sources[0] ?? {}, { cap: 1 });
      }),
    ).to.deep.equal([
      "The first round mines too little for a lot, by all sources together: VM Exception while processing transaction: reverted with custom error 'StockBelowCoin(1, 0)'",
    ]);
    const token = `0x${"11".repeat(20)}`;
    expect(await refusal(({ currencies }) => currencies.push({ token, reserve: 1 }))).to.deep.equal([
      `currencies[1].token is ${token}, which is no token on this chain`,
    ]);
    await connection.close();
  });
});
