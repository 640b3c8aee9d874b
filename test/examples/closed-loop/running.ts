import type { Deployment } from "@benefit-grid/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { runLoop } from "../../../examples/closed-loop/loop.ts";
import type { Application } from "../../../examples/closed-loop/parties/questions.ts";
import { createPrinter } from "../../../examples/closed-loop/report/console.ts";
import { checksOf, type ReportModel } from "../../../examples/closed-loop/report/model.ts";
import { printDetails, printResult } from "../../../examples/closed-loop/report/summary.ts";
import { deployGrid } from "../../../scripts/lib/deployment.ts";

export const applications: readonly Application[] = [
  {
    name: "first",
    contexts: ["health"],
    customers: [
      { name: "one", questions: ["Who was Sarah Nelmes?"] },
      { name: "two", questions: ["What is capillary attraction?"], keepsCount: true },
      { name: "three", questions: ["What causes suppuration in wounds?"], keepsCount: true },
    ],
  },
  {
    name: "second",
    contexts: ["education"],
    customers: [
      { name: "four", questions: ["What is the very first canon of nursing?"] },
      { name: "silent", questions: [] },
    ],
  },
];
const ASKING = ["one", "two", "three", "four"];

export async function run(canWarp: boolean) {
  const screen: string[] = [];
  const printer = createPrinter({ write: (text: string) => screen.push(text) });
  const connection = await network.create();
  const deployment = (await deployGrid(connection)) as Deployment;
  const model = await runLoop({ connection, deployment, applications, printer, network: "test", canWarp });
  expect(printResult(printer, model)).to.equal(true);
  const details: string[] = [];
  printDetails(createPrinter({ write: (text: string) => details.push(text) }), model);
  return {
    connection,
    deployment,
    model,
    /** Lines without those of progress, which depend on the machine's speed. */
    screen: () => screen.filter((text) => !/^ {2}\S/.test(text)).map((text) => text.trimEnd()),
    lines: () => [...screen, ...details].map((text) => text.trimEnd()),
    /** All that `--verbose` prints, without line breaks. */
    printed: () => [...screen, ...details].join("").replace(/\s+/g, " "),
  };
}

export function expectConservation(model: ReportModel, printed: () => string): void {
  expect(model.answers.map(({ customer }) => customer)).to.deep.equal(ASKING);
  expect(model.vouchers.map(({ customer }) => customer)).to.deep.equal(ASKING);
  for (const { name, left, right } of checksOf(model)) expect(left, name).to.equal(right);
  expect(model.earnings.every(({ amount }) => amount > 0n)).to.equal(true);
  expect(printed()).to.contain("holds").and.to.not.contain("BROKEN");
}

export function viewOf({ views }: ReportModel, fact: string): readonly string[] {
  return views.rows.find((row) => row.fact === fact)?.values ?? expect.fail(`no fact ${fact}`);
}

/** All public data: input of all transactions without selectors, topics and data of all events. */
export async function chainBytes({ ethers: { provider } }: NetworkConnection): Promise<string[]> {
  const parts: string[] = [];
  for (let number = 0; number <= (await provider.getBlockNumber()); number++) {
    const block = await provider.getBlock(number, true);
    for (const { hash, data } of block?.prefetchedTransactions ?? []) {
      parts.push(data.slice(10));
      for (const { topics, data } of (await provider.getTransactionReceipt(hash))?.logs ?? [])
        parts.push(...[...topics, data].map((part) => part.slice(2)));
    }
  }
  return parts;
}

/** Whether a count is anywhere: in a word of its own, or as one of the four 64-bit numbers packed in a word. */
export function hasCount(bytes: readonly string[], units: bigint): boolean {
  const lane = units.toString(16).padStart(16, "0");
  return bytes.some((part) => part.match(/.{16}/g)?.includes(lane));
}
