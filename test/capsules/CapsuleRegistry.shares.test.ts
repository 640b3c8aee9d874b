import { expect } from "chai";
import { capsuleShare, ethers, gridFixture, networkHelpers, Role, registration, share } from "../grid.ts";

type Row = ReturnType<typeof share>;

const MAX_ROWS = 500;
const MAX_UNITS = 2n ** 64n - 1n;

/** The owner's row, added to a role without rows. */
const ownersRow = (role: bigint, units = 1n) => share(role, units, ethers.ZeroAddress);

/** Capsule 1 has a data and a model row for accounts. Its compute row is the owner's. */
async function sharesFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const rows = [share(Role.Data, 3n, grid.dataOwner), share(Role.Model, 5n, grid.modelOwner)];
  await grid.capsules.register(grid.creator, registration(rows));
  return { ...grid, rows };
}

/** Rows as returned and emitted by the contract. */
function tuples(rows: Row[]) {
  return rows.map(({ role, units, account, capsuleId }) => [role, units, account, capsuleId]);
}

/** The packed word of an `Earner`. */
function earner({ role, units, account, capsuleId }: Row, owner: { address: string }) {
  const named = account === ethers.ZeroAddress ? owner.address : account;
  const who = capsuleId === 0n ? BigInt(named) : (1n << 240n) | capsuleId;
  return (role << 248n) | (units << 160n) | who;
}

const PLATFORM = (Role.Platform << 248n) | (1n << 160n);

/** The packed word of `Units`. */
function unitsOf(data: bigint, model: bigint, compute: bigint) {
  return (data << 176n) | (model << 96n) | (compute << 16n) | 1n;
}

/** The owner of capsule 1 sets `row` between two valid rows. There are two capsules. */
async function settingAmongGood(row: Row) {
  const { capsules, creator } = await networkHelpers.loadFixture(sharesFixture);
  await capsules.register(creator, registration());
  const good = capsuleShare(Role.Data, 1n, 2n);
  return { capsules, setting: capsules.connect(creator).setShares(1n, [good, row, good]) };
}

describe("CapsuleRegistry shares", () => {
  describe("register", () => {
    it("when there are 501 rows, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      const rows = Array.from({ length: MAX_ROWS + 1 }, () => share(Role.Data, 1n, creator));
      await expect(capsules.register(creator, registration(rows)))
        .to.be.revertedWithCustomError(capsules, "SharesTooMany")
        .withArgs(MAX_ROWS + 1, MAX_ROWS);
    });

    it("when a row names the capsule itself, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(sharesFixture);
      await expect(capsules.register(creator, registration([capsuleShare(Role.Data, 1n, 2n)])))
        .to.be.revertedWithCustomError(capsules, "ShareBeneficiarySelf")
        .withArgs(0n);
    });

    it("when a row names a later capsule, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(sharesFixture);
      await expect(capsules.register(creator, registration([capsuleShare(Role.Data, 1n, 3n)])))
        .to.be.revertedWithCustomError(capsules, "ShareBeneficiaryNonexistent")
        .withArgs(0n, 3n);
    });

    it("when rows are given, starts shares version 1 with them", async () => {
      const { capsules, creator, stranger, payee } = await networkHelpers.loadFixture(sharesFixture);
      const rows = [capsuleShare(Role.Model, 2n, 1n), share(Role.Data, MAX_UNITS, payee)];
      await expect(capsules.connect(stranger).register(creator, registration(rows)))
        .to.emit(capsules, "SharesSet")
        .withArgs(2n, 1n, creator.address, tuples(rows));
      expect(await capsules.currentSharesVersion(2n)).to.equal(1n);
      expect(await capsules.sharesOf(2n, 1n)).to.deep.equal(tuples([...rows, ownersRow(Role.Compute)]));
      expect(await capsules.sharesOwnerOf(2n, 1n)).to.equal(creator.address);
    });
  });

  describe("setShares", () => {
    it("when the capsule does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(sharesFixture);
      await expect(capsules.setShares(2n, []))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when the caller is not the owner, even an operator, reverts", async () => {
      const { capsules, creator, stranger } = await networkHelpers.loadFixture(sharesFixture);
      await capsules.connect(creator).setApprovalForAll(stranger, true);
      await expect(capsules.connect(stranger).setShares(1n, []))
        .to.be.revertedWithCustomError(capsules, "CallerNotCapsuleOwner")
        .withArgs(1n, stranger.address);
    });

    it("when there are 501 rows, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(sharesFixture);
      const rows = Array.from({ length: MAX_ROWS + 1 }, () => share(Role.Data, 1n, creator));
      await expect(capsules.connect(creator).setShares(1n, rows))
        .to.be.revertedWithCustomError(capsules, "SharesTooMany")
        .withArgs(MAX_ROWS + 1, MAX_ROWS);
    });

    it("when a row has the platform's role, reverts and names the row", async () => {
      const { capsules, setting } = await settingAmongGood(share(Role.Platform, 1n, ethers.ZeroAddress));
      await expect(setting).to.be.revertedWithCustomError(capsules, "ShareRolePlatform").withArgs(1n);
    });

    it("when a row has no units, reverts and names the row", async () => {
      const { capsules, setting } = await settingAmongGood(share(Role.Data, 0n, ethers.ZeroAddress));
      await expect(setting).to.be.revertedWithCustomError(capsules, "ShareUnitsZero").withArgs(1n);
    });

    it("when a row names an account and a capsule, reverts and names the row", async () => {
      const { capsules, setting } = await settingAmongGood(
        share(Role.Data, 1n, ethers.getAddress(`0x${"11".repeat(20)}`), 2n),
      );
      await expect(setting).to.be.revertedWithCustomError(capsules, "ShareBeneficiaryAmbiguous").withArgs(1n);
    });

    it("when a row names its own capsule, reverts and names the row", async () => {
      const { capsules, setting } = await settingAmongGood(capsuleShare(Role.Data, 1n, 1n));
      await expect(setting).to.be.revertedWithCustomError(capsules, "ShareBeneficiarySelf").withArgs(1n);
    });

    it("when a row names a nonexistent capsule, reverts and names the row", async () => {
      const { capsules, setting } = await settingAmongGood(capsuleShare(Role.Data, 1n, 3n));
      await expect(setting)
        .to.be.revertedWithCustomError(capsules, "ShareBeneficiaryNonexistent")
        .withArgs(1n, 3n);
    });

    it("when a row's role does not exist, reverts", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(sharesFixture);
      await expect(
        capsules.connect(creator).setShares(1n, [share(4n, 1n, creator)]),
      ).to.be.revertedWithoutReason(ethers);
    });

    it("when the owner calls, starts the next version and keeps earlier ones", async () => {
      const { capsules, creator, payee, rows } = await networkHelpers.loadFixture(sharesFixture);
      await capsules.register(creator, registration());
      const next = [
        share(Role.Compute, 1n, payee),
        capsuleShare(Role.Model, 7n, 2n),
        share(Role.Data, 9n, payee),
        share(Role.Data, 9n, payee),
      ];
      await expect(capsules.connect(creator).setShares(1n, next))
        .to.emit(capsules, "SharesSet")
        .withArgs(1n, 2n, creator.address, tuples(next));
      expect(await capsules.currentSharesVersion(1n)).to.equal(2n);
      expect(await capsules.sharesOf(1n, 2n)).to.deep.equal(tuples(next));
      expect(await capsules.sharesOf(1n, 1n)).to.deep.equal(tuples([...rows, ownersRow(Role.Compute)]));
    });
  });

  describe("currentSharesVersion", () => {
    it("when the capsule does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(sharesFixture);
      await expect(capsules.currentSharesVersion(2n))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
    });
  });

  describe("sharesOf", () => {
    it("when the version does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(sharesFixture);
      for (const [id, version] of [
        [1n, 0n],
        [1n, 2n],
        [2n, 0n],
        [2n, 1n],
      ] as const) {
        await expect(capsules.sharesOf(id, version))
          .to.be.revertedWithCustomError(capsules, "SharesVersionNonexistent")
          .withArgs(id, version);
      }
    });

    for (const count of [0, 1, MAX_ROWS]) {
      it(`when ${count} row(s) were set, returns them and the owner's rows for empty roles`, async () => {
        const { capsules, creator } = await networkHelpers.loadFixture(sharesFixture);
        const rows = Array.from({ length: count }, (_, i) =>
          share(Role.Model, BigInt(i + 1), ethers.getAddress(ethers.toBeHex(i + 1, 20))),
        );
        await capsules.connect(creator).setShares(1n, rows);
        const owners = [Role.Data, Role.Model, Role.Compute].filter((role) => !count || role !== Role.Model);
        expect(await capsules.sharesOf(1n, 2n)).to.deep.equal(
          tuples([...rows, ...owners.map((role) => ownersRow(role))]),
        );
      });
    }

    it("when a row names no beneficiary, it is the owner's, and no row is added to its role", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(sharesFixture);
      await capsules.connect(creator).setShares(1n, [ownersRow(Role.Compute, 4n)]);
      expect(await capsules.sharesOf(1n, 2n)).to.deep.equal(
        tuples([ownersRow(Role.Compute, 4n), ownersRow(Role.Data), ownersRow(Role.Model)]),
      );
    });
  });

  describe("sharesOwnerOf", () => {
    it("when the version does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(sharesFixture);
      for (const [id, version] of [
        [1n, 0n],
        [1n, 2n],
        [2n, 1n],
      ] as const) {
        await expect(capsules.sharesOwnerOf(id, version))
          .to.be.revertedWithCustomError(capsules, "SharesVersionNonexistent")
          .withArgs(id, version);
      }
    });

    it("when the capsule does not exist, reverts for version 0", async () => {
      const { capsules } = await networkHelpers.loadFixture(sharesFixture);
      await expect(capsules.sharesOwnerOf(2n, 0n))
        .to.be.revertedWithCustomError(capsules, "ERC721NonexistentToken")
        .withArgs(2n);
    });

    it("when shares and owners change in turn, returns the last owner of each version", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(sharesFixture);
      const owners = async () =>
        await Promise.all([1n, 2n, 3n, 4n, 5n].map((version) => capsules.sharesOwnerOf(1n, version)));
      await capsules.connect(creator).setShares(1n, []);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await capsules.sharesOwnerOf(1n, 3n)).to.equal(payee.address);
      await capsules.connect(payee).setShares(1n, []);
      await capsules.connect(payee).transferFrom(payee, creator, 1n);
      const [a, b] = [creator.address, payee.address];
      expect(await capsules.currentSharesVersion(1n)).to.equal(5n);
      expect(await owners()).to.deep.equal([a, a, b, b, a]);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await owners()).to.deep.equal([a, a, b, b, a]);
      expect(await capsules.sharesOwnerOf(1n, 6n)).to.equal(b);
    });
  });

  describe("earnersOf", () => {
    it("when the version does not exist, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(sharesFixture);
      for (const [id, version] of [
        [1n, 0n],
        [1n, 2n],
        [2n, 0n],
      ] as const) {
        await expect(capsules.earnersOf(id, version, 0n, 0n))
          .to.be.revertedWithCustomError(capsules, "SharesVersionNonexistent")
          .withArgs(id, version);
      }
    });

    it("when the range exceeds the earners, reverts", async () => {
      const { capsules } = await networkHelpers.loadFixture(sharesFixture);
      for (const [first, count] of [
        [4n, 0n],
        [4n, 1n],
        [3n, 2n],
        [0n, 5n],
        [ethers.MaxUint256, 1n],
        [1n, ethers.MaxUint256],
      ] as const) {
        await expect(capsules.earnersOf(1n, 1n, first, count))
          .to.be.revertedWithCustomError(capsules, "EarnersNonexistent")
          .withArgs(1n, 1n, first, count);
      }
    });

    it("when called with a range, returns platform, rows and the units of all rows", async () => {
      const { capsules, creator, rows } = await networkHelpers.loadFixture(sharesFixture);
      const all = [PLATFORM, ...[...rows, ownersRow(Role.Compute)].map((row) => earner(row, creator))];
      for (const [first, count] of [
        [0, 0],
        [3, 0],
        [0, 1],
        [0, 4],
        [1, 2],
        [1, 3],
        [3, 1],
      ] as const) {
        expect(await capsules.earnersOf(1n, 1n, first, count)).to.deep.equal([
          all.slice(first, first + count),
          unitsOf(3n, 5n, 1n),
        ]);
      }
    });

    it("when rows name a capsule, marks it as a capsule, not an account", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(sharesFixture);
      await capsules.register(creator, registration());
      const rows = [
        capsuleShare(Role.Data, 1n, 2n),
        share(Role.Model, 2n, payee),
        ownersRow(Role.Compute, 3n),
      ];
      await capsules.connect(creator).setShares(1n, rows);
      expect(await capsules.earnersOf(1n, 2n, 1n, 3n)).to.deep.equal([
        rows.map((row) => earner(row, creator)),
        unitsOf(1n, 2n, 3n),
      ]);
    });

    it("when the capsule is transferred, the owner's rows name the owner of each version", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(sharesFixture);
      const row = ownersRow(Role.Compute);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await capsules.earnersOf(1n, 1n, 3n, 1n)).to.deep.equal([
        [earner(row, creator)],
        unitsOf(3n, 5n, 1n),
      ]);
      expect(await capsules.earnersOf(1n, 2n, 3n, 1n)).to.deep.equal([
        [earner(row, payee)],
        unitsOf(3n, 5n, 1n),
      ]);
    });

    it("when 500 rows have maximum units, their sum does not overflow", async () => {
      const { capsules, creator, payee } = await networkHelpers.loadFixture(sharesFixture);
      const rows = Array.from({ length: MAX_ROWS }, () => share(Role.Data, MAX_UNITS, payee));
      await capsules.connect(creator).setShares(1n, rows);
      const owners = [ownersRow(Role.Model), ownersRow(Role.Compute)];
      const [earners, units] = await capsules.earnersOf(1n, 2n, 0n, 503n);
      expect(earners).to.deep.equal([PLATFORM, ...[...rows, ...owners].map((row) => earner(row, creator))]);
      expect(units).to.equal(unitsOf(500n * MAX_UNITS, 1n, 1n));
    });
  });
});
