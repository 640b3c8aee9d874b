import { expect } from "chai";
import { deployLedger, ethers, gridFixture, networkHelpers, VOUCHER_TYPES, voucherDomain } from "../grid.ts";
import { usageOf } from "./support.ts";

/** Meter 1, operated by `meter`, belongs to another account. */
async function ownedFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const owner = grid.creator;
  await grid.ledger.connect(grid.meter).transferMeter(1n, owner);
  await grid.ledger.connect(owner).acceptMeter(1n);
  return { ...grid, owner };
}

describe("UsageLedger", () => {
  describe("registerMeter", () => {
    it("when an account is zero, reverts", async () => {
      const { ledger, stranger } = await networkHelpers.loadFixture(gridFixture);
      for (const [operator, payee] of [
        [ethers.ZeroAddress, stranger.address],
        [stranger.address, ethers.ZeroAddress],
      ] as const) {
        await expect(
          ledger.connect(stranger).registerMeter(operator, payee, ""),
        ).to.be.revertedWithCustomError(ledger, "MeterAccountZero");
      }
    });

    it("when the payee is the router, reverts: nobody could withdraw from there", async () => {
      const { ledger, router, stranger } = await networkHelpers.loadFixture(gridFixture);
      await expect(ledger.connect(stranger).registerMeter(stranger, router, ""))
        .to.be.revertedWithCustomError(ledger, "MeterPayeeRouter")
        .withArgs(2n);
    });

    it("when anyone calls, makes the next meter, owned by the caller", async () => {
      const { ledger, stranger, meter, payee } = await networkHelpers.loadFixture(gridFixture);
      const none = ethers.ZeroAddress;
      expect(await ledger.lastMeterId()).to.equal(1n);
      expect(await ledger.connect(stranger).registerMeter.staticCall(meter, payee, "x")).to.equal(2n);
      await expect(ledger.connect(stranger).registerMeter(meter, payee, "https://two.example"))
        .to.emit(ledger, "MeterSet")
        .withArgs(2n, meter.address, payee.address, "https://two.example")
        .and.to.emit(ledger, "MeterTransferred")
        .withArgs(2n, none, stranger.address);
      expect(await ledger.lastMeterId()).to.equal(2n);
      expect(await ledger.meterOf(2n)).to.deep.equal([stranger.address, meter.address, payee.address, none]);
    });
  });

  describe("setMeter", () => {
    it("when somebody other than the owner calls, even the operator, reverts", async () => {
      const { ledger, meter, payee, stranger } = await networkHelpers.loadFixture(ownedFixture);
      for (const caller of [meter, payee, stranger]) {
        for (const meterId of [1n, 2n, 0n]) {
          await expect(ledger.connect(caller).setMeter(meterId, caller, ethers.ZeroAddress, ""))
            .to.be.revertedWithCustomError(ledger, "CallerNotMeterOwner")
            .withArgs(meterId, caller.address);
        }
      }
    });

    it("when an account is zero, reverts", async () => {
      const { ledger, owner, meter, payee } = await networkHelpers.loadFixture(ownedFixture);
      for (const [operator, earner] of [
        [ethers.ZeroAddress, payee.address],
        [meter.address, ethers.ZeroAddress],
      ] as const) {
        await expect(ledger.connect(owner).setMeter(1n, operator, earner, "")).to.be.revertedWithCustomError(
          ledger,
          "MeterAccountZero",
        );
      }
    });

    it("when the payee is the router, reverts", async () => {
      const { ledger, router, owner, meter } = await networkHelpers.loadFixture(ownedFixture);
      await expect(ledger.connect(owner).setMeter(1n, meter, router, ""))
        .to.be.revertedWithCustomError(ledger, "MeterPayeeRouter")
        .withArgs(1n);
    });

    it("when the owner replaces the operator, only the new one settles", async () => {
      const { ledger, owner, meter, payee, stranger } = await networkHelpers.loadFixture(ownedFixture);
      await expect(ledger.connect(owner).setMeter(1n, stranger, meter, "https://new.example"))
        .to.emit(ledger, "MeterSet")
        .withArgs(1n, stranger.address, meter.address, "https://new.example");
      expect(await ledger.meterOf(1n)).to.deep.equal([
        owner.address,
        stranger.address,
        meter.address,
        ethers.ZeroAddress,
      ]);
      for (const caller of [meter, owner, payee]) {
        await expect(ledger.connect(caller).settleOpen(1n, []))
          .to.be.revertedWithCustomError(ledger, "CallerNotMeterOperator")
          .withArgs(1n, caller.address);
      }
      await expect(ledger.connect(stranger).settleOpen(1n, [])).not.to.be.revert(ethers);
    });
  });

  describe("transferMeter", () => {
    it("when somebody other than the owner calls, reverts", async () => {
      const { ledger, meter } = await networkHelpers.loadFixture(ownedFixture);
      for (const meterId of [1n, 2n, 0n]) {
        await expect(ledger.connect(meter).transferMeter(meterId, meter))
          .to.be.revertedWithCustomError(ledger, "CallerNotMeterOwner")
          .withArgs(meterId, meter.address);
      }
    });

    it("when the owner names a successor, owns the meter until it accepts", async () => {
      const { ledger, owner, meter, payee, stranger } = await networkHelpers.loadFixture(ownedFixture);
      await expect(ledger.connect(owner).transferMeter(1n, stranger))
        .to.emit(ledger, "MeterTransferStarted")
        .withArgs(1n, owner.address, stranger.address);
      expect(await ledger.meterOf(1n)).to.deep.equal([
        owner.address,
        meter.address,
        payee.address,
        stranger.address,
      ]);
      await expect(ledger.connect(stranger).setMeter(1n, stranger, stranger, ""))
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterOwner")
        .withArgs(1n, stranger.address);
      await expect(ledger.connect(owner).setMeter(1n, meter, meter, "")).to.emit(ledger, "MeterSet");
    });
  });

  describe("acceptMeter", () => {
    it("when nobody was named, reverts for everybody", async () => {
      const { ledger, owner, stranger } = await networkHelpers.loadFixture(ownedFixture);
      for (const caller of [owner, stranger]) {
        for (const meterId of [1n, 2n, 0n]) {
          await expect(ledger.connect(caller).acceptMeter(meterId))
            .to.be.revertedWithCustomError(ledger, "CallerNotMeterPendingOwner")
            .withArgs(meterId, caller.address);
        }
      }
    });

    it("when the owner named another or took it back, reverts", async () => {
      const { ledger, owner, payee, stranger } = await networkHelpers.loadFixture(ownedFixture);
      for (const successor of [payee.address, ethers.ZeroAddress]) {
        await ledger.connect(owner).transferMeter(1n, stranger);
        await ledger.connect(owner).transferMeter(1n, successor);
        await expect(ledger.connect(stranger).acceptMeter(1n))
          .to.be.revertedWithCustomError(ledger, "CallerNotMeterPendingOwner")
          .withArgs(1n, stranger.address);
      }
    });

    it("when the successor accepts, it owns the meter, once, and accounts stay", async () => {
      const { ledger, owner, meter, payee, stranger } = await networkHelpers.loadFixture(ownedFixture);
      await ledger.connect(owner).transferMeter(1n, stranger);
      await expect(ledger.connect(stranger).acceptMeter(1n))
        .to.emit(ledger, "MeterTransferred")
        .withArgs(1n, owner.address, stranger.address);
      expect(await ledger.meterOf(1n)).to.deep.equal([
        stranger.address,
        meter.address,
        payee.address,
        ethers.ZeroAddress,
      ]);
      await expect(ledger.connect(owner).setMeter(1n, owner, owner, ""))
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterOwner")
        .withArgs(1n, owner.address);
      await expect(ledger.connect(stranger).acceptMeter(1n))
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterPendingOwner")
        .withArgs(1n, stranger.address);
    });
  });

  describe("meterOf", () => {
    it("when there is none, is zero", async () => {
      const { ledger } = await networkHelpers.loadFixture(gridFixture);
      expect(await ledger.meterOf(2n)).to.deep.equal(Array(4).fill(ethers.ZeroAddress));
    });
  });

  describe("voucherDigest", () => {
    it("when wallets sign a voucher, equals their digest", async () => {
      const { ledger } = await networkHelpers.loadFixture(gridFixture);
      const domain = await voucherDomain(ledger);
      const usage = usageOf(10n, 3n);
      const message = { licenseId: 2n ** 64n - 1n, usage };
      const digest = ethers.TypedDataEncoder.hash(domain, VOUCHER_TYPES, message);
      expect(await ledger.voucherDigest(message.licenseId, usage)).to.equal(digest);
      expect(await ledger.VOUCHER_TYPEHASH()).to.equal(
        ethers.id("UsageVoucher(uint256 licenseId,bytes32 usage)"),
      );
      expect(await ledger.eip712Domain()).to.deep.equal([
        "0x0f",
        domain.name,
        domain.version,
        domain.chainId,
        domain.verifyingContract,
        ethers.ZeroHash,
        [],
      ]);
    });
  });

  describe("constructor", () => {
    it("when deployed, its circuits are in events", async () => {
      const grid = await networkHelpers.loadFixture(gridFixture);
      const [one, two, range] = [grid.buyer, grid.meter, grid.payee];
      const ledger = await deployLedger(
        grid,
        [
          { rows: 16n, offers: 4n, verifier: one.address },
          { rows: 128n, offers: 16n, verifier: two.address },
        ],
        range.address,
      );
      await expect(ledger.deploymentTransaction())
        .to.emit(ledger, "InstanceAdded")
        .withArgs(0n, 16n, 4n, one.address)
        .and.to.emit(ledger, "InstanceAdded")
        .withArgs(1n, 128n, 16n, two.address)
        .and.to.emit(ledger, "RangeVerifierSet")
        .withArgs(range.address);
    });
  });

  describe("wiring", () => {
    it("when everything is deployed, names licenses, terms, router and guardian", async () => {
      const { ledger, licenses, terms, router, guardian } = await networkHelpers.loadFixture(gridFixture);
      expect(await ledger.GUARDIAN()).to.equal(await guardian.getAddress());
      expect(await ledger.LICENSES()).to.equal(await licenses.getAddress());
      expect(await ledger.TERMS()).to.equal(await terms.getAddress());
      expect(await ledger.ROUTER()).to.equal(await router.getAddress());
    });
  });
});
