import { expect } from "chai";
import { DAY, ethers, networkHelpers, UNIT_PRICE, WINDOW, waitHalfTerm } from "../grid.ts";
import { FIRST, OPENINGS, PREPAID, privateFixture, provenSettlement, settle, usageWord } from "./private.ts";
import { stopThreads } from "./proving.ts";

/** `FIRST`, proved before anything happens. */
async function provenFixture() {
  const grid = await networkHelpers.loadFixture(privateFixture);
  return { ...grid, settlement: await provenSettlement(grid, FIRST) };
}

type Proven = Awaited<ReturnType<typeof provenFixture>>;

/** Events in the life of license 1 between proof and settlement. */
const EVENTS: Record<string, (grid: Proven) => Promise<unknown>> = {
  "it is topped up": ({ licenses, stranger }) =>
    licenses.connect(stranger).topUp(1n, 500n, 500n * UNIT_PRICE, "0x"),
  "it is renewed": async ({ licenses, buyer }) => {
    await waitHalfTerm();
    await licenses.connect(buyer).renew(1n, 1n, UNIT_PRICE, "0x");
  },
  "it is transferred": ({ licenses, buyer, creator }) =>
    licenses.connect(buyer).transferFrom(buyer, creator, 1n),
  "a session key is named": ({ licenses, buyer, creator }) => licenses.connect(buyer).setSigner(1n, creator),
  "its key changes twice": async ({ licenses, buyer, creator, dataOwner }) => {
    await licenses.connect(buyer).setSigner(1n, creator);
    await licenses.connect(buyer).setSigner(1n, dataOwner);
  },
  "its holder requests to close": ({ licenses, buyer }) => licenses.connect(buyer).requestClose(1n),
  "it is revoked": ({ licenses, creator }) => licenses.connect(creator).revoke(1n),
  "its offer is retired": ({ terms, creator }) => terms.connect(creator).retireOffer(2n),
  "its capsule is transferred": ({ capsules, creator, stranger }) =>
    capsules.connect(creator).transferFrom(creator, stranger, 1n),
  "a license of the offer is bought": ({ licenses, buyer }) =>
    licenses
      .connect(buyer)
      .mint({ offerId: 2n, to: buyer, signer: ethers.ZeroAddress, units: 1n, maxPrice: UNIT_PRICE }, "0x"),
};

describe("UsageLedger: between proof and settlement", () => {
  after(stopThreads);

  for (const [event, happen] of Object.entries(EVENTS)) {
    it(`when ${event}, the proven row settles all the same`, async () => {
      const grid = await networkHelpers.loadFixture(provenFixture);
      await happen(grid);
      await settle(grid, grid.settlement);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageWord(1n, OPENINGS.one));
      expect((await grid.router.revenueOf(1n, 1n, grid.usd)).total + (await accruedLater(grid))).to.equal(
        150n * 25n + 7n * 3n,
      );
    });

    it(`when ${event}, it settles up to the last second of the window`, async () => {
      const grid = await networkHelpers.loadFixture(provenFixture);
      await happen(grid);
      const { expiry } = await grid.licenses.licenseOf(1n);
      const { expiry: other } = await grid.licenses.licenseOf(2n);
      const { changeAt } = await grid.licenses.keysOf(1n);
      const ends = [expiry + WINDOW, other + WINDOW, ...(changeAt ? [changeAt] : [])];
      await networkHelpers.time.setNextBlockTimestamp(ends.reduce((a, b) => (a < b ? a : b)));
      await settle(grid, grid.settlement);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageWord(1n, OPENINGS.one));
    });
  }

  it("when its window is over, is refused, and the batch without it settles", async () => {
    const grid = await networkHelpers.loadFixture(provenFixture);
    const { licenses, ledger, buyer } = grid;
    await licenses.connect(buyer).requestClose(1n);
    const windowEnd = (await licenses.licenseOf(1n)).expiry + WINDOW;
    await networkHelpers.time.setNextBlockTimestamp(windowEnd + 1n);
    await expect(settle(grid, grid.settlement))
      .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
      .withArgs(1n, windowEnd);
    await settle(grid, await provenSettlement(grid, { ...FIRST, 2: FIRST["2"]?.slice(1) ?? [] }));
    expect(await ledger.usageOf(1n)).to.equal(ethers.ZeroHash);
    expect(await ledger.usageOf(2n)).to.equal(usageWord(2n, OPENINGS.two));
  });

  it("when a new signer's time has come, the old one's row is refused", async () => {
    const grid = await networkHelpers.loadFixture(provenFixture);
    await grid.licenses.connect(grid.buyer).setSigner(1n, grid.creator);
    await networkHelpers.time.increase(WINDOW + 1n);
    await expect(settle(grid, grid.settlement))
      .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
      .withArgs(1n, grid.creator.address);
    const steps = {
      ...FIRST,
      2: (FIRST["2"] ?? []).map((step, i) => (i ? step : { ...step, by: "creator" as const })),
    };
    await settle(grid, await provenSettlement(grid, steps));
    expect(await grid.ledger.usageOf(1n)).to.equal(usageWord(1n, OPENINGS.one));
  });

  it("when it is topped up, the new units can be proved and used", async () => {
    const grid = await networkHelpers.loadFixture(provenFixture);
    await settle(grid, grid.settlement);
    await grid.licenses.connect(grid.buyer).topUp(1n, 500n, 500n * UNIT_PRICE, "0x");
    const next = { units: PREPAID + 500n, contexts: 1n, salt: 5n };
    const step = { licenseId: 1n, by: "buyer", old: OPENINGS.one, next, cap: PREPAID + 500n } as const;
    await settle(grid, await provenSettlement(grid, { 2: [step] }));
    expect(await grid.ledger.usageOf(1n)).to.equal(usageWord(1n, next));
    await networkHelpers.time.increase(DAY);
  });
});

/** Revenue accrued to the shares of a capsule's new owner. */
async function accruedLater({ capsules, router, usd }: Proven) {
  const version = await capsules.currentSharesVersion(1n);
  return version === 1n ? 0n : (await router.revenueOf(1n, version, usd)).total;
}
