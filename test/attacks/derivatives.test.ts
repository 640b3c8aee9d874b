import { expect } from "chai";
import { addLicense, addParent, derivativeFixture, parentsFixture } from "../capsules/support.ts";
import { capsuleShare, ethers, networkHelpers, Role, registration, share } from "../grid.ts";
import { earners } from "../settlement/support.ts";

/** The part of a role's units that a parent has, by the rows of the current shares version. */
async function partOf(
  { capsules }: Pick<Awaited<ReturnType<typeof derivativeFixture>>, "capsules">,
  capsuleId: bigint,
  parentId: bigint,
  role: bigint,
) {
  const rows = await capsules.sharesOf(capsuleId, await capsules.currentSharesVersion(capsuleId));
  const inRole = rows.filter((row) => row.role === role);
  const sum = (units: bigint[]) => units.reduce((total, one) => total + one, 0n);
  const parents = sum(inRole.filter((row) => row.capsuleId === parentId).map(({ units }) => units));
  return { parents, all: sum(inRole.map(({ units }) => units)) };
}

describe("attack: derivatives without their parents' share", () => {
  describe("by leaving the parents out of new shares", () => {
    it("when the first table alone has the parent's row, the next one has none", async () => {
      const twin = await ethers.deployContract("ForgetfulTable");
      await twin.register(2_000n);
      await twin.setShares(0n, 1n);
      expect(await twin.parentUnits()).to.equal(0n);
    });

    it("with the registry, each table begins with the parents' rows", async () => {
      const grid = await networkHelpers.loadFixture(derivativeFixture);
      const { capsules, buyer, capsuleId } = grid;
      for (const rows of [[], [share(Role.Data, 1n, buyer), share(Role.Model, 1n, buyer)]]) {
        await capsules.connect(buyer).setShares(capsuleId, rows);
        for (const role of [Role.Data, Role.Model]) {
          expect(await partOf(grid, capsuleId, 1n, role)).to.deep.equal({ parents: 2_000n, all: 10_000n });
        }
      }
    });
  });

  describe("by shares so small that they round to nothing", () => {
    it("when units round down, one own unit leaves the parent none", async () => {
      const twin = await ethers.deployContract("RoundingTable");
      await twin.setShares(4_999n, 1n);
      expect(await twin.parentUnits()).to.equal(0n);
      expect(await twin.ownUnits()).to.equal(1n);
    });

    it("with the registry, the share is exact for any own units", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      const { capsules, buyer } = grid;
      const { capsuleId: parentId, licenseId } = await addParent(grid, 1n);
      await capsules.connect(buyer).registerDerivative(buyer, registration(), [licenseId]);
      const capsuleId = await capsules.lastCapsuleId();
      for (const units of [1n, 2n, 3n, 9_999n, (2n ** 64n - 1n) / 10_000n]) {
        await capsules.connect(buyer).setShares(capsuleId, [share(Role.Data, units, buyer)]);
        const { parents, all } = await partOf(grid, capsuleId, parentId, Role.Data);
        expect(parents * 10_000n).to.equal(all);
      }
    });

    it("when each base unit is paid to a new shares version, the author gains nothing by rounding", async () => {
      const { capsules, router, usd, buyer, capsuleId } = await networkHelpers.loadFixture(derivativeFixture);
      for (let sharesVersion = 1n; sharesVersion <= 3n; sharesVersion += 1n) {
        await router.connect(buyer).pay(capsuleId, usd, 1n, "0x");
        const { amounts } = await router.claimable(
          await earners(usd, [0n, 8n], { capsuleId, sharesVersion }),
        );
        expect([...amounts]).to.deep.equal(Array(8).fill(0n));
        await capsules.connect(buyer).setShares(capsuleId, []);
      }
    });
  });

  describe("by naming a parent without its license", () => {
    it("when nobody asks for it, a stranger makes the victim the author, for no share", async () => {
      const { buyer, stranger } = await networkHelpers.loadFixture(parentsFixture);
      const twin = await ethers.deployContract("TrustingRegistry");
      await twin.connect(stranger).registerDerivative(buyer, 1n, 0n);
      expect(await twin.derivatives(0n)).to.deep.equal([buyer.address, 1n, 0n]);
    });

    it("with the registry, neither another's license nor another's name will do", async () => {
      const { capsules, buyer, stranger } = await networkHelpers.loadFixture(parentsFixture);
      await expect(capsules.connect(stranger).registerDerivative(stranger, registration(), [1n]))
        .to.be.revertedWithCustomError(capsules, "ParentLicenseNotHeld")
        .withArgs(1n, stranger.address);
      await expect(capsules.connect(stranger).registerDerivative(buyer, registration(), [1n]))
        .to.be.revertedWithCustomError(capsules, "DerivativeCallerNotOwner")
        .withArgs(buyer.address, stranger.address);
    });

    it("with a license whose terms forbid it, reverts", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      const { capsules, licenses, buyer } = grid;
      const conditions = { derivatives: false };
      const { licenseId } = await addParent(grid, 0n, { conditions });
      await expect(capsules.connect(buyer).registerDerivative(buyer, registration(), [1n, licenseId]))
        .to.be.revertedWithCustomError(licenses, "LicenseDerivativesNotPermitted")
        .withArgs(licenseId);
    });

    it("when the licensor makes a dearer offer later, the license's own terms bind", async () => {
      const grid = await networkHelpers.loadFixture(parentsFixture);
      const { capsules, buyer, creator, terms, first } = grid;
      const { offerId } = await addParent(grid, 5_000n);
      expect(await addLicense(grid, offerId, buyer)).to.equal(4n);
      await terms.connect(creator).retireOffer(first.offerId);
      await capsules.connect(buyer).registerDerivative(buyer, registration(), [1n]);
      expect(await capsules.parentsOf(4n)).to.deep.equal([[1n, 1n, 2_000n]]);
    });
  });

  describe("by routing revenue around the parents", () => {
    it("when own rows name a capsule of the author, it gets what the parents leave", async () => {
      const grid = await networkHelpers.loadFixture(derivativeFixture);
      const { capsules, router, usd, buyer, capsuleId } = grid;
      await capsules.connect(buyer).register(buyer, registration());
      const rows = [capsuleShare(Role.Data, 1n, 4n), capsuleShare(Role.Model, 1n, 4n)];
      await capsules.connect(buyer).setShares(capsuleId, rows);
      await router.connect(buyer).pay(capsuleId, usd, 10_000n, "0x");
      const range = await earners(usd, [1n, 6n], { capsuleId, sharesVersion: 2n });
      const { amounts, capsuleIds } = await router.claimable(range);
      expect([...capsuleIds]).to.deep.equal([1n, 2n, 1n, 2n, 4n, 4n]);
      expect([...amounts]).to.deep.equal([800n, 200n, 600n, 150n, 3_000n, 2_250n]);
    });
  });
});
