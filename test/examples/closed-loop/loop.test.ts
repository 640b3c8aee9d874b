import { expect } from "chai";
import { runLoop } from "../../../examples/closed-loop/loop.ts";
import { createPrinter } from "../../../examples/closed-loop/report/console.ts";
import { applications, chainBytes, expectConservation, hasCount, run, viewOf } from "./running.ts";

describe("runLoop", () => {
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

    it("when the deployment has no test currency, says so", async () => {
      const { contracts, ...rest } = ran.deployment;
      const { TestUSD: _, ...others } = contracts;
      const options = {
        connection: ran.connection,
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
});
