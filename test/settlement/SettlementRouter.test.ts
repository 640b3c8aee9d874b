import { expect } from "chai";
import { ethers, gridFixture, impersonate, licenseFixture, networkHelpers } from "../grid.ts";
import { Earner, earners, legsBetween, legsOf, payFixture, randomOf, sum } from "./support.ts";

const ADMIN = ethers.ZeroHash;

/** Platform, data, model, compute. */
const TENTHS = [1n, 4n, 3n, 2n];

async function timelockFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  return { ...grid, admin: await impersonate(grid.timelock) };
}

describe("SettlementRouter", () => {
  describe("pay", () => {
    it("when the amount is zero, reverts, for any token", async () => {
      const { router, buyer, stranger } = await networkHelpers.loadFixture(payFixture);
      await expect(router.connect(buyer).pay(1n, stranger, 0n, "0x")).to.be.revertedWithCustomError(
        router,
        "PaymentZero",
      );
    });

    it("when the token has no code, reverts, for any capsule", async () => {
      const { router, buyer, stranger } = await networkHelpers.loadFixture(payFixture);
      await expect(router.connect(buyer).pay(9n, stranger, 1n, "0x"))
        .to.be.revertedWithCustomError(router, "PaymentTokenNotContract")
        .withArgs(stranger.address);
    });

    it("when the capsule does not exist, reverts", async () => {
      const { capsules, pay } = await networkHelpers.loadFixture(payFixture);
      await expect(pay(10n, 2n))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when all payments would reach 2^120, reverts", async () => {
      const { router, usd, buyer, pay } = await networkHelpers.loadFixture(payFixture);
      await usd.mint(buyer, 2n ** 120n);
      await pay(2n ** 120n - 1n);
      await expect(pay(1n))
        .to.be.revertedWithCustomError(router, "SafeCastOverflowedUintDowncast")
        .withArgs(120n, 2n ** 120n);
    });

    it("when the router has no allowance, reverts as the token does", async () => {
      const { router, usd, stranger } = await networkHelpers.loadFixture(payFixture);
      await expect(router.connect(stranger).pay(1n, usd, 10n, "0x"))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, 10n);
    });

    it("when it is paid, accrues to the current shares version and moves exactly the amount", async () => {
      const { router, usd, buyer, pay } = await networkHelpers.loadFixture(payFixture);
      const paid = pay(1_000n);
      await expect(paid)
        .to.emit(router, "Paid")
        .withArgs(1n, buyer.address, await usd.getAddress(), 1n, 1_000n);
      await expect(paid).to.changeTokenBalances(ethers, usd, [buyer, router], [-1_000n, 1_000n]);
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([1_000n, 200n, false, 0n, 0n]);
    });

    it("when there is no meter, the compute leg is the compute rows'", async () => {
      const { router, usd, pay, creator } = await networkHelpers.loadFixture(payFixture);
      await pay(1_000n);
      await expect(router.claim([await earners(usd, [Earner.Compute, 1n])])).to.changeTokenBalance(
        ethers,
        usd,
        creator,
        200n,
      );
    });
  });

  describe("legs", () => {
    const SIZES = [1n, 1n, 2n, 3n, 1n, 4n, 7n, 9n, 10n, 11n, 99n, 100n, 12_345n, 10n ** 9n + 1n, 1n, 2n];

    it("when payments of any size follow each other, equal the model, add up, never fall and stay near the ideal", async () => {
      const { router, usd, pay } = await networkHelpers.loadFixture(payFixture);
      const range = await earners(usd, [0n, 4n]);
      const random = randomOf(40302010);
      const drawn = Array.from({ length: 24 }, () => BigInt(1 + random(1 << (1 + random(20)))));
      let total = 0n;
      let before = [0n, 0n, 0n, 0n];
      for (const amount of [...SIZES, ...drawn]) {
        await pay(amount);
        total += amount;
        const { amounts } = await router.claimable(range);
        const { platform, data, model, compute } = legsOf(total);
        expect([...amounts], `legs of ${total}`).to.deep.equal([platform, data, model, compute]);
        const steps = amounts.map((leg, i) => leg - (before[i] ?? 0n));
        expect(sum(steps), `legs of ${amount}`).to.equal(amount);
        expect(steps.every((step) => step >= 0n)).to.equal(true);
        const tenths = amounts.map((leg, i) => 10n * leg - (TENTHS[i] ?? 0n) * total);
        expect(
          tenths.every((error) => error >= -12n && error <= 12n),
          `${tenths}`,
        ).to.equal(true);
        before = [...amounts];
      }
    });

    it("when one base unit is paid a hundred times, still splits 40/30/20/10", async () => {
      const { router, usd, pay } = await networkHelpers.loadFixture(payFixture);
      for (let i = 0; i < 100; i += 1) await pay(1n);
      const { amounts } = await router.claimable(await earners(usd, [0n, 4n]));
      expect([...amounts]).to.deep.equal([10n, 40n, 30n, 20n]);
    });

    it("when uses are released, the meter's payee, the application and the rows get the model's", async () => {
      const { router, ledger, usd, payee, application } = await networkHelpers.loadFixture(licenseFixture);
      const asLedger = router.connect(await impersonate(ledger));
      let [total, compute, applied] = [0n, 0n, 0n];
      for (const units of [1n, 1n, 3n, 7n, 1n, 40n]) {
        const legs = legsBetween(total, units * 25n);
        const applicationPart = (legs.platform * 3_000n) / 10_000n;
        await expect(asLedger.release(1n, units, payee))
          .to.emit(router, "Released")
          .withArgs(1n, 1n, payee.address, 1n, units, units * 25n, legs.compute, applicationPart, 0n);
        total += units * 25n;
        compute += legs.compute;
        applied += applicationPart;
      }
      const { amounts } = await router.claimable(await earners(usd, [0n, 4n]));
      const legs = legsOf(total);
      expect([...amounts]).to.deep.equal([legs.platform - applied, legs.data, legs.model, 0n]);
      expect(await router.withdrawable(payee, usd)).to.equal(compute);
      expect(compute).to.equal(legs.compute);
      expect(await router.withdrawable(application, usd)).to.equal(applied);
    });

    it("when a direct payment and a release share the cumulative total, each gets its difference", async () => {
      const { router, ledger, usd, payee, buyer } = await networkHelpers.loadFixture(licenseFixture);
      await router.connect(buyer).pay(1n, usd, 7n, "0x");
      await router.connect(await impersonate(ledger)).release(1n, 1n, payee);
      await router.connect(buyer).pay(1n, usd, 5n, "0x");
      const direct = legsOf(7n).compute + legsBetween(32n, 5n).compute;
      expect(await router.revenueOf(1n, 1n, usd)).to.deep.equal([37n, direct, false, 0n, 0n]);
      expect(await router.withdrawable(payee, usd)).to.equal(legsBetween(7n, 25n).compute);
    });
  });

  describe("withdraw", () => {
    it("when nothing is owed, pays nothing and says nothing", async () => {
      const { router, usd, stranger } = await networkHelpers.loadFixture(payFixture);
      expect(await router.withdraw.staticCall(stranger, usd)).to.equal(0n);
      await expect(router.withdraw(stranger, usd)).not.to.emit(router, "Withdrawn");
    });

    it("when a stranger calls, pays the account its whole balance", async () => {
      const { router, ledger, usd, payee, stranger } = await networkHelpers.loadFixture(licenseFixture);
      await router.connect(await impersonate(ledger)).release(1n, 4n, payee);
      expect(await router.withdraw.staticCall(payee, usd)).to.equal(20n);
      const withdrawn = router.connect(stranger).withdraw(payee, usd);
      await expect(withdrawn)
        .to.emit(router, "Withdrawn")
        .withArgs(payee.address, await usd.getAddress(), 20n);
      await expect(withdrawn).to.changeTokenBalances(ethers, usd, [router, payee, stranger], [-20n, 20n, 0n]);
      expect(await router.withdrawable(payee, usd)).to.equal(0n);
    });

    it("when it was withdrawn before, pays only the new balance", async () => {
      const { router, ledger, usd, payee } = await networkHelpers.loadFixture(licenseFixture);
      const asLedger = router.connect(await impersonate(ledger));
      await asLedger.release(1n, 4n, payee);
      await router.withdraw(payee, usd);
      await expect(router.withdraw(payee, usd)).to.changeTokenBalance(ethers, usd, payee, 0n);
      await asLedger.release(1n, 2n, payee);
      await expect(router.withdraw(payee, usd)).to.changeTokenBalance(ethers, usd, payee, 10n);
    });
  });

  describe("setApplicationShare", () => {
    it("when somebody else calls, reverts", async () => {
      const { router, deployer } = await networkHelpers.loadFixture(timelockFixture);
      await expect(router.connect(deployer).setApplicationShare(5_001n))
        .to.be.revertedWithCustomError(router, "AccessControlUnauthorizedAccount")
        .withArgs(deployer.address, ADMIN);
    });

    it("when it is above half, reverts", async () => {
      const { router, admin } = await networkHelpers.loadFixture(timelockFixture);
      await expect(router.connect(admin).setApplicationShare(5_001n))
        .to.be.revertedWithCustomError(router, "ApplicationShareTooHigh")
        .withArgs(5_001n, 5_000n);
    });

    it("when the timelock calls, sets it", async () => {
      const { router, admin } = await networkHelpers.loadFixture(timelockFixture);
      expect(await router.applicationShareBps()).to.equal(3_000n);
      await expect(router.connect(admin).setApplicationShare(5_000n))
        .to.emit(router, "ApplicationShareSet")
        .withArgs(5_000n);
      expect(await router.applicationShareBps()).to.equal(5_000n);
    });
  });

  describe("setSectorShare", () => {
    it("when somebody else calls, reverts", async () => {
      const { router, deployer } = await networkHelpers.loadFixture(timelockFixture);
      await expect(router.connect(deployer).setSectorShare(7n, deployer, 5_001n))
        .to.be.revertedWithCustomError(router, "AccessControlUnauthorizedAccount")
        .withArgs(deployer.address, ADMIN);
    });

    it("when it is above half, reverts, for any account", async () => {
      const { router, admin } = await networkHelpers.loadFixture(timelockFixture);
      await expect(router.connect(admin).setSectorShare(7n, ethers.ZeroAddress, 5_001n))
        .to.be.revertedWithCustomError(router, "SectorShareTooHigh")
        .withArgs(7n, 5_001n, 5_000n);
    });

    it("when the account is zero or the router, reverts", async () => {
      const { router, admin } = await networkHelpers.loadFixture(timelockFixture);
      for (const account of [ethers.ZeroAddress, await router.getAddress()]) {
        await expect(router.connect(admin).setSectorShare(7n, account, 1n))
          .to.be.revertedWithCustomError(router, "SectorShareAccountInvalid")
          .withArgs(7n, account);
      }
    });

    it("when the timelock calls, sets it for this sector alone", async () => {
      const { router, admin, stranger } = await networkHelpers.loadFixture(timelockFixture);
      expect(await router.sectorShareOf(0n)).to.deep.equal([ethers.ZeroAddress, 0n]);
      await expect(router.connect(admin).setSectorShare(0n, stranger, 5_000n))
        .to.emit(router, "SectorShareSet")
        .withArgs(0n, stranger.address, 5_000n);
      expect(await router.sectorShareOf(0n)).to.deep.equal([stranger.address, 5_000n]);
      expect(await router.sectorShareOf(1n)).to.deep.equal([ethers.ZeroAddress, 0n]);
    });

    it("when the fraction is 0, needs no account", async () => {
      const { router, admin, stranger } = await networkHelpers.loadFixture(timelockFixture);
      await router.connect(admin).setSectorShare(7n, stranger, 5_000n);
      await expect(router.connect(admin).setSectorShare(7n, ethers.ZeroAddress, 0n))
        .to.emit(router, "SectorShareSet")
        .withArgs(7n, ethers.ZeroAddress, 0n);
      expect(await router.sectorShareOf(7n)).to.deep.equal([ethers.ZeroAddress, 0n]);
    });
  });

  describe("setLicenses", () => {
    async function bareFixture() {
      const grid = await networkHelpers.loadFixture(gridFixture);
      const { capsules, terms, commons, deployer } = grid;
      const factory = await ethers.getContractFactory("SettlementRouter");
      return { ...grid, bare: await factory.deploy(capsules, terms, commons, deployer) };
    }

    it("when somebody else calls, reverts", async () => {
      const { bare, stranger, licenses } = await networkHelpers.loadFixture(bareFixture);
      await expect(bare.connect(stranger).setLicenses(licenses))
        .to.be.revertedWithCustomError(bare, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ADMIN);
    });

    it("when they are zero, reverts", async () => {
      const { bare } = await networkHelpers.loadFixture(bareFixture);
      await expect(bare.setLicenses(ethers.ZeroAddress)).to.be.revertedWithCustomError(bare, "LicensesZero");
    });

    it("when they are set already, reverts, also for the timelock", async () => {
      const { router, admin, licenses, stranger } = await networkHelpers.loadFixture(timelockFixture);
      await expect(router.connect(admin).setLicenses(stranger))
        .to.be.revertedWithCustomError(router, "LicensesAlreadySet")
        .withArgs(await licenses.getAddress());
    });

    it("when they are not set, sets them", async () => {
      const { bare, licenses } = await networkHelpers.loadFixture(bareFixture);
      expect(await bare.licenses()).to.equal(ethers.ZeroAddress);
      await expect(bare.setLicenses(licenses))
        .to.emit(bare, "LicensesSet")
        .withArgs(await licenses.getAddress());
      expect(await bare.licenses()).to.equal(await licenses.getAddress());
    });
  });

  describe("roles", () => {
    it("when everything is deployed, the timelock alone has the admin role", async () => {
      const { router, timelock, deployer } = await networkHelpers.loadFixture(timelockFixture);
      expect(await router.DEFAULT_ADMIN_ROLE()).to.equal(ADMIN);
      expect(await router.getRoleAdmin(ADMIN)).to.equal(ADMIN);
      expect(await router.hasRole(ADMIN, timelock)).to.equal(true);
      expect(await router.hasRole(ADMIN, deployer)).to.equal(false);
    });

    it("when somebody else grants or revokes, reverts", async () => {
      const { router, stranger, timelock } = await networkHelpers.loadFixture(timelockFixture);
      await expect(router.connect(stranger).grantRole(ADMIN, stranger))
        .to.be.revertedWithCustomError(router, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ADMIN);
      await expect(router.connect(stranger).revokeRole(ADMIN, timelock))
        .to.be.revertedWithCustomError(router, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ADMIN);
    });

    it("when somebody renounces for somebody else, reverts", async () => {
      const { router, stranger, timelock } = await networkHelpers.loadFixture(timelockFixture);
      await expect(router.connect(stranger).renounceRole(ADMIN, timelock)).to.be.revertedWithCustomError(
        router,
        "AccessControlBadConfirmation",
      );
    });

    it("when the timelock hands its role on, its successor has it", async () => {
      const { router, admin, stranger } = await networkHelpers.loadFixture(timelockFixture);
      await router.connect(admin).grantRole(ADMIN, stranger);
      await router.connect(stranger).revokeRole(ADMIN, admin);
      expect(await router.hasRole(ADMIN, admin)).to.equal(false);
      await expect(router.connect(stranger).setApplicationShare(0n)).to.emit(router, "ApplicationShareSet");
    });
  });

  describe("wiring", () => {
    it("when everything is deployed, names capsules, terms, licenses and the Commons", async () => {
      const { router, capsules, terms, licenses, commons } = await networkHelpers.loadFixture(gridFixture);
      expect(await router.CAPSULES()).to.equal(await capsules.getAddress());
      expect(await router.TERMS()).to.equal(await terms.getAddress());
      expect(await router.licenses()).to.equal(await licenses.getAddress());
      expect(await router.COMMONS()).to.equal(await commons.getAddress());
    });

    it("when it is asked for interfaces, knows ERC-165 and access control only", async () => {
      const { router } = await networkHelpers.loadFixture(gridFixture);
      expect(await router.supportsInterface("0x01ffc9a7")).to.equal(true);
      expect(await router.supportsInterface("0x7965db0b")).to.equal(true);
      expect(await router.supportsInterface("0xffffffff")).to.equal(false);
    });
  });
});
