import type { Deployment } from "@benefit-grid/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { createPrinter } from "../../../scripts/demo/console.ts";
import { runLoop } from "../../../scripts/demo/loop.ts";
import { printSummary } from "../../../scripts/demo/print-summary.ts";
import { checksOf } from "../../../scripts/demo/report-model.ts";
import { deployGrid } from "../../../scripts/lib/deployment.ts";

const applications = [
  { name: "first", customers: [{ name: "one", questions: ["Who was Sarah Nelmes?"] }] },
  {
    name: "second",
    customers: [
      { name: "two", questions: ["What is capillary attraction?"] },
      { name: "silent", questions: [] },
    ],
  },
];

describe("runLoop", () => {
  for (const canWarp of [true, false]) {
    it(`when time ${canWarp ? "can" : "cannot"} be moved on, keeps every law of conservation`, async () => {
      const { model, printed } = await run(canWarp);
      expect(model.answers.map(({ customer }) => customer)).to.deep.equal(["one", "two"]);
      expect(model.vouchers.map(({ customer }) => customer)).to.deep.equal(["one", "two"]);
      for (const { name, left, right } of checksOf(model)) expect(left, name).to.equal(right);
      expect(model.earnings.every(({ amount }) => amount > 0n)).to.equal(true);
      expect(model.router.held > 100_000n).to.equal(!canWarp);
      expect(printed()).to.contain("holds").and.to.not.contain("BROKEN");
    });
  }

  it("when the deployment has no test currency, says so", async () => {
    const connection = await network.create();
    const deployment = (await deployGrid(connection, { testUSD: false })) as Deployment;
    const options = { connection, deployment, applications, network: "", canWarp: true };
    const running = runLoop({ ...options, printer: createPrinter({ write: () => true }) });
    const error = await running.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal("This deployment has no TestUSD, which the customers pay with.");
  });
});

async function run(canWarp: boolean) {
  const lines: string[] = [];
  const printer = createPrinter({ write: (text: string) => lines.push(text) });
  const connection = await network.create();
  const deployment = (await deployGrid(connection, { testUSD: true })) as Deployment;
  const model = await runLoop({ connection, deployment, applications, printer, network: "test", canWarp });
  printSummary(printer, model);
  return { model, printed: () => lines.join("") };
}
