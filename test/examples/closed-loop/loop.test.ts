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

const applications: readonly Application[] = [
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

describe("runLoop", () => {
  describe("when time cannot be advanced", () => {
    let ran: Awaited<ReturnType<typeof run>>;
    before(async () => {
      ran = await run(false);
    });

    it("keeps every law of conservation", () => expectConservation(ran.model, ran.printed));

    it("pays contributors by the passages that answers cited", () => {
      const { works, earnings, answers } = ran.model;
      const cited = answers.flatMap(({ citations }) => citations);
      const units = works.reduce((sum, row) => sum + row.units, 0n);
      expect([cited.length > 0, units]).to.deep.equal([true, BigInt(cited.length)]);
      const data = earnings.filter(({ role }) => role === "Data");
      const pooled = ran.model.legs.find(({ role }) => role === "Data")?.pooled ?? 0n;
      const received = works.reduce((sum, { amount }) => sum + amount, pooled);
      for (const work of works) {
        const passages = cited.filter(({ title }) => title === work.title).length;
        expect(work.units, work.title).to.equal(BigInt(passages));
        expect(work.amount, work.title).to.equal((received * work.units) / units);
        expect(data.find(({ beneficiary }) => beneficiary === work.contributor)?.amount ?? 0n).to.equal(
          work.amount,
        );
      }
      expect(works.some(({ amount }) => amount === 0n)).to.equal(true);
      expect(ran.printed()).to.contain("Royalties follow use, not bytes.");
    });

    it("leaves licenses open and their money in escrow, and reports that nothing was mined", () => {
      expect(ran.model.closings).to.deep.equal([]);
      expect(ran.model.benefit).to.equal(undefined);
      expect(ran.printed()).to.contain("A round of mining takes a day, so there is none here.");
      expect(ran.model.router.held > 2_500n).to.equal(true);
      expect(ran.model.views.rows.some(({ fact }) => fact.includes("closing"))).to.equal(false);
    });

    it("shows no count of a customer to an outsider, nor anywhere on the chain", async () => {
      const bytes = await chainBytes(ran.connection);
      for (const { customer, units } of ran.model.vouchers) {
        expect(hasCount(bytes, units), customer).to.equal(customer === "four");
        const [outsider, meter, one, owner] = viewOf(ran.model, `${customer}: units settled`);
        expect(meter).to.equal(`${units}`);
        expect(outsider).to.equal(owner);
        if (customer !== "four") expect(outsider).to.match(/^hidden: /);
        expect(one).to.equal(
          customer === "one" || customer === "four" ? meter : one?.match(/^hidden: .*/)?.[0],
        );
      }
    });

    it("shows an offer's total on the chain", async () => {
      const counts = ran.model.vouchers.slice(0, 3).map(({ units }) => units);
      const total = counts.reduce((sum, units) => sum + units);
      expect(hasCount(await chainBytes(ran.connection), total)).to.equal(true);
      expect(viewOf(ran.model, "all of first: units settled")).to.deep.equal(Array(4).fill(`${total}`));
    });

    it("shows no question on the chain, and to a customer its own", async () => {
      const bytes = await chainBytes(ran.connection);
      for (const { question } of ran.model.answers) {
        expect(bytes.some((part) => part.includes(Buffer.from(question).toString("hex")))).to.equal(false);
      }
      expect(viewOf(ran.model, "questions read")).to.deep.equal(["0 of 4", "4 of 4", "1 of 4", "0 of 4"]);
    });

    it("when an offer has a single license in the batch, warns that its count is public", () => {
      const [, second, lone] = ran.model.anonymity;
      expect(second).to.match(/^Offer 2: \d+ units of 1 license: its count is public\.$/);
      expect(lone).to.match(/^With one license of an offer in the batch, its count is public\./);
      for (const sentence of ran.model.anonymity) expect(ran.printed()).to.contain(sentence);
      const [outsider, meter] = viewOf(ran.model, "four: units settled");
      expect(outsider).to.equal(meter);
    });
  });

  describe("when time can be advanced", () => {
    let ran: Awaited<ReturnType<typeof run>>;
    before(async () => {
      ran = await run(true);
    });

    it("keeps every law of conservation", () => expectConservation(ran.model, ran.printed));

    it("prints one screen: at most 40 lines of at most 100 columns", () => {
      expect(ran.screen().length).to.be.at.most(40);
      for (const line of [...ran.screen(), ...ran.lines()]) expect(line.length, line).to.be.at.most(100);
      expect(ran.screen()).to.include("15 of 15 conservation laws hold.");
    });

    it("closes each license as its customer wants", () => {
      const { closings, vouchers } = ran.model;
      expect(closings.map(({ customer, how }) => [customer, how])).to.deep.equal([
        ["one", "opening"],
        ["two", "bound"],
        ["three", "bound"],
        ["four", "opening"],
        ["silent", "unused"],
      ]);
      for (const { customer, how, used, kept } of closings) {
        const { units = 0n } = vouchers.find((row) => row.customer === customer) ?? {};
        expect(used, customer).to.equal(how === "bound" ? (units / 100n + 1n) * 100n : units);
        expect(kept, customer).to.equal(((used - units) * ran.model.offer.pricePerMillion) / 1_000_000n);
      }
    });

    it("publishes opened counts, and no count closed within a bound", async () => {
      const bytes = await chainBytes(ran.connection);
      for (const { customer, units } of ran.model.vouchers) {
        const isKept = customer === "two" || customer === "three";
        expect(hasCount(bytes, units), customer).to.equal(!isKept);
        const [outsider] = viewOf(ran.model, `${customer}: units in its life, after closing`);
        if (isKept) expect(outsider).to.match(/^hidden: /);
        else expect(outsider).to.equal(`${units}`);
      }
    });

    it("publishes contexts with the opening, and not before", () => {
      expect(viewOf(ran.model, "one: contexts")[0]).to.equal("hidden: some of 9");
      expect(viewOf(ran.model, "one: contexts, after closing")[0]).to.equal("health");
    });

    it("mines coins for free use, and sells them for the programme's vault", () => {
      const benefit = ran.model.benefit ?? expect.fail("nothing was mined");
      expect(benefit.units > 100n).to.equal(true);
      const height = 2n ** 64n;
      const advance = (144n * ((3n * height * benefit.units) / 1_000n)) / 4n;
      expect([benefit.fromHeight, benefit.toHeight]).to.deep.equal([0n, advance]);
      expect(benefit.minted).to.equal((advance * 50n * 10n ** 8n) / height);
      expect(benefit.total).to.equal(4_500_000_000n);
      expect([benefit.received, benefit.inVault, benefit.released]).to.deep.equal([
        4_500_000_000n,
        4_500_000_000n,
        0n,
      ]);
      expect(benefit.agrees).to.equal(true);
      for (const { paid, coins } of benefit.buyers) {
        const atReserve = (paid * 10n ** 8n) / benefit.reserve;
        const shared = (paid * benefit.coins) / benefit.total;
        expect(coins).to.equal(shared < atReserve ? shared : atReserve);
      }
      expect(ran.printed()).to.contain("Proof of benefit").and.to.contain("The chain's events agree.");
    });

    it("leaves in escrow the money kept back by bounds", () => {
      const kept = ran.model.closings.reduce((sum, row) => sum + row.kept, 0n);
      expect(kept > 0n).to.equal(true);
      expect(ran.model.escrow).to.equal(kept);
      expect(ran.printed()).to.contain("it stays in the offer's escrow");
    });
  });

  it("when the deployment has no test currency, says so", async () => {
    const connection = await network.create();
    const { contracts, ...rest } = (await deployGrid(connection)) as Deployment;
    const { TestUSD: _, ...others } = contracts;
    const options = {
      connection,
      deployment: { ...rest, contracts: others },
      applications,
      network: "",
      canWarp: true,
    };
    const running = runLoop({ ...options, printer: createPrinter({ write: () => true }) });
    const error = await running.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal("This deployment has no TestUSD, which the customers pay with.");
  });
});

async function run(canWarp: boolean) {
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
    model,
    /** Lines without those of progress, which depend on the machine's speed. */
    screen: () => screen.filter((text) => !/^ {2}\S/.test(text)).map((text) => text.trimEnd()),
    lines: () => [...screen, ...details].map((text) => text.trimEnd()),
    /** All that `--verbose` prints, without line breaks. */
    printed: () => [...screen, ...details].join("").replace(/\s+/g, " "),
  };
}

function expectConservation(model: ReportModel, printed: () => string): void {
  expect(model.answers.map(({ customer }) => customer)).to.deep.equal(ASKING);
  expect(model.vouchers.map(({ customer }) => customer)).to.deep.equal(ASKING);
  for (const { name, left, right } of checksOf(model)) expect(left, name).to.equal(right);
  expect(model.earnings.every(({ amount }) => amount > 0n)).to.equal(true);
  expect(printed()).to.contain("holds").and.to.not.contain("BROKEN");
}

function viewOf({ views }: ReportModel, fact: string): readonly string[] {
  return views.rows.find((row) => row.fact === fact)?.values ?? expect.fail(`no fact ${fact}`);
}

/** All public data: input of all transactions without selectors, topics and data of all events. */
async function chainBytes({ ethers: { provider } }: NetworkConnection): Promise<string[]> {
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
function hasCount(bytes: readonly string[], units: bigint): boolean {
  const lane = units.toString(16).padStart(16, "0");
  return bytes.some((part) => part.match(/.{16}/g)?.includes(lane));
}
