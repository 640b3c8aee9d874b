import { expect } from "chai";
import {
  capsuleShare,
  DAY,
  ethers,
  gridFixture,
  impersonate,
  networkHelpers,
  Role,
  registration,
  share,
} from "../grid.ts";
import { addDerivative, addLicense, addParent, derivativeFixture, parentsFixture } from "./support.ts";

const MAX_UNITS = (2n ** 64n - 1n) / 10_000n;

const owners = (role: bigint, units: bigint) => share(role, units, ethers.ZeroAddress);
const tuples = (rows: ReturnType<typeof share>[]) =>
  rows.map(({ role, units, account, capsuleId }) => [role, units, account, capsuleId]);

/** All rows of `derivativeFixture`'s derivative without own rows. */
const ROWS = [
  capsuleShare(Role.Data, 2_000n, 1n),
  capsuleShare(Role.Data, 500n, 2n),
  capsuleShare(Role.Model, 2_000n, 1n),
  capsuleShare(Role.Model, 500n, 2n),
  owners(Role.Data, 7_500n),
  owners(Role.Model, 7_500n),
  owners(Role.Compute, 1n),
];

/** Licenses of the buyer for so many capsules. */
async function parentsOf(count: number, shareBps: bigint) {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const licenseIds: bigint[] = [];
  for (let i = 0; i < count; i += 1) licenseIds.push((await addParent(grid, shareBps)).licenseId);
  return { ...grid, licenseIds };
}

const seventeenParents = () => parentsOf(17, 0n);
const sixteenParents = () => parentsOf(16, 624n);
const twoHalves = () => parentsOf(2, 5_000n);

describe("CapsuleRegistry derivatives", () => {
  describe("registerDerivative", () => {
    it("when the caller is not the owner, even the licenses' operator, reverts", async () => {
      const { capsules, licenses, buyer, stranger } = await networkHelpers.loadFixture(parentsFixture);
      await licenses.connect(buyer).setApprovalForAll(stranger, true);
      await expect(capsules.connect(stranger).registerDerivative(buyer, registration(), [1n]))
        .to.be.revertedWithCustomError(capsules, "DerivativeCallerNotOwner")
        .withArgs(buyer.address, stranger.address);
    });

    it("when there is no license, or more than 16, reverts", async () => {
      const { capsules, buyer, licenseIds } = await networkHelpers.loadFixture(seventeenParents);
      for (const ids of [[], licenseIds]) {
        await expect(capsules.connect(buyer).registerDerivative(buyer, registration(), ids))
          .to.be.revertedWithCustomError(capsules, "ParentsCountInvalid")
          .withArgs(ids.length, 16n);
      }
    });

    it("when a license does not exist, reverts", async () => {
      const { capsules, licenses, buyer } = await networkHelpers.loadFixture(parentsFixture);
      for (const id of [0n, 3n]) {
        await expect(capsules.connect(buyer).registerDerivative(buyer, registration(), [1n, id]))
          .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
          .withArgs(id);
      }
    });

    it("when the owner holds it no longer, reverts", async () => {
      const { capsules, licenses, buyer, stranger } = await networkHelpers.loadFixture(parentsFixture);
      await licenses.connect(buyer).transferFrom(buyer, stranger, 2n);
      await expect(capsules.connect(buyer).registerDerivative(buyer, registration(), [1n, 2n]))
        .to.be.revertedWithCustomError(capsules, "ParentLicenseNotHeld")
        .withArgs(2n, buyer.address);
    });

    it("when two licenses are for the same capsule, or one is there twice, reverts", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      const { capsules, buyer, first } = grid;
      const again = await addLicense(grid, first.offerId, buyer);
      for (const ids of [
        [1n, 2n, again],
        [1n, 1n],
      ]) {
        await expect(capsules.connect(buyer).registerDerivative(buyer, registration(), ids))
          .to.be.revertedWithCustomError(capsules, "ParentDuplicate")
          .withArgs(1n);
      }
    });

    it("when parents would earn everything, reverts", async () => {
      const { capsules, buyer, licenseIds } = await networkHelpers.loadFixture(twoHalves);
      await expect(capsules.connect(buyer).registerDerivative(buyer, registration(), licenseIds))
        .to.be.revertedWithCustomError(capsules, "ParentsShareTooHigh")
        .withArgs(10_000n, 10_000n);
    });

    it("when the capsule itself is invalid, reverts as for any capsule", async () => {
      const { capsules, buyer } = await networkHelpers.loadFixture(parentsFixture);
      const invalid = { ...registration(), contentHash: ethers.ZeroHash };
      await expect(
        capsules.connect(buyer).registerDerivative(buyer, invalid, [1n]),
      ).to.be.revertedWithCustomError(capsules, "ContentHashZero");
      const rows = [capsuleShare(Role.Data, 1n, 3n)];
      await expect(capsules.connect(buyer).registerDerivative(buyer, registration(rows), [1n]))
        .to.be.revertedWithCustomError(capsules, "ShareBeneficiarySelf")
        .withArgs(0n);
    });

    it("when own units are too many to scale, reverts and names the role", async () => {
      const { capsules, buyer, payee } = await networkHelpers.loadFixture(parentsFixture);
      for (const role of [Role.Data, Role.Model]) {
        const rows = [share(role, MAX_UNITS, payee), share(role, 1n, payee)];
        await expect(capsules.connect(buyer).registerDerivative(buyer, registration(rows), [1n]))
          .to.be.revertedWithCustomError(capsules, "ShareUnitsTooMany")
          .withArgs(role, MAX_UNITS + 1n, MAX_UNITS);
      }
    });

    it("when own units are the most, and those of compute more, keeps every part exact", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      const rows = [
        share(Role.Model, MAX_UNITS, grid.payee),
        share(Role.Data, MAX_UNITS, grid.payee),
        share(Role.Compute, 2n ** 64n - 1n, grid.payee),
      ];
      const id = await addDerivative(grid, [1n], rows);
      expect(await grid.capsules.sharesOf(id, 1n)).to.deep.equal(
        tuples([
          capsuleShare(Role.Data, MAX_UNITS * 2_000n, 1n),
          capsuleShare(Role.Model, MAX_UNITS * 2_000n, 1n),
          share(Role.Model, MAX_UNITS * 8_000n, grid.payee),
          share(Role.Data, MAX_UNITS * 8_000n, grid.payee),
          share(Role.Compute, 2n ** 64n - 1n, grid.payee),
        ]),
      );
      const [, units] = await grid.capsules.earnersOf(id, 1n, 0n, 1n);
      const total = MAX_UNITS * 10_000n;
      expect(units).to.equal((total << 176n) | (total << 96n) | ((2n ** 64n - 1n) << 16n) | 1n);
    });

    it("when licenses permit it, registers the capsule, its parents and their rows", async () => {
      const { capsules, buyer } = await networkHelpers.loadFixture(parentsFixture);
      const registering = capsules.connect(buyer).registerDerivative(buyer, registration(), [1n, 2n]);
      await expect(registering)
        .to.emit(capsules, "CapsuleRegistered")
        .withArgs(3n, buyer.address, 0n, buyer.address, 250n, "did:example:creator");
      await expect(registering).to.emit(capsules, "DerivativeRegistered").withArgs(3n, 1n, 1n, 2_000n);
      await expect(registering).to.emit(capsules, "DerivativeRegistered").withArgs(3n, 2n, 2n, 500n);
      await expect(registering).to.emit(capsules, "SharesSet").withArgs(3n, 1n, buyer.address, tuples(ROWS));
      expect(await capsules.sharesOf(3n, 1n)).to.deep.equal(tuples(ROWS));
      expect((await capsules.capsuleOf(3n)).parents).to.equal(2n);
      expect(await capsules.creatorOf(3n)).to.deep.equal([buyer.address, "did:example:creator"]);
      expect(await capsules.versionOf(3n, 1n)).to.deep.equal([ethers.sha256("0x01"), "ipfs://capsule/1"]);
      expect(await capsules.royaltyInfo(3n, 10_000n)).to.deep.equal([buyer.address, 250n]);
    });

    it("when a license asks for no share, names the parent without a row", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      const free = await addParent(grid, 0n);
      const id = await addDerivative(grid, [free.licenseId], [share(Role.Data, 2n ** 64n - 1n, grid.payee)]);
      expect(await grid.capsules.sharesOf(id, 1n)).to.deep.equal(
        tuples([
          share(Role.Data, 2n ** 64n - 1n, grid.payee),
          owners(Role.Model, 1n),
          owners(Role.Compute, 1n),
        ]),
      );
      expect(await grid.capsules.parentsOf(id)).to.deep.equal([[free.capsuleId, free.licenseId, 0n]]);
      const both = await addDerivative(grid, [free.licenseId, 2n]);
      expect((await grid.capsules.sharesOf(both, 1n))[0]).to.deep.equal(
        tuples([capsuleShare(Role.Data, 500n, 2n)])[0],
      );
    });

    it("when own rows name a parent too, it earns both", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      const id = await addDerivative(grid, [1n], [capsuleShare(Role.Data, 1n, 1n)]);
      expect((await grid.capsules.sharesOf(id, 1n)).slice(0, 3)).to.deep.equal(
        tuples([
          capsuleShare(Role.Data, 2_000n, 1n),
          capsuleShare(Role.Model, 2_000n, 1n),
          capsuleShare(Role.Data, 8_000n, 1n),
        ]),
      );
    });

    it("when one license serves two derivatives, both owe its share", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      for (let i = 0; i < 2; i += 1) {
        const id = await addDerivative(grid, [2n]);
        expect(await grid.capsules.parentsOf(id)).to.deep.equal([[2n, 2n, 500n]]);
      }
    });

    it("when there are 16 parents and 500 own rows, all fit into one contract's code", async () => {
      const grid = await networkHelpers.loadFixture(sixteenParents);
      const { capsules, buyer, payee, licenseIds } = grid;
      const rows = Array.from({ length: 500 }, () => share(Role.Compute, 1n, payee));
      const largest = { ...registration(rows), uri: "u".repeat(2_048), did: "d".repeat(512) };
      await capsules.connect(buyer).registerDerivative(buyer, largest, licenseIds);
      const id = await capsules.lastCapsuleId();
      const stored = await capsules.sharesOf(id, 1n);
      expect(stored).to.have.lengthOf(534);
      expect(stored[0]).to.deep.equal(tuples([capsuleShare(Role.Data, 624n, 1n)])[0]);
      expect(stored.slice(-2)).to.deep.equal(tuples([owners(Role.Data, 16n), owners(Role.Model, 16n)]));
      expect(await capsules.parentsOf(id)).to.deep.equal(
        licenseIds.map((licenseId, i) => [BigInt(i + 1), licenseId, 624n]),
      );
      expect(await capsules.creatorOf(id)).to.deep.equal([buyer.address, "d".repeat(512)]);
      expect(await capsules.tokenURI(id)).to.equal("u".repeat(2_048));
    });
  });

  describe("parentsOf", () => {
    it("when the capsule does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(parentsFixture);
      await expect(capsules.parentsOf(3n))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(3n);
    });

    it("when it was not derived, is empty", async () => {
      const { capsules } = await networkHelpers.loadFixture(parentsFixture);
      expect(await capsules.parentsOf(1n)).to.deep.equal([]);
      expect((await capsules.capsuleOf(1n)).parents).to.equal(0n);
    });

    it("when it was derived, names capsule, license and share of each parent", async () => {
      const { capsules, capsuleId } = await networkHelpers.loadFixture(derivativeFixture);
      expect(await capsules.parentsOf(capsuleId)).to.deep.equal([
        [1n, 1n, 2_000n],
        [2n, 2n, 500n],
      ]);
    });
  });

  describe("setShares of a derivative", () => {
    it("when own units are too many to scale, reverts", async () => {
      const { capsules, buyer, payee, capsuleId } = await networkHelpers.loadFixture(derivativeFixture);
      await expect(capsules.connect(buyer).setShares(capsuleId, [share(Role.Data, MAX_UNITS + 1n, payee)]))
        .to.be.revertedWithCustomError(capsules, "ShareUnitsTooMany")
        .withArgs(Role.Data, MAX_UNITS + 1n, MAX_UNITS);
    });

    it("when own rows change, the parents keep their shares", async () => {
      const { capsules, buyer, payee, capsuleId } = await networkHelpers.loadFixture(derivativeFixture);
      const rows = [share(Role.Data, 2n, payee), share(Role.Data, 1n, buyer), share(Role.Compute, 9n, payee)];
      const stored = [
        capsuleShare(Role.Data, 6_000n, 1n),
        capsuleShare(Role.Data, 1_500n, 2n),
        capsuleShare(Role.Model, 2_000n, 1n),
        capsuleShare(Role.Model, 500n, 2n),
        share(Role.Data, 15_000n, payee),
        share(Role.Data, 7_500n, buyer),
        share(Role.Compute, 9n, payee),
        owners(Role.Model, 7_500n),
      ];
      await expect(capsules.connect(buyer).setShares(capsuleId, rows))
        .to.emit(capsules, "SharesSet")
        .withArgs(capsuleId, 2n, buyer.address, tuples(stored));
      expect(await capsules.sharesOf(capsuleId, 2n)).to.deep.equal(tuples(stored));
      expect(await capsules.sharesOf(capsuleId, 1n)).to.deep.equal(tuples(ROWS));
    });

    it("when capsule, license and parent change hands or end, the shares stay", async () => {
      const grid = await networkHelpers.loadFixture(derivativeFixture);
      const { capsules, licenses, ledger, terms, buyer, creator, stranger, payee, capsuleId } = grid;
      await terms.connect(creator).retireOffer(grid.first.offerId);
      await licenses.connect(creator).revoke(1n);
      await licenses.connect(buyer).transferFrom(buyer, stranger, 2n);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      await capsules.connect(buyer).transferFrom(buyer, stranger, capsuleId);
      await networkHelpers.time.increase(10n * DAY);
      await ledger.close(1n);
      await capsules.connect(stranger).setShares(capsuleId, []);
      expect(await capsules.sharesOf(capsuleId, 2n)).to.deep.equal(tuples(ROWS));
      expect(await capsules.sharesOf(capsuleId, 3n)).to.deep.equal(tuples(ROWS));
      expect(await capsules.parentsOf(capsuleId)).to.deep.equal([
        [1n, 1n, 2_000n],
        [2n, 2n, 500n],
      ]);
    });
  });

  describe("setLicenses", () => {
    async function bareFixture() {
      const grid = await networkHelpers.loadFixture(gridFixture);
      return { ...grid, bare: await ethers.deployContract("CapsuleRegistry", [grid.deployer]) };
    }

    it("when somebody else calls, reverts", async () => {
      const { bare, stranger, licenses } = await networkHelpers.loadFixture(bareFixture);
      await expect(bare.connect(stranger).setLicenses(licenses))
        .to.be.revertedWithCustomError(bare, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ethers.ZeroHash);
    });

    it("when they are zero, reverts", async () => {
      const { bare } = await networkHelpers.loadFixture(bareFixture);
      await expect(bare.setLicenses(ethers.ZeroAddress)).to.be.revertedWithCustomError(
        bare,
        "CapsuleLicensesZero",
      );
    });

    it("when they are set already, reverts, also for the timelock", async () => {
      const { capsules, timelock, licenses, stranger } = await networkHelpers.loadFixture(gridFixture);
      await expect(capsules.connect(await impersonate(timelock)).setLicenses(stranger))
        .to.be.revertedWithCustomError(capsules, "CapsuleLicensesAlreadySet")
        .withArgs(await licenses.getAddress());
    });

    it("when they are not set, sets them", async () => {
      const { bare, licenses } = await networkHelpers.loadFixture(bareFixture);
      expect(await bare.licenses()).to.equal(ethers.ZeroAddress);
      await expect(bare.setLicenses(licenses))
        .to.emit(bare, "CapsuleLicensesSet")
        .withArgs(await licenses.getAddress());
      expect(await bare.licenses()).to.equal(await licenses.getAddress());
    });
  });

  describe("roles", () => {
    it("when deployed, the timelock alone is admin", async () => {
      const { capsules, timelock, deployer } = await networkHelpers.loadFixture(gridFixture);
      const admin = await capsules.DEFAULT_ADMIN_ROLE();
      expect(await capsules.getRoleAdmin(admin)).to.equal(admin);
      expect(await capsules.hasRole(admin, timelock)).to.equal(true);
      expect(await capsules.hasRole(admin, deployer)).to.equal(false);
    });

    it("when somebody else grants or revokes, or renounces in another's name, reverts", async () => {
      const { capsules, stranger, timelock } = await networkHelpers.loadFixture(gridFixture);
      const asStranger = capsules.connect(stranger);
      await expect(asStranger.grantRole(ethers.ZeroHash, stranger))
        .to.be.revertedWithCustomError(capsules, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ethers.ZeroHash);
      await expect(asStranger.revokeRole(ethers.ZeroHash, timelock))
        .to.be.revertedWithCustomError(capsules, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ethers.ZeroHash);
      await expect(asStranger.renounceRole(ethers.ZeroHash, timelock)).to.be.revertedWithCustomError(
        capsules,
        "AccessControlBadConfirmation",
      );
    });
  });
});
