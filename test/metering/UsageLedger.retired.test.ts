import { expect } from "chai";
import { DAY, ethers, impersonate, Mode, networkHelpers, voucher, WINDOW } from "../grid.ts";
import { legsBetween } from "../settlement/support.ts";
import { OPENINGS, PREPAID, privateFixture, settledFixture, signUsage, usageWord } from "./private.ts";
import { stopThreads } from "./proving.ts";
import { type Opening, PRIME, poseidon } from "./statement.ts";

type Grid = Awaited<ReturnType<typeof settledFixture>>;
type RetiredStep = {
  licenseId: bigint;
  by?: "buyer" | "stranger";
  oldOpening?: Opening;
  newOpening: Opening;
};

const NOTHING: Opening = { units: 0n, contexts: 0n, salt: 0n };
const NEXT = { units: 400n, contexts: 3n, salt: 77n };

/** `FIRST` is settled, then the ledger is retired. */
async function retiredFixture() {
  const grid = await networkHelpers.loadFixture(settledFixture);
  await grid.terms.connect(await impersonate(grid.timelock)).retireLedger(grid.ledger);
  return grid;
}

/** Nothing is settled, and the ledger is retired. */
async function freshFixture() {
  const grid = await networkHelpers.loadFixture(privateFixture);
  await grid.terms.connect(await impersonate(grid.timelock)).retireLedger(grid.ledger);
  return grid;
}

async function opened(
  grid: Grid,
  { licenseId, by = "buyer", oldOpening = NOTHING, newOpening }: RetiredStep,
) {
  return {
    licenseId,
    oldOpening,
    newOpening,
    ...(await signUsage(grid, grid[by], licenseId, usageWord(licenseId, newOpening))),
  };
}

async function settleRetired(grid: Grid, steps: RetiredStep[], offerId = 2n) {
  const rows = await Promise.all(steps.map((step) => opened(grid, step)));
  return await grid.ledger.connect(grid.meter).settleRetired(1n, [{ offerId, rows }]);
}

const STEP = { licenseId: 1n, oldOpening: OPENINGS.one, newOpening: NEXT };

async function afterWindow({ licenses }: Grid, licenseId = 1n) {
  await networkHelpers.time.increaseTo((await licenses.licenseOf(licenseId)).expiry + WINDOW + 1n);
}

describe("UsageLedger: openings", () => {
  after(stopThreads);

  describe("settleRetired", () => {
    it("when somebody other than the operator calls, reverts", async () => {
      const { ledger, stranger } = await networkHelpers.loadFixture(freshFixture);
      await expect(ledger.connect(stranger).settleRetired(1n, []))
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterOperator")
        .withArgs(1n, stranger.address);
    });

    it("when the ledger is not retired, reverts", async () => {
      const { ledger, meter } = await networkHelpers.loadFixture(privateFixture);
      await expect(ledger.connect(meter).settleRetired(1n, [])).to.be.revertedWithCustomError(
        ledger,
        "LedgerNotRetired",
      );
    });

    it("when offers are unordered, foreign, open or empty, reverts", async () => {
      const grid = await networkHelpers.loadFixture(freshFixture);
      const { ledger, meter, stranger } = grid;
      const rows = [await opened(grid, { licenseId: 1n, newOpening: NEXT })];
      const [two, three] = [
        { offerId: 2n, rows },
        { offerId: 3n, rows: [await opened(grid, { licenseId: 3n, newOpening: NEXT })] },
      ];
      await expect(ledger.connect(meter).settleRetired(1n, [three, two]))
        .to.be.revertedWithCustomError(ledger, "BatchOffersUnordered")
        .withArgs(3n, 2n);
      await ledger.connect(stranger).registerMeter(stranger, stranger, "");
      await expect(ledger.connect(stranger).settleRetired(2n, [two]))
        .to.be.revertedWithCustomError(ledger, "OfferNotMetered")
        .withArgs(2n, 2n);
      await expect(settleRetired(grid, [{ licenseId: 4n, newOpening: NEXT }], 1n))
        .to.be.revertedWithCustomError(ledger, "OfferModeMismatch")
        .withArgs(1n, Mode.Open);
      await expect(settleRetired(grid, [])).to.be.revertedWithCustomError(ledger, "BatchEmpty").withArgs(2n);
    });

    it("when licenses do not strictly increase, or are another offer's, reverts", async () => {
      const grid = await networkHelpers.loadFixture(freshFixture);
      const [one, two] = [
        { licenseId: 1n, newOpening: NEXT },
        { licenseId: 2n, by: "stranger" as const, newOpening: NEXT },
      ];
      await expect(settleRetired(grid, [two, one]))
        .to.be.revertedWithCustomError(grid.ledger, "BatchLicensesUnordered")
        .withArgs(2n, 1n);
      await expect(settleRetired(grid, [one, one]))
        .to.be.revertedWithCustomError(grid.ledger, "BatchLicensesUnordered")
        .withArgs(1n, 1n);
      await expect(settleRetired(grid, [{ licenseId: 3n, newOpening: NEXT }]))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseOfferMismatch")
        .withArgs(3n, 2n);
    });

    it("when the window is over, reverts", async () => {
      const grid = await networkHelpers.loadFixture(retiredFixture);
      const { expiry } = await grid.licenses.licenseOf(1n);
      await afterWindow(grid);
      await expect(settleRetired(grid, [STEP]))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseWindowOver")
        .withArgs(1n, expiry + WINDOW);
    });

    it("when the signer did not sign this opening, reverts", async () => {
      const grid = await networkHelpers.loadFixture(retiredFixture);
      const row = await opened(grid, STEP);
      for (const newOpening of [
        { ...NEXT, units: 401n },
        { ...NEXT, contexts: 1n },
        { ...NEXT, salt: 78n },
      ]) {
        await expect(
          grid.ledger
            .connect(grid.meter)
            .settleRetired(1n, [{ offerId: 2n, rows: [{ ...row, newOpening }] }]),
        )
          .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
          .withArgs(1n, grid.buyer.address);
      }
    });

    it("when the stored usage word is opened falsely, reverts", async () => {
      const grid = await networkHelpers.loadFixture(retiredFixture);
      const word = usageWord(1n, OPENINGS.one);
      for (const oldOpening of [NOTHING, { ...OPENINGS.one, units: 99n }, { ...OPENINGS.one, salt: 12n }]) {
        await expect(settleRetired(grid, [{ ...STEP, oldOpening }]))
          .to.be.revertedWithCustomError(grid.ledger, "OpeningInvalid")
          .withArgs(1n, word);
      }
    });

    it("when nothing is settled but something is opened, reverts", async () => {
      const grid = await networkHelpers.loadFixture(freshFixture);
      for (const oldOpening of [
        { ...NOTHING, units: 1n },
        { ...NOTHING, contexts: 1n },
        { ...NOTHING, salt: 1n },
      ]) {
        await expect(settleRetired(grid, [{ ...STEP, oldOpening }]))
          .to.be.revertedWithCustomError(grid.ledger, "OpeningInvalid")
          .withArgs(1n, ethers.ZeroHash);
      }
    });

    it("when use decreases, exceeds the prepaid units or leaves its contexts, reverts", async () => {
      const grid = await networkHelpers.loadFixture(retiredFixture);
      const { ledger } = grid;
      await expect(settleRetired(grid, [{ ...STEP, newOpening: { ...NEXT, units: 99n } }]))
        .to.be.revertedWithCustomError(ledger, "VoucherNotNewer")
        .withArgs(1n, 100n, 99n);
      await expect(settleRetired(grid, [{ ...STEP, newOpening: { ...NEXT, units: PREPAID + 1n } }]))
        .to.be.revertedWithCustomError(ledger, "VoucherExceedsPrepaid")
        .withArgs(1n, PREPAID + 1n, PREPAID);
      await expect(settleRetired(grid, [{ ...STEP, newOpening: { ...NEXT, contexts: 2n } }]))
        .to.be.revertedWithCustomError(ledger, "VoucherContextsDropped")
        .withArgs(1n, 1n, 2n);
      await expect(settleRetired(grid, [{ ...STEP, newOpening: { ...NEXT, contexts: 9n } }]))
        .to.be.revertedWithCustomError(ledger, "VoucherContextsNotAllowed")
        .withArgs(1n, 9n, 7n);
    });

    it("when licenses advance, by first and later vouchers, pays and publishes as a proof does", async () => {
      const grid = await networkHelpers.loadFixture(retiredFixture);
      const { ledger, router, usd, meter, payee } = grid;
      const compute = await router.withdrawable(payee, usd);
      const [one, two, three] = await Promise.all([
        opened(grid, STEP),
        opened(grid, {
          licenseId: 2n,
          by: "stranger",
          oldOpening: OPENINGS.two,
          newOpening: { ...OPENINGS.two, salt: 5n },
        }),
        opened(grid, {
          licenseId: 3n,
          oldOpening: OPENINGS.three,
          newOpening: { units: PREPAID, contexts: 7n, salt: 6n },
        }),
      ]);
      const totals = [2n | (300n << 64n), 3n | (993n << 64n)].map((word) => ethers.toBeHex(word, 32));
      const rows = ethers.concat(
        [one, two, three].flatMap(({ licenseId, newOpening }) => [
          ethers.toBeHex(licenseId, 8),
          usageWord(licenseId, newOpening),
        ]),
      );
      const batches = [
        { offerId: 2n, rows: [one, two] },
        { offerId: 3n, rows: [three] },
      ];
      await expect(ledger.connect(meter).settleRetired(1n, batches))
        .to.emit(ledger, "PrivateSettled")
        .withArgs(1n, totals, rows);
      expect(await ledger.usageOf(3n)).to.equal(usageWord(3n, three.newOpening));
      expect((await router.escrowOf(2n)).balance).to.equal((2_000n - 450n) * 25n);
      expect((await router.escrowOf(3n)).balance).to.equal(0n);
      const first = legsBetween(150n * 25n + 21n, 300n * 25n);
      const second = legsBetween(450n * 25n + 21n, 993n * 3n);
      expect(await router.withdrawable(payee, usd)).to.equal(compute + first.compute + second.compute);
      await settleRetired(grid, [{ licenseId: 1n, oldOpening: NEXT, newOpening: { ...NEXT, units: 401n } }]);
      expect((await router.escrowOf(2n)).balance).to.equal((2_000n - 451n) * 25n);
    });

    it("when nothing was settled before, counts all", async () => {
      const grid = await networkHelpers.loadFixture(freshFixture);
      await settleRetired(grid, [{ licenseId: 1n, newOpening: NEXT }]);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageWord(1n, NEXT));
      expect((await grid.router.escrowOf(2n)).balance).to.equal((2_000n - 400n) * 25n);
    });
  });

  describe("close", () => {
    it("when private use is settled, reverts", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      await afterWindow(grid);
      await expect(grid.ledger.close(1n))
        .to.be.revertedWithCustomError(grid.ledger, "OpeningNeeded")
        .withArgs(1n);
    });

    it("when a private license was never settled, all its price is owed to the holder", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await afterWindow(grid);
      await grid.ledger.connect(grid.stranger).close(1n);
      expect(await grid.router.withdrawable(grid.buyer, grid.usd)).to.equal(PREPAID * 25n);
    });
  });

  describe("closeOpened", () => {
    it("when the opening is false, reverts", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      await afterWindow(grid);
      const word = usageWord(1n, OPENINGS.one);
      for (const opening of [
        NOTHING,
        { ...OPENINGS.one, units: 99n },
        { ...OPENINGS.one, contexts: 3n },
        { ...OPENINGS.one, salt: 1n },
        OPENINGS.two,
      ]) {
        await expect(grid.ledger.closeOpened(1n, opening))
          .to.be.revertedWithCustomError(grid.ledger, "OpeningInvalid")
          .withArgs(1n, word);
      }
    });

    it("when nothing is settled, only zeros open it", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await afterWindow(grid);
      await expect(grid.ledger.closeOpened(1n, OPENINGS.one))
        .to.be.revertedWithCustomError(grid.ledger, "OpeningInvalid")
        .withArgs(1n, ethers.ZeroHash);
      await grid.ledger.closeOpened(1n, NOTHING);
      expect(await grid.router.withdrawable(grid.buyer, grid.usd)).to.equal(PREPAID * 25n);
    });

    it("when the license is in open mode, its word has no opening", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { ledger, meter, buyer } = grid;
      const rows = [await voucher(grid, buyer, { licenseId: 4n, units: 10n })];
      await ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }]);
      await afterWindow(grid, 4n);
      await expect(ledger.closeOpened(4n, { units: 10n, contexts: 1n, salt: 0n }))
        .to.be.revertedWithCustomError(ledger, "OpeningInvalid")
        .withArgs(4n, ethers.toBeHex((1n << 64n) | 10n, 32));
    });

    it("when the window is open, reverts", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      const { expiry } = await grid.licenses.licenseOf(1n);
      await expect(grid.ledger.closeOpened(1n, OPENINGS.one))
        .to.be.revertedWithCustomError(grid.licenses, "LicenseWindowOpen")
        .withArgs(1n, expiry + WINDOW);
    });

    it("when anyone opens it, the unused part is owed to the holder, and once", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      const { ledger, licenses, router, usd, buyer, dataOwner } = grid;
      await afterWindow(grid);
      await expect(ledger.connect(dataOwner).closeOpened(1n, OPENINGS.one))
        .to.emit(licenses, "LicenseClosed")
        .withArgs(1n, buyer.address, 100n, 900n * 25n);
      expect(await router.withdrawable(buyer, usd)).to.equal(900n * 25n);
      await expect(ledger.closeOpened(1n, OPENINGS.one))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(1n);
    });

    it("when the ledger is retired, closes all the same", async () => {
      const grid = await networkHelpers.loadFixture(retiredFixture);
      await networkHelpers.time.increase(40n * DAY);
      await grid.ledger.closeOpened(1n, OPENINGS.one);
      expect(await grid.router.withdrawable(grid.buyer, grid.usd)).to.equal(900n * 25n);
    });
  });

  describe("the commitment", () => {
    it("is the same on chain, in circomlibjs, in poseidon-lite and in WebAssembly", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      const { poseidon2 } = await import("poseidon-lite/poseidon2");
      const { default: wasm } = await import("@railgun-community/poseidon-hash-wasm");
      const library = await ethers.deployContract("PoseidonT3");
      const contract = new ethers.Contract(
        await library.getAddress(),
        ["function hash(uint256[2] memory) view returns (uint256)"],
        grid.buyer,
      );
      const edges = [0n, 1n, 2n ** 32n, 2n ** 64n - 1n, 2n ** 64n, PRIME - 1n];
      for (const first of edges) {
        for (const second of edges) {
          const expected = poseidon([first, second]);
          expect(await contract.getFunction("hash")([first, second])).to.equal(expected);
          expect(poseidon2([first, second])).to.equal(expected);
          expect(wasm.poseidon([first, second])).to.equal(expected);
        }
      }
    });
  });
});
