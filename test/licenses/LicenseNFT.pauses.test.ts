import { expect } from "chai";
import {
  DAY,
  ethers,
  LAPSE,
  licenseFixture,
  mintParams,
  networkHelpers,
  UNIT_PRICE,
  voucher,
  WINDOW,
} from "../grid.ts";
import { Access, addOffer, expiryOf, licenseUnder, mineAt, nextAt, pauseAt } from "./support.ts";

type Grid = Awaited<ReturnType<typeof licenseFixture>>;
type Pause = [start: bigint, duration: bigint];

const HOUR = 3_600n;

/** License 1 of the buyer, and when its window ends if nothing is paused. */
async function windowFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const expiry = await expiryOf(grid);
  return { ...grid, expiry, windowEnd: expiry + WINDOW };
}

async function settle(grid: Grid, offerId = 1n) {
  const rows = [await voucher(grid, grid.buyer, { licenseId: 1n, units: 400n })];
  return await grid.ledger.connect(grid.meter).settleOpen(1n, [{ offerId, rows }]);
}

/** Tries each thing as if the others had not been tried. */
async function alone(things: (() => Promise<unknown>)[]) {
  for (const thing of things) {
    const snapshot = await networkHelpers.takeSnapshot();
    await thing();
    await snapshot.restore();
  }
}

/** Settling is possible until `end`, closing only after it. */
async function expectWindowEnd(grid: Grid, end: bigint, offerId = 1n) {
  const { licenses, ledger } = grid;
  const open = [end - 1n, end].flatMap((time) => [
    async () => {
      await nextAt(time);
      await expect(settle(grid, offerId)).to.emit(ledger, "OpenSettled");
    },
    async () => {
      await nextAt(time);
      await expect(ledger.close(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
        .withArgs(1n, end);
    },
  ]);
  const over = [
    async () => {
      await nextAt(end + 1n);
      await expect(settle(grid, offerId))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
        .withArgs(1n, end);
    },
    async () => {
      await nextAt(end + 1n);
      await expect(ledger.close(1n)).to.emit(licenses, "LicenseClosed");
    },
  ];
  await alone([...open, ...over]);
}

describe("LicenseNFT pauses", () => {
  describe("the settlement window", () => {
    const cases: [string, { pauses: Pause[]; later: bigint }][] = [
      ["a pause ends before the license", { pauses: [[-2n * DAY, DAY]], later: 0n }],
      ["a pause ends in its last second", { pauses: [[-DAY, DAY]], later: 0n }],
      [
        "a pause begins before the expiry and ends after it",
        { pauses: [[-HOUR, 3n * HOUR]], later: 2n * HOUR },
      ],
      ["a pause is inside of it", { pauses: [[DAY, DAY]], later: DAY }],
      ["a pause begins with it and is longer", { pauses: [[0n, 7n * DAY]], later: 7n * DAY }],
      ["a pause begins a second before its end", { pauses: [[WINDOW - 1n, 7n * DAY]], later: 7n * DAY }],
      [
        "two pauses are in it, the second only since the first made it longer",
        {
          pauses: [
            [HOUR, DAY],
            [WINDOW + HOUR, 2n * HOUR],
          ],
          later: DAY + 2n * HOUR,
        },
      ],
    ];
    for (const [when, { pauses, later }] of cases) {
      it(`when ${when}, it ends ${later / HOUR} hours later`, async () => {
        const grid = await networkHelpers.loadFixture(windowFixture);
        for (const [start, duration] of pauses) await pauseAt(grid, grid.expiry + start, duration);
        await expectWindowEnd(grid, grid.windowEnd + later);
      });
    }

    it("when a pause begins in its last second, the second comes again", async () => {
      const grid = await networkHelpers.loadFixture(windowFixture);
      const { licenses, ledger, windowEnd } = grid;
      await pauseAt(grid, windowEnd, DAY);
      await alone([
        async () => {
          await nextAt(windowEnd + DAY);
          await expect(settle(grid)).to.emit(ledger, "OpenSettled");
        },
        async () => {
          await nextAt(windowEnd + DAY + 1n);
          await expect(settle(grid))
            .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
            .withArgs(1n, windowEnd + DAY);
        },
      ]);
    });

    it("when a pause is ended early, it is later by the actual pause", async () => {
      const grid = await networkHelpers.loadFixture(windowFixture);
      await pauseAt(grid, grid.expiry + DAY, 7n * DAY);
      await nextAt(grid.expiry + DAY + HOUR);
      await grid.guardian.resume();
      await expectWindowEnd(grid, grid.windowEnd + HOUR);
    });

    it("when a pause is underway in it, nobody can close, however long ago the license expired", async () => {
      const grid = await networkHelpers.loadFixture(windowFixture);
      const { licenses, ledger, expiry, windowEnd } = grid;
      await pauseAt(grid, expiry + DAY, 7n * DAY);
      await nextAt(expiry + 7n * DAY);
      await expect(ledger.close(1n))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
        .withArgs(1n, windowEnd + 6n * DAY);
    });

    it("when a pause begins a second after it, it doesn't open again, and closing goes on", async () => {
      const grid = await networkHelpers.loadFixture(windowFixture);
      const { licenses, ledger, router, usd, buyer, windowEnd } = grid;
      await pauseAt(grid, windowEnd + 1n, DAY);
      await alone([
        async () => {
          await nextAt(windowEnd + 1n + DAY);
          await expect(settle(grid))
            .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
            .withArgs(1n, windowEnd + DAY);
        },
        async () => {
          await nextAt(windowEnd + 2n);
          await ledger.close(1n);
          expect(await router.withdrawable(buyer, usd)).to.equal(1_000n * UNIT_PRICE);
        },
      ]);
    });

    it("when the guardian's term ends with a pause, the window has it, and there is no other", async () => {
      const grid = await networkHelpers.loadFixture(windowFixture);
      const { guardian, licenses, ledger, buyer } = grid;
      const end = await guardian.END();
      await mineAt(end - 2n * DAY);
      const offerId = await addOffer(grid, { duration: DAY });
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1_000n), "0x");
      const windowEnd = (await expiryOf(grid, 2n)) + WINDOW;
      await pauseAt(grid, end - DAY + HOUR, DAY - HOUR);
      await nextAt(end);
      await expect(guardian.pause(1n))
        .to.be.revertedWithCustomError(guardian, "GuardianTermOver")
        .withArgs(end);
      const rows = [await voucher(grid, buyer, { licenseId: 2n, units: 1n })];
      const settling = () => ledger.connect(grid.meter).settleOpen(1n, [{ offerId, rows }]);
      const later = windowEnd + DAY - HOUR;
      await alone([
        async () => {
          await nextAt(later);
          await expect(settling()).to.emit(ledger, "OpenSettled");
        },
        async () => {
          await nextAt(later + 1n);
          await expect(settling())
            .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
            .withArgs(2n, later);
        },
      ]);
    });

    it("when it is later, units can be added and a term begun until its end", async () => {
      const grid = await networkHelpers.loadFixture(windowFixture);
      const { licenses, expiry, windowEnd } = grid;
      const asBuyer = licenses.connect(grid.buyer);
      await pauseAt(grid, expiry + DAY, DAY);
      const calls = [
        () => asBuyer.topUp(1n, 1n, UNIT_PRICE, "0x"),
        () => asBuyer.renew(1n, 1n, UNIT_PRICE, "0x"),
      ];
      await alone(
        calls.flatMap((call, i) => [
          async () => {
            await nextAt(windowEnd + DAY);
            await expect(call()).to.emit(licenses, i === 0 ? "LicenseToppedUp" : "LicenseRenewed");
          },
          async () => {
            await nextAt(windowEnd + DAY + 1n);
            await expect(call())
              .to.be.revertedWithCustomError(licenses, "LicenseWindowOver")
              .withArgs(1n, windowEnd + DAY);
          },
        ]),
      );
    });
  });

  describe("the lapse period", () => {
    const cases: [string, bigint][] = [
      ["the window", DAY],
      ["the lapse period", WINDOW + 100n * DAY],
    ];
    for (const [where, start] of cases) {
      it(`when a pause is in ${where}, the license lapses as much later, and can be closed until then`, async () => {
        const grid = await networkHelpers.loadFixture(windowFixture);
        const { licenses, ledger, expiry, windowEnd } = grid;
        await pauseAt(grid, expiry + start, 7n * DAY);
        const lapsesAfter = windowEnd + LAPSE + 7n * DAY;
        await alone([
          async () => {
            await nextAt(lapsesAfter);
            await expect(licenses.lapse(1n))
              .to.be.revertedWithCustomError(licenses, "LicenseNotLapsed")
              .withArgs(1n, lapsesAfter);
          },
          async () => {
            await nextAt(lapsesAfter);
            await expect(ledger.close(1n)).to.emit(licenses, "LicenseClosed");
          },
          async () => {
            await nextAt(lapsesAfter + 1n);
            await expect(ledger.close(1n))
              .to.be.revertedWithCustomError(licenses, "LicenseLapsedAlready")
              .withArgs(1n, lapsesAfter);
          },
          async () => {
            await nextAt(lapsesAfter + 1n);
            await expect(licenses.lapse(1n)).to.emit(licenses, "LicenseLapsed");
          },
        ]);
      });
    }

    it("when a pause begins after it, the license lapses all the same", async () => {
      const grid = await networkHelpers.loadFixture(windowFixture);
      await pauseAt(grid, grid.windowEnd + LAPSE + 1n, DAY);
      await nextAt(grid.windowEnd + LAPSE + 2n);
      await expect(grid.licenses.lapse(1n)).to.emit(grid.licenses, "LicenseLapsed");
    });
  });

  describe("a change of signer", () => {
    /** License 1 of the buyer, for a year. `session` becomes its signer after `changeAt`. */
    async function changingFixture() {
      const grid = await licenseUnder({ duration: 365n * DAY });
      const startedAt = BigInt(await networkHelpers.time.latest()) + 2n * DAY;
      const change = async () => {
        await nextAt(startedAt);
        await grid.licenses.connect(grid.buyer).setSigner(1n, grid.stranger);
      };
      return { ...grid, session: grid.stranger, startedAt, changeAt: startedAt + WINDOW, change };
    }

    /** The old signer's vouchers settle until `end`, the new one's after it; nobody is served before. */
    async function expectChangeEnd(grid: Awaited<ReturnType<typeof changingFixture>>, end: bigint) {
      const { licenses, offerId, buyer, session } = grid;
      const { Allowed, SignerChanging, UserNotSigner } = Access;
      const times = [
        [end - 1n, buyer, SignerChanging, SignerChanging],
        [end, buyer, SignerChanging, SignerChanging],
        [end + 1n, session, UserNotSigner, Allowed],
      ] as const;
      for (const [time, signer, buyers, sessions] of times) {
        await mineAt(time);
        const [word] = await licenses.settlementsOf(offerId, [1n]);
        expect(ethers.toBeHex((word ?? 0n) & (2n ** 160n - 1n), 20)).to.equal(signer.address.toLowerCase());
        expect(await licenses.signerOf(1n)).to.equal(signer.address);
        expect(await licenses.authorize(1n, buyer, 1n), `buyer at ${time}`).to.equal(buyers);
        expect(await licenses.authorize(1n, session, 1n), `session at ${time}`).to.equal(sessions);
      }
    }

    it("when a pause is inside of it, ends as much later", async () => {
      const grid = await networkHelpers.loadFixture(changingFixture);
      await grid.change();
      await pauseAt(grid, grid.startedAt + DAY, 5n * DAY);
      await expectChangeEnd(grid, grid.changeAt + 5n * DAY);
    });

    it("when it begins in a pause, ends later by the rest of the pause", async () => {
      const grid = await networkHelpers.loadFixture(changingFixture);
      await pauseAt(grid, grid.startedAt - DAY, 5n * DAY);
      await grid.change();
      await expectChangeEnd(grid, grid.changeAt + 4n * DAY);
    });

    it("when a pause was before it, ends as ever", async () => {
      const grid = await networkHelpers.loadFixture(changingFixture);
      await pauseAt(grid, grid.startedAt - DAY, DAY);
      await grid.change();
      await expectChangeEnd(grid, grid.changeAt);
    });

    it("when a pause begins a second after it, the new signer stays", async () => {
      const grid = await networkHelpers.loadFixture(changingFixture);
      await grid.change();
      await pauseAt(grid, grid.changeAt + 1n, DAY);
      expect(await grid.licenses.signerOf(1n)).to.equal(grid.session.address);
      await mineAt(grid.changeAt + 1n + DAY);
      expect(await grid.licenses.signerOf(1n)).to.equal(grid.session.address);
    });

    it("when another change follows in the time added by a pause, the old signer's vouchers still settle", async () => {
      const grid = await networkHelpers.loadFixture(changingFixture);
      const { licenses, buyer, payee, startedAt, changeAt } = grid;
      await grid.change();
      await pauseAt(grid, startedAt + DAY, DAY);
      await nextAt(changeAt + DAY);
      await licenses.connect(buyer).setSigner(1n, payee);
      expect(await licenses.keysOf(1n)).to.deep.equal([
        buyer.address,
        changeAt + DAY + WINDOW,
        2n,
        payee.address,
      ]);
    });

    it("when the meter confirms it in a pause, takes effect at once", async () => {
      const grid = await networkHelpers.loadFixture(changingFixture);
      const { licenses, ledger, meter, session, startedAt } = grid;
      await grid.change();
      await pauseAt(grid, startedAt + DAY, DAY);
      await ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]);
      expect(await licenses.signerOf(1n)).to.equal(session.address);
      expect(await licenses.authorize(1n, session, 1n)).to.equal(Access.Allowed);
    });
  });

  describe("signerOf", () => {
    it("when the license does not exist, reverts", async () => {
      const { licenses } = await networkHelpers.loadFixture(licenseFixture);
      await expect(licenses.signerOf(2n))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when nobody was named, is the holder", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      expect(await licenses.signerOf(1n)).to.equal(buyer.address);
    });
  });
});
