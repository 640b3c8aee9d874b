import { expect } from "chai";
import { runExchange } from "../../../examples/dataset-exchange/exchange.ts";
import { deployedGrid } from "../../deployed.ts";

describe("dataset-exchange", () => {
  it("when it runs, the customer has the dataset and the provider is paid for each byte", async () => {
    const { connection, deployment } = await deployedGrid();
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const { dataset, received, used, settled, earned } = await runExchange(connection, deployment, print);
    expect(Buffer.compare(received.dataset, dataset)).to.equal(0);
    expect([used, settled]).to.deep.equal([BigInt(dataset.length), BigInt(dataset.length)]);
    expect(earned > 0n).to.equal(true);
    expect(lines).to.have.length(7);
    expect(lines.join("\n")).to.contain("with the chain: the same");
  });

  it("when the deployment has no test currency, says so", async () => {
    const { connection, deployment } = await deployedGrid();
    const { contracts, ...rest } = deployment;
    const { TestUSD: _, ...others } = contracts;
    const error = await runExchange(connection, { ...rest, contracts: others }, () => {}).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal("This deployment has no TestUSD, which the customer pays with.");
  });
});
