import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { fieldsOf } from "../licenses/support.ts";
import { championFixture, FRANCE, KENYA, PROGRAMME_ROLE, registryFixture } from "./support.ts";

const UINT64_MAX = 2n ** 64n - 1n;

describe("ChampionRegistry", () => {
  describe("admit", () => {
    it("when the country is not an ISO 3166-1 numeric code, reverts", async () => {
      const { registry, admission } = await networkHelpers.loadFixture(registryFixture);
      for (const country of [0n, 1_000n, 65_535n]) {
        await expect(registry.admit({ ...admission, country, operator: ethers.ZeroAddress }))
          .to.be.revertedWithCustomError(registry, "ChampionCountryInvalid")
          .withArgs(country);
      }
    });

    it("when the country has a champion, reverts", async () => {
      const { registry, admission } = await networkHelpers.loadFixture(championFixture);
      await expect(registry.admit({ ...admission, operator: ethers.ZeroAddress }))
        .to.be.revertedWithCustomError(registry, "ChampionCountryTaken")
        .withArgs(FRANCE, 1n);
    });

    it("when operator or registrar is zero, reverts", async () => {
      const { registry, admission } = await networkHelpers.loadFixture(registryFixture);
      for (const zero of [{ operator: ethers.ZeroAddress }, { registrar: ethers.ZeroAddress }]) {
        await expect(registry.admit({ ...admission, ...zero })).to.be.revertedWithCustomError(
          registry,
          "ChampionAccountZero",
        );
      }
    });

    it("when operator and registrar are the same, reverts", async () => {
      const { registry, admission, operator } = await networkHelpers.loadFixture(registryFixture);
      await expect(registry.admit({ ...admission, registrar: operator }))
        .to.be.revertedWithCustomError(registry, "ChampionRegistrarIsOperator")
        .withArgs(operator.address);
    });

    it("when the programme does not exist, reverts", async () => {
      const { registry, commons, admission } = await networkHelpers.loadFixture(registryFixture);
      for (const programmeId of [0n, 3n]) {
        await expect(registry.admit({ ...admission, programmeId }))
          .to.be.revertedWithCustomError(commons, "ProgrammeNonexistent")
          .withArgs(programmeId);
      }
      expect(await registry.COMMONS()).to.equal(await commons.getAddress());
    });

    it("when the admission is valid, stores the champion, its programme and its sectors", async () => {
      const { registry, admission, operator, registrar } = await networkHelpers.loadFixture(registryFixture);
      expect(await registry.lastChampionId()).to.equal(0n);
      expect(await registry.admit.staticCall(admission)).to.equal(1n);
      await expect(registry.admit(admission))
        .to.emit(registry, "ChampionAdmitted")
        .withArgs(1n, FRANCE, operator.address, registrar.address, 68_000_000n)
        .and.to.emit(registry, "ChampionProgrammeSet")
        .withArgs(1n, 1n)
        .and.to.emit(registry, "ChampionSectorSet")
        .withArgs(1n, 7n, true)
        .and.to.emit(registry, "ChampionSectorSet")
        .withArgs(1n, 65_535n, true);
      expect(fieldsOf(await registry.championOf(1n))).to.deep.equal({
        country: FRANCE,
        population: 68_000_000n,
        restricted: false,
        retired: false,
        operator: operator.address,
        registrar: registrar.address,
        programmeId: 1n,
        pendingOperator: ethers.ZeroAddress,
      });
      expect(await registry.championByCountry(FRANCE)).to.equal(1n);
      expect(await registry.lastChampionId()).to.equal(1n);
    });

    it("when the country is the first or the last code, admits its champion", async () => {
      const { registry, admission } = await networkHelpers.loadFixture(registryFixture);
      await registry.admit({ ...admission, country: 1n, sectors: [] });
      await registry.admit({ ...admission, country: 999n, population: UINT64_MAX });
      expect(await registry.championByCountry(1n)).to.equal(1n);
      expect(await registry.championByCountry(999n)).to.equal(2n);
      expect((await registry.championOf(2n)).population).to.equal(UINT64_MAX);
    });
  });

  describe("proposeOperator and acceptOperator", () => {
    it("when the champion does not exist, revert", async () => {
      const { registry, successor } = await networkHelpers.loadFixture(championFixture);
      for (const call of [() => registry.proposeOperator(2n, successor), () => registry.acceptOperator(2n)]) {
        await expect(call()).to.be.revertedWithCustomError(registry, "ChampionNonexistent").withArgs(2n);
      }
    });

    it("when the caller is not the operator, even governance, reverts", async () => {
      const { registry, governance, registrar, successor } =
        await networkHelpers.loadFixture(championFixture);
      for (const caller of [governance, registrar, successor]) {
        await expect(registry.connect(caller).proposeOperator(1n, successor))
          .to.be.revertedWithCustomError(registry, "CallerNotChampionOperator")
          .withArgs(1n, caller.address);
      }
    });

    it("when the caller is not pending, accepting reverts", async () => {
      const { registry, operator, successor, stranger } = await networkHelpers.loadFixture(championFixture);
      const expectRefused = async (caller: typeof operator) =>
        await expect(registry.connect(caller).acceptOperator(1n))
          .to.be.revertedWithCustomError(registry, "CallerNotPendingOperator")
          .withArgs(1n, caller.address);
      await expectRefused(successor);
      await registry.connect(operator).proposeOperator(1n, successor);
      await expectRefused(stranger);
      await expectRefused(operator);
    });

    it("when the registrar accepts, reverts until it is no longer the registrar", async () => {
      const { registry, operator, registrar, stranger } = await networkHelpers.loadFixture(championFixture);
      await registry.connect(operator).proposeOperator(1n, registrar);
      await expect(registry.connect(registrar).acceptOperator(1n))
        .to.be.revertedWithCustomError(registry, "ChampionRegistrarIsOperator")
        .withArgs(registrar.address);
      await registry.setRegistrar(1n, stranger);
      await registry.connect(registrar).acceptOperator(1n);
      expect((await registry.championOf(1n)).operator).to.equal(registrar.address);
    });

    it("when the pending operator accepts, it is the only operator", async () => {
      const { registry, operator, successor } = await networkHelpers.loadFixture(championFixture);
      await expect(registry.connect(operator).proposeOperator(1n, successor))
        .to.emit(registry, "ChampionOperatorProposed")
        .withArgs(1n, successor.address);
      const proposed = await registry.championOf(1n);
      expect(proposed.operator).to.equal(operator.address);
      expect(proposed.pendingOperator).to.equal(successor.address);
      await expect(registry.connect(successor).acceptOperator(1n))
        .to.emit(registry, "ChampionOperatorSet")
        .withArgs(1n, successor.address);
      const accepted = await registry.championOf(1n);
      expect(accepted.operator).to.equal(successor.address);
      expect(accepted.pendingOperator).to.equal(ethers.ZeroAddress);
      await expect(registry.connect(successor).acceptOperator(1n))
        .to.be.revertedWithCustomError(registry, "CallerNotPendingOperator")
        .withArgs(1n, successor.address);
      await expect(registry.connect(operator).proposeOperator(1n, operator))
        .to.be.revertedWithCustomError(registry, "CallerNotChampionOperator")
        .withArgs(1n, operator.address);
    });

    it("when the operator proposes another, or zero, the first can no longer accept", async () => {
      const { registry, operator, successor, stranger } = await networkHelpers.loadFixture(championFixture);
      for (const next of [stranger.address, ethers.ZeroAddress]) {
        await registry.connect(operator).proposeOperator(1n, successor);
        await registry.connect(operator).proposeOperator(1n, next);
        await expect(registry.connect(successor).acceptOperator(1n))
          .to.be.revertedWithCustomError(registry, "CallerNotPendingOperator")
          .withArgs(1n, successor.address);
      }
    });
  });

  describe("replaceOperator", () => {
    it("when the champion does not exist, reverts", async () => {
      const { registry, successor } = await networkHelpers.loadFixture(championFixture);
      await expect(registry.replaceOperator(2n, successor))
        .to.be.revertedWithCustomError(registry, "ChampionNonexistent")
        .withArgs(2n);
    });

    it("when the new operator is zero or the registrar, reverts", async () => {
      const { registry, registrar } = await networkHelpers.loadFixture(championFixture);
      await expect(registry.replaceOperator(1n, ethers.ZeroAddress)).to.be.revertedWithCustomError(
        registry,
        "ChampionAccountZero",
      );
      await expect(registry.replaceOperator(1n, registrar))
        .to.be.revertedWithCustomError(registry, "ChampionRegistrarIsOperator")
        .withArgs(registrar.address);
    });

    it("when governance replaces a recalled operator, the pending operator can no longer accept", async () => {
      const { registry, operator, successor, stranger } = await networkHelpers.loadFixture(championFixture);
      await registry.connect(operator).proposeOperator(1n, stranger);
      await expect(registry.replaceOperator(1n, successor))
        .to.emit(registry, "ChampionOperatorSet")
        .withArgs(1n, successor.address);
      await expect(registry.connect(stranger).acceptOperator(1n))
        .to.be.revertedWithCustomError(registry, "CallerNotPendingOperator")
        .withArgs(1n, stranger.address);
      await expect(registry.connect(operator).proposeOperator(1n, stranger))
        .to.be.revertedWithCustomError(registry, "CallerNotChampionOperator")
        .withArgs(1n, operator.address);
      const champion = await registry.championOf(1n);
      expect(champion.operator).to.equal(successor.address);
      expect(champion.pendingOperator).to.equal(ethers.ZeroAddress);
    });
  });

  describe("setRegistrar", () => {
    it("when the champion does not exist, reverts", async () => {
      const { registry, stranger } = await networkHelpers.loadFixture(championFixture);
      await expect(registry.setRegistrar(2n, stranger))
        .to.be.revertedWithCustomError(registry, "ChampionNonexistent")
        .withArgs(2n);
    });

    it("when the new registrar is zero or the operator, reverts", async () => {
      const { registry, operator } = await networkHelpers.loadFixture(championFixture);
      await expect(registry.setRegistrar(1n, ethers.ZeroAddress)).to.be.revertedWithCustomError(
        registry,
        "ChampionAccountZero",
      );
      await expect(registry.setRegistrar(1n, operator))
        .to.be.revertedWithCustomError(registry, "ChampionRegistrarIsOperator")
        .withArgs(operator.address);
    });

    it("when the pending operator becomes registrar, it can no longer accept", async () => {
      const { registry, operator, successor } = await networkHelpers.loadFixture(championFixture);
      await registry.connect(operator).proposeOperator(1n, successor);
      await expect(registry.setRegistrar(1n, successor))
        .to.emit(registry, "ChampionRegistrarSet")
        .withArgs(1n, successor.address);
      await expect(registry.connect(successor).acceptOperator(1n))
        .to.be.revertedWithCustomError(registry, "ChampionRegistrarIsOperator")
        .withArgs(successor.address);
      expect((await registry.championOf(1n)).registrar).to.equal(successor.address);
    });
  });

  describe("setSector", () => {
    it("when governance sets sectors, the champion is rewarded in them", async () => {
      const { registry } = await networkHelpers.loadFixture(championFixture);
      const rewarded = async (sector: bigint) => [
        await registry.isInSector(1n, sector),
        await registry.isRewarded(1n, sector),
      ];
      expect(await rewarded(7n)).to.deep.equal([true, true]);
      expect(await rewarded(65_535n)).to.deep.equal([true, true]);
      expect(await rewarded(0n)).to.deep.equal([false, false]);
      await expect(registry.setSector(1n, 0n, true))
        .to.emit(registry, "ChampionSectorSet")
        .withArgs(1n, 0n, true);
      await expect(registry.setSector(1n, 7n, false))
        .to.emit(registry, "ChampionSectorSet")
        .withArgs(1n, 7n, false);
      expect(await rewarded(0n)).to.deep.equal([true, true]);
      expect(await rewarded(7n)).to.deep.equal([false, false]);
      expect(await rewarded(65_535n)).to.deep.equal([true, true]);
    });

    it("when the sector is already set so, changes nothing", async () => {
      const { registry } = await networkHelpers.loadFixture(championFixture);
      await registry.setSector(1n, 7n, true);
      await registry.setSector(1n, 8n, false);
      expect(await registry.isInSector(1n, 7n)).to.equal(true);
      expect(await registry.isInSector(1n, 8n)).to.equal(false);
    });
  });

  describe("setPopulation", () => {
    it("when governance sets it, nothing else of the champion changes", async () => {
      const { registry } = await networkHelpers.loadFixture(championFixture);
      const before = fieldsOf(await registry.championOf(1n));
      for (const population of [0n, UINT64_MAX]) {
        await expect(registry.setPopulation(1n, population))
          .to.emit(registry, "ChampionPopulationSet")
          .withArgs(1n, population);
        expect(fieldsOf(await registry.championOf(1n))).to.deep.equal({ ...before, population });
      }
    });
  });

  describe("restrict and liftRestriction", () => {
    it("when a champion is restricted, it loses only rewards, until this is lifted", async () => {
      const { registry, operator, successor } = await networkHelpers.loadFixture(championFixture);
      const before = fieldsOf(await registry.championOf(1n));
      await expect(registry.restrict(1n)).to.emit(registry, "ChampionRestrictionSet").withArgs(1n, true);
      expect(await registry.isRewarded(1n, 7n)).to.equal(false);
      expect(await registry.isInSector(1n, 7n)).to.equal(true);
      expect(fieldsOf(await registry.championOf(1n))).to.deep.equal({ ...before, restricted: true });
      expect(await registry.championByCountry(FRANCE)).to.equal(1n);
      await registry.connect(operator).proposeOperator(1n, successor);
      await registry.connect(successor).acceptOperator(1n);
      await expect(registry.liftRestriction(1n))
        .to.emit(registry, "ChampionRestrictionSet")
        .withArgs(1n, false);
      expect(await registry.isRewarded(1n, 7n)).to.equal(true);
    });
  });

  describe("setProgramme", () => {
    it("when the caller has no programme role, even governance, reverts", async () => {
      const { registry, governance, operator } = await networkHelpers.loadFixture(championFixture);
      for (const caller of [governance, operator]) {
        await expect(registry.connect(caller).setProgramme(2n, 5n))
          .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, PROGRAMME_ROLE);
      }
      expect(await registry.PROGRAMME_ROLE()).to.equal(PROGRAMME_ROLE);
    });

    it("when the champion does not exist, reverts", async () => {
      const { registry, citizens } = await networkHelpers.loadFixture(championFixture);
      await expect(registry.connect(citizens).setProgramme(2n, 5n))
        .to.be.revertedWithCustomError(registry, "ChampionNonexistent")
        .withArgs(2n);
    });

    it("when the programme does not exist, reverts", async () => {
      const { registry, commons, citizens } = await networkHelpers.loadFixture(championFixture);
      for (const programmeId of [0n, 3n]) {
        await expect(registry.connect(citizens).setProgramme(1n, programmeId))
          .to.be.revertedWithCustomError(commons, "ProgrammeNonexistent")
          .withArgs(programmeId);
      }
    });

    it("when the role's holder calls, sets only the programme", async () => {
      const { registry, citizens } = await networkHelpers.loadFixture(championFixture);
      const before = fieldsOf(await registry.championOf(1n));
      for (const programmeId of [2n, 1n]) {
        await expect(registry.connect(citizens).setProgramme(1n, programmeId))
          .to.emit(registry, "ChampionProgrammeSet")
          .withArgs(1n, programmeId);
        expect(fieldsOf(await registry.championOf(1n))).to.deep.equal({ ...before, programmeId });
      }
    });
  });

  describe("retire", () => {
    it("when a champion is retired, it loses rewards, and its data stays", async () => {
      const { registry } = await networkHelpers.loadFixture(championFixture);
      const before = fieldsOf(await registry.championOf(1n));
      await expect(registry.retire(1n)).to.emit(registry, "ChampionRetired").withArgs(1n, FRANCE);
      expect(await registry.isRewarded(1n, 7n)).to.equal(false);
      expect(await registry.isInSector(1n, 7n)).to.equal(true);
      expect(fieldsOf(await registry.championOf(1n))).to.deep.equal({ ...before, retired: true });
    });

    it("when a champion is retired, changing its rewards reverts", async () => {
      const { registry } = await networkHelpers.loadFixture(championFixture);
      await registry.retire(1n);
      const calls = [
        () => registry.retire(1n),
        () => registry.setSector(1n, 8n, true),
        () => registry.setPopulation(1n, 1n),
        () => registry.restrict(1n),
        () => registry.liftRestriction(1n),
      ];
      for (const call of calls) {
        await expect(call()).to.be.revertedWithCustomError(registry, "ChampionAlreadyRetired").withArgs(1n);
      }
    });

    it("when a champion is retired, operator, registrar and programme can still change", async () => {
      const { registry, operator, successor, citizens, stranger } =
        await networkHelpers.loadFixture(championFixture);
      await registry.retire(1n);
      await registry.connect(operator).proposeOperator(1n, successor);
      await registry.connect(successor).acceptOperator(1n);
      await registry.setRegistrar(1n, operator);
      await registry.replaceOperator(1n, stranger);
      await registry.connect(citizens).setProgramme(1n, 2n);
      const champion = await registry.championOf(1n);
      expect(champion.operator).to.equal(stranger.address);
      expect(champion.registrar).to.equal(operator.address);
      expect(champion.programmeId).to.equal(2n);
    });

    it("when a champion is retired, its country can have another, under a new id", async () => {
      const { registry, admission, stranger } = await networkHelpers.loadFixture(championFixture);
      await registry.retire(1n);
      expect(await registry.championByCountry(FRANCE)).to.equal(0n);
      await registry.admit({ ...admission, operator: stranger, sectors: [8n] });
      expect(await registry.championByCountry(FRANCE)).to.equal(2n);
      expect(await registry.isRewarded(2n, 8n)).to.equal(true);
      expect(await registry.isInSector(2n, 7n)).to.equal(false);
      expect(await registry.isRewarded(1n, 7n)).to.equal(false);
      await expect(registry.admit({ ...admission }))
        .to.be.revertedWithCustomError(registry, "ChampionCountryTaken")
        .withArgs(FRANCE, 2n);
    });

    it("when the champion does not exist, this and other changes of rewards revert", async () => {
      const { registry } = await networkHelpers.loadFixture(championFixture);
      const calls = [
        () => registry.retire(2n),
        () => registry.setSector(2n, 8n, true),
        () => registry.setPopulation(0n, 1n),
        () => registry.restrict(2n),
        () => registry.liftRestriction(2n),
      ];
      for (const [i, call] of calls.entries()) {
        await expect(call())
          .to.be.revertedWithCustomError(registry, "ChampionNonexistent")
          .withArgs(i === 2 ? 0n : 2n);
      }
    });
  });

  describe("championOf, isRewarded and championByCountry", () => {
    it("when the champion does not exist, championOf reverts and the others return false or 0", async () => {
      const { registry } = await networkHelpers.loadFixture(championFixture);
      for (const id of [0n, 2n]) {
        await expect(registry.championOf(id))
          .to.be.revertedWithCustomError(registry, "ChampionNonexistent")
          .withArgs(id);
        expect(await registry.isRewarded(id, 7n)).to.equal(false);
      }
      expect(await registry.championByCountry(KENYA)).to.equal(0n);
      expect(await registry.championByCountry(65_535n)).to.equal(0n);
    });
  });

  describe("roles", () => {
    it("when the caller of a governance function has no admin role, reverts", async () => {
      const { registry, admission, operator, successor } = await networkHelpers.loadFixture(championFixture);
      const asOperator = registry.connect(operator);
      const calls = [
        () => asOperator.admit({ ...admission, country: KENYA }),
        () => asOperator.replaceOperator(1n, successor),
        () => asOperator.setRegistrar(1n, successor),
        () => asOperator.setSector(1n, 8n, true),
        () => asOperator.setPopulation(1n, 1n),
        () => asOperator.restrict(1n),
        () => asOperator.liftRestriction(1n),
        () => asOperator.retire(1n),
        () => asOperator.grantRole(ethers.ZeroHash, operator),
        () => asOperator.grantRole(PROGRAMME_ROLE, operator),
      ];
      for (const call of calls) {
        await expect(call())
          .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
          .withArgs(operator.address, ethers.ZeroHash);
      }
    });

    it("when an assembly gets the programme role, it can set programmes and nothing else", async () => {
      const { registry, citizens, stranger } = await networkHelpers.loadFixture(championFixture);
      await registry.grantRole(PROGRAMME_ROLE, stranger);
      await registry.revokeRole(PROGRAMME_ROLE, citizens);
      await registry.connect(stranger).setProgramme(1n, 2n);
      await expect(registry.connect(citizens).setProgramme(1n, 1n))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(citizens.address, PROGRAMME_ROLE);
      await expect(registry.connect(stranger).grantRole(PROGRAMME_ROLE, citizens))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ethers.ZeroHash);
    });

    it("when somebody renounces for somebody else, reverts", async () => {
      const { registry, citizens, stranger } = await networkHelpers.loadFixture(championFixture);
      await expect(
        registry.connect(stranger).renounceRole(PROGRAMME_ROLE, citizens),
      ).to.be.revertedWithCustomError(registry, "AccessControlBadConfirmation");
      expect(await registry.hasRole(PROGRAMME_ROLE, citizens)).to.equal(true);
    });

    it("when governance hands its role on, its successor has it", async () => {
      const { registry, governance, successor } = await networkHelpers.loadFixture(registryFixture);
      const admin = await registry.DEFAULT_ADMIN_ROLE();
      expect(await registry.getRoleAdmin(PROGRAMME_ROLE)).to.equal(admin);
      await registry.grantRole(admin, successor);
      await registry.connect(successor).revokeRole(admin, governance);
      expect(await registry.hasRole(admin, governance)).to.equal(false);
      expect(await registry.hasRole(admin, successor)).to.equal(true);
    });

    it("when it is asked for interfaces, knows ERC-165 and access control only", async () => {
      const { registry } = await networkHelpers.loadFixture(registryFixture);
      for (const id of ["0x01ffc9a7", "0x7965db0b"]) {
        expect(await registry.supportsInterface(id), id).to.equal(true);
      }
      expect(await registry.supportsInterface("0xffffffff")).to.equal(false);
    });
  });
});
