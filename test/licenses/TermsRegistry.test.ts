import { expect } from "chai";
import { CONDITIONS, DAY, ethers, gridFixture, impersonate, networkHelpers, terms } from "../grid.ts";
import { termsFixture, termsIdOf } from "./support.ts";

const LedgerStatus = { Unknown: 0n, Admitted: 1n, Retired: 2n } as const;

describe("TermsRegistry", () => {
  describe("register", () => {
    it("when the duration is zero, reverts", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.register(terms({ duration: 0n, maxUnits: 0n }))).to.be.revertedWithCustomError(
        registry,
        "TermsDurationZero",
      );
    });

    it("when no units are permitted, reverts", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.register(terms({ maxUnits: 0n, contexts: 0n }))).to.be.revertedWithCustomError(
        registry,
        "TermsMaxUnitsZero",
      );
    });

    it("when no context is permitted, reverts", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.register(terms({ contexts: 0n }))).to.be.revertedWithCustomError(
        registry,
        "TermsContextsEmpty",
      );
    });

    it("when there is a share without permission of derivatives, reverts", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.register(terms({ derivativeShareBps: 5_001n })))
        .to.be.revertedWithCustomError(registry, "TermsDerivativesNotPermitted")
        .withArgs(5_001n);
    });

    it("when derivatives owe more than half, reverts", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.register(terms({ derivatives: true, derivativeShareBps: 5_001n })))
        .to.be.revertedWithCustomError(registry, "TermsDerivativeShareTooHigh")
        .withArgs(5_001n, 5_000n);
    });

    it("when terms are new, stores them under their hash", async () => {
      const { terms: registry, stranger } = await networkHelpers.loadFixture(gridFixture);
      const id = termsIdOf(terms());
      expect(await registry.register.staticCall(terms())).to.equal(id);
      await expect(registry.connect(stranger).register(terms()))
        .to.emit(registry, "TermsRegistered")
        .withArgs(id, [Object.values(CONDITIONS), terms().policyHash]);
      expect(await registry.conditionsOf(id)).to.deep.equal(Object.values(CONDITIONS));
    });

    it("when the same terms come again, returns their id and stores nothing", async () => {
      const { terms: registry, termsId } = await networkHelpers.loadFixture(termsFixture);
      expect(await registry.register.staticCall(terms())).to.equal(termsId);
      await expect(registry.register(terms())).not.to.emit(registry, "TermsRegistered");
    });

    it("when one field differs, even the policy, the terms are others", async () => {
      const { terms: registry, termsId } = await networkHelpers.loadFixture(termsFixture);
      const others = [
        terms({ duration: 1n }),
        terms({ revocationNotice: 2n ** 40n - 1n }),
        terms({ maxUnits: 2n ** 48n - 1n }),
        terms({ contexts: 2n ** 32n - 1n }),
        terms({ transferable: false }),
        terms({ derivatives: true }),
        terms({ derivatives: true, derivativeShareBps: 5_000n }),
        { ...terms(), policyHash: ethers.ZeroHash },
      ];
      for (const other of others) {
        const id = termsIdOf(other);
        expect(id).not.to.equal(termsId);
        await expect(registry.register(other))
          .to.emit(registry, "TermsRegistered")
          .withArgs(id, [Object.values(other.conditions), other.policyHash]);
        expect(await registry.conditionsOf(id)).to.deep.equal(Object.values(other.conditions));
      }
    });
  });

  describe("admitLedger and retireLedger", () => {
    it("when somebody without the admin role calls, even the deployer, revert", async () => {
      const { terms: registry, deployer, params } = await networkHelpers.loadFixture(termsFixture);
      for (const call of [registry.admitLedger, registry.retireLedger]) {
        await expect(call(params.ledger))
          .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
          .withArgs(deployer.address, ethers.ZeroHash);
      }
    });

    it("when the ledger is no contract, cannot be admitted", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, stranger } = fixture;
      const asTimelock = registry.connect(await impersonate(fixture.timelock));
      await expect(asTimelock.admitLedger(stranger))
        .to.be.revertedWithCustomError(registry, "LedgerNotContract")
        .withArgs(stranger.address);
    });

    it("when the ledger is not in the state before, revert: there is no way back", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, router: ledger } = fixture;
      const asTimelock = registry.connect(await impersonate(fixture.timelock));
      const expectRefused = async (name: "admitLedger" | "retireLedger", status: bigint) =>
        await expect(asTimelock[name](ledger))
          .to.be.revertedWithCustomError(registry, "LedgerStatusInvalid")
          .withArgs(await ledger.getAddress(), status);
      await expectRefused("retireLedger", LedgerStatus.Unknown);
      await asTimelock.admitLedger(ledger);
      await expectRefused("admitLedger", LedgerStatus.Admitted);
      await asTimelock.retireLedger(ledger);
      await expectRefused("admitLedger", LedgerStatus.Retired);
      await expectRefused("retireLedger", LedgerStatus.Retired);
    });

    it("when the admin calls, move the ledger from unknown to admitted to retired", async () => {
      const fixture = await networkHelpers.loadFixture(termsFixture);
      const { terms: registry, router: ledger } = fixture;
      const asTimelock = registry.connect(await impersonate(fixture.timelock));
      expect(await registry.ledgerStatus(ledger)).to.equal(LedgerStatus.Unknown);
      await expect(asTimelock.admitLedger(ledger))
        .to.emit(registry, "LedgerAdmitted")
        .withArgs(await ledger.getAddress());
      expect(await registry.ledgerStatus(ledger)).to.equal(LedgerStatus.Admitted);
      await expect(asTimelock.retireLedger(ledger))
        .to.emit(registry, "LedgerRetired")
        .withArgs(await ledger.getAddress());
      expect(await registry.ledgerStatus(ledger)).to.equal(LedgerStatus.Retired);
    });

    it("when the timelock executes a proposal after its delay, the ledger is admitted", async () => {
      const grid = await networkHelpers.loadFixture(gridFixture);
      const { terms: registry, router, timelock, governor, stranger } = grid;
      const ledger = await router.getAddress();
      const data = registry.interface.encodeFunctionData("admitLedger", [ledger]);
      const operation = [registry, 0n, data, ethers.ZeroHash, ethers.ZeroHash] as const;
      await timelock.connect(await impersonate(governor)).schedule(...operation, 2n * DAY);
      await networkHelpers.time.increase(2n * DAY);
      await expect(timelock.connect(stranger).execute(...operation))
        .to.emit(registry, "LedgerAdmitted")
        .withArgs(ledger);
    });
  });

  describe("roles", () => {
    it("when deployed, the timelock alone is admin", async () => {
      const { terms: registry, timelock, capsules } = await networkHelpers.loadFixture(gridFixture);
      const granted = await registry.queryFilter(registry.filters.RoleGranted());
      const accounts = new Set(granted.map(({ args }) => args.account));
      const admins: string[] = [];
      for (const account of accounts) {
        if (await registry.hasRole(await registry.DEFAULT_ADMIN_ROLE(), account)) admins.push(account);
      }
      expect(accounts).to.have.lengthOf(2);
      expect(admins).to.deep.equal([await timelock.getAddress()]);
      expect(await registry.CAPSULES()).to.equal(await capsules.getAddress());
    });

    it("when somebody without the admin role grants or revokes, reverts", async () => {
      const { terms: registry, deployer, timelock } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.grantRole(ethers.ZeroHash, deployer))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(deployer.address, ethers.ZeroHash);
      await expect(registry.revokeRole(ethers.ZeroHash, timelock))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(deployer.address, ethers.ZeroHash);
    });

    it("when somebody renounces in another's name, reverts", async () => {
      const { terms: registry, timelock } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.renounceRole(ethers.ZeroHash, timelock)).to.be.revertedWithCustomError(
        registry,
        "AccessControlBadConfirmation",
      );
    });

    it("when the timelock hands on its role and renounces, the new admin alone governs", async () => {
      const fixture = await networkHelpers.loadFixture(gridFixture);
      const { terms: registry, router, timelock, payee } = fixture;
      const signer = await impersonate(fixture.timelock);
      expect(await registry.getRoleAdmin(ethers.ZeroHash)).to.equal(ethers.ZeroHash);
      await registry.connect(signer).grantRole(ethers.ZeroHash, payee);
      await registry.connect(signer).renounceRole(ethers.ZeroHash, signer);
      expect(await registry.hasRole(ethers.ZeroHash, timelock)).to.equal(false);
      await expect(registry.connect(payee).admitLedger(router)).to.emit(registry, "LedgerAdmitted");
    });
  });

  describe("supportsInterface", () => {
    it("when asked for interfaces, supports its own only", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(gridFixture);
      for (const [id, supported] of [
        ["0x01ffc9a7", true], // ERC-165
        ["0x7965db0b", true], // OpenZeppelin's IAccessControl
        ["0x80ac58cd", false],
        ["0xffffffff", false],
      ] as const) {
        expect(await registry.supportsInterface(id), id).to.equal(supported);
      }
    });
  });

  describe("conditionsOf", () => {
    it("when there are no such terms, reverts", async () => {
      const { terms: registry } = await networkHelpers.loadFixture(gridFixture);
      await expect(registry.conditionsOf(termsIdOf(terms())))
        .to.be.revertedWithCustomError(registry, "TermsNonexistent")
        .withArgs(termsIdOf(terms()));
    });
  });
});
