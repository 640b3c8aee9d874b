import { expect } from "chai";
import type { Signer } from "ethers";
import {
  ethers,
  impersonate,
  Mode,
  mintParams,
  networkHelpers,
  voucher,
  voucherDomain,
  WINDOW,
} from "../grid.ts";
import { OPENINGS, PREPAID, privateFixture, settledFixture, usageWord } from "./private.ts";
import { type LedgerProof, NO_PROOF, proveRange, stopThreads } from "./proving.ts";
import type { Opening } from "./statement.ts";

type Grid = Awaited<ReturnType<typeof settledFixture>>;

const CONSENT_TYPES = {
  CloseConsent: [
    { name: "licenseId", type: "uint256" },
    { name: "maxUnits", type: "uint64" },
    { name: "expiry", type: "uint40" },
    { name: "changes", type: "uint56" },
    { name: "deadline", type: "uint256" },
  ],
};
const DEADLINE = 2n ** 40n;

/** `FIRST` is settled, and the windows are over. */
async function overFixture() {
  const grid = await networkHelpers.loadFixture(settledFixture);
  await networkHelpers.time.increaseTo((await grid.licenses.licenseOf(3n)).expiry + WINDOW + 1n);
  return grid;
}

/** License 1 used 100 units; this proves at most `max`. */
async function within(max: bigint, opening: Opening = OPENINGS.one, licenseId = 1n, min = 0n) {
  const usage = BigInt(usageWord(licenseId, opening));
  return (await proveRange(licenseId, opening, usage, [min, max])).proof;
}

type Consent = { licenseId: bigint; maxUnits: bigint; expiry: bigint; changes: bigint; deadline: bigint };

/** Consent to close the license as it is now. */
async function consentOf(
  { ledger, licenses }: Pick<Grid, "ledger" | "licenses">,
  signer: Signer,
  { licenseId, ...message }: Pick<Consent, "licenseId" | "maxUnits"> & Partial<Consent>,
  domain: { chainId?: bigint } = {},
) {
  const { expiry } = await licenses.licenseOf(licenseId);
  const { changes } = await licenses.keysOf(licenseId);
  return await signer.signTypedData({ ...(await voucherDomain(ledger)), ...domain }, CONSENT_TYPES, {
    ...{ licenseId, expiry, changes, deadline: DEADLINE },
    ...message,
  });
}

async function expectProofRefused(
  { ledger, buyer }: Grid,
  maxUnits: bigint,
  proof: LedgerProof,
  licenseId = 1n,
) {
  await expect(
    ledger.connect(buyer).closeWithin(licenseId, maxUnits, proof, DEADLINE, "0x"),
  ).to.be.revertedWithCustomError(ledger, "ProofInvalid");
}

describe("UsageLedger: closing within a bound", () => {
  after(stopThreads);

  describe("closeWithin", () => {
    it("when the ledger is retired, reverts", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { ledger, buyer } = grid;
      await grid.terms.connect(await impersonate(grid.timelock)).retireLedger(ledger);
      await expect(
        ledger.connect(buyer).closeWithin(1n, 200n, await within(200n), DEADLINE, "0x"),
      ).to.be.revertedWithCustomError(ledger, "LedgerNotAdmitted");
    });

    it("when the license does not exist, reverts", async () => {
      const { ledger, licenses } = await networkHelpers.loadFixture(overFixture);
      await expect(ledger.closeWithin(9n, 200n, NO_PROOF, DEADLINE, "0x"))
        .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
        .withArgs(9n);
    });

    it("when the holder did not agree to this bound, reverts", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { ledger, meter, buyer, stranger } = grid;
      const proof = await within(PREPAID);
      const agreed = { licenseId: 1n, maxUnits: PREPAID };
      const { expiry } = await grid.licenses.licenseOf(1n);
      const right = await consentOf(grid, buyer, agreed);
      for (const consent of [
        "0x",
        await consentOf(grid, meter, agreed),
        await consentOf(grid, stranger, agreed),
        await consentOf(grid, buyer, { licenseId: 1n, maxUnits: 200n }),
        await consentOf(grid, buyer, { licenseId: 3n, maxUnits: PREPAID }),
        await consentOf(grid, buyer, { ...agreed, expiry: expiry + 1n }),
        await consentOf(grid, buyer, { ...agreed, changes: 1n }),
        await consentOf(grid, buyer, { ...agreed, deadline: DEADLINE + 1n }),
        await consentOf(grid, buyer, agreed, { chainId: 1n }),
        await consentOf({ ...grid, ledger: ledger.attach(grid.router) as typeof ledger }, buyer, agreed),
        ethers.dataSlice(right, 0, 64),
        ethers.concat([ethers.dataSlice(right, 0, 64), "0x00"]),
      ]) {
        await expect(ledger.connect(meter).closeWithin(1n, PREPAID, proof, DEADLINE, consent))
          .to.be.revertedWithCustomError(ledger, "CloseConsentInvalid")
          .withArgs(1n, buyer.address);
      }
      await ledger.connect(meter).closeWithin(1n, PREPAID, proof, DEADLINE, right);
    });

    it("when the consent's deadline is over, reverts, but not in its last second", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { ledger, licenses, meter, buyer } = grid;
      const deadline = BigInt(await networkHelpers.time.latest()) + 100n;
      const consent = await consentOf(grid, buyer, { licenseId: 1n, maxUnits: 200n, deadline });
      const proof = await within(200n);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(deadline + 1n);
      await expect(ledger.connect(meter).closeWithin(1n, 200n, proof, deadline, consent))
        .to.be.revertedWithCustomError(ledger, "CloseConsentExpired")
        .withArgs(1n, deadline);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(ledger.connect(meter).closeWithin(1n, 200n, proof, deadline, consent)).to.emit(
        licenses,
        "LicenseClosed",
      );
    });

    it("when the license changed hands, its last holder's consent is none", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { ledger, licenses, buyer, stranger, meter } = grid;
      const consent = await consentOf(grid, buyer, { licenseId: 1n, maxUnits: 200n });
      await licenses.connect(buyer).transferFrom(buyer, stranger, 1n);
      await expect(ledger.connect(meter).closeWithin(1n, 200n, await within(200n), DEADLINE, consent))
        .to.be.revertedWithCustomError(ledger, "CloseConsentInvalid")
        .withArgs(1n, stranger.address);
      await expect(ledger.connect(buyer).closeWithin(1n, 200n, await within(200n), DEADLINE, "0x"))
        .to.be.revertedWithCustomError(ledger, "CloseConsentInvalid")
        .withArgs(1n, stranger.address);
    });

    it("when the proof is for another bound, license or usage word, or none, reverts", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const proof = await within(200n);
      for (const max of [199n, 201n, 100n, 2n ** 64n - 1n]) await expectProofRefused(grid, max, proof);
      await expectProofRefused(grid, 200n, NO_PROOF);
      await expectProofRefused(grid, 200n, await within(200n, OPENINGS.three, 3n));
      await expectProofRefused(grid, 200n, proof, 3n);
      await expectProofRefused(grid, 200n, await within(200n, { ...OPENINGS.one, units: 99n }));
      await expectProofRefused(grid, 200n, await within(200n, OPENINGS.one, 1n, 1n));
    });

    it("when nothing is settled, no proof is about it", async () => {
      const grid = await networkHelpers.loadFixture(privateFixture);
      await networkHelpers.time.increaseTo((await grid.licenses.licenseOf(3n)).expiry + WINDOW + 1n);
      await expectProofRefused(grid, 200n, await within(200n));
      await expectProofRefused(grid, 200n, NO_PROOF);
    });

    it("when the offer is open, reverts, even with a broken verifier", async () => {
      const grid = await networkHelpers.loadFixture(settledFixture);
      const { ledger, licenses, meter, buyer, stranger } = grid;
      await licenses.connect(stranger).mint(mintParams(1n, stranger, PREPAID), "0x");
      const rows = [await voucher(grid, buyer, { licenseId: 4n, units: PREPAID })];
      await ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }]);
      const credulous = await ethers.deployContract("CredulousVerifier");
      const code = await ethers.provider.getCode(credulous);
      await networkHelpers.setCode(await ledger.RANGE_VERIFIER(), code);
      await networkHelpers.time.increaseTo((await licenses.licenseOf(4n)).expiry + WINDOW + 1n);
      await expect(ledger.connect(buyer).closeWithin(4n, 0n, NO_PROOF, DEADLINE, "0x"))
        .to.be.revertedWithCustomError(ledger, "OfferModeMismatch")
        .withArgs(1n, Mode.Open);
    });

    it("when the window is open, reverts", async () => {
      const { ledger, licenses, buyer } = await networkHelpers.loadFixture(settledFixture);
      const { expiry } = await licenses.licenseOf(1n);
      await expect(ledger.connect(buyer).closeWithin(1n, 200n, await within(200n), DEADLINE, "0x"))
        .to.be.revertedWithCustomError(licenses, "LicenseWindowOpen")
        .withArgs(1n, expiry + WINDOW);
    });

    it("when the bound is above the prepaid units, reverts", async () => {
      const { ledger, licenses, buyer } = await networkHelpers.loadFixture(overFixture);
      await expect(
        ledger.connect(buyer).closeWithin(1n, PREPAID + 1n, await within(PREPAID + 1n), DEADLINE, "0x"),
      )
        .to.be.revertedWithCustomError(licenses, "LicenseUsedExceedsPrepaid")
        .withArgs(1n, PREPAID + 1n, PREPAID);
    });

    it("when the holder proves a bound, the units above it are owed, and nothing more is published", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { ledger, licenses, router, usd, buyer } = grid;
      await expect(ledger.connect(buyer).closeWithin(1n, 250n, await within(250n), DEADLINE, "0x"))
        .to.emit(licenses, "LicenseClosed")
        .withArgs(1n, buyer.address, 250n, 750n * 25n);
      expect(await router.withdrawable(buyer, usd)).to.equal(750n * 25n);
      expect((await router.escrowOf(2n)).balance).to.equal((2_000n - 150n - 750n) * 25n);
      expect(await ledger.usageOf(1n)).to.equal(usageWord(1n, OPENINGS.one));
    });

    it("when the holder is a wallet by contract, its own rule is asked", async () => {
      const grid = await networkHelpers.loadFixture(overFixture);
      const { ledger, licenses, router, usd, buyer, dataOwner, meter } = grid;
      const wallet = await ethers.deployContract("SigningWallet", [dataOwner]);
      await licenses.connect(buyer).transferFrom(buyer, wallet, 1n);
      const message = { licenseId: 1n, maxUnits: 100n };
      const proof = await within(100n);
      await expect(
        ledger.connect(meter).closeWithin(1n, 100n, proof, DEADLINE, await consentOf(grid, buyer, message)),
      )
        .to.be.revertedWithCustomError(ledger, "CloseConsentInvalid")
        .withArgs(1n, await wallet.getAddress());
      await ledger
        .connect(meter)
        .closeWithin(1n, 100n, proof, DEADLINE, await consentOf(grid, dataOwner, message));
      expect(await router.withdrawable(wallet, usd)).to.equal(900n * 25n);
    });

    it("when consent is signed, its type is the ledger's", async () => {
      const { ledger } = await networkHelpers.loadFixture(privateFixture);
      expect(await ledger.CONSENT_TYPEHASH()).to.equal(
        ethers.id(ethers.TypedDataEncoder.from(CONSENT_TYPES).encodeType("CloseConsent")),
      );
    });
  });
});
