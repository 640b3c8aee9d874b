import { expect } from "chai";
import { chainBytes, expectConservation, hasCount, run, viewOf } from "./running.ts";

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
});
