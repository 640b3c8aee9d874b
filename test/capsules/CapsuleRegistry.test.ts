import { expect } from "chai";
import { ethers, gridFixture, networkHelpers, Role, registration, share } from "../grid.ts";

describe("CapsuleRegistry", () => {
  describe("publishVersion", () => {
    it("when somebody else calls, reverts", async () => {
      const { capsules, creator, stranger } = await networkHelpers.loadFixture(gridFixture);
      await capsules.register(creator, registration());
      await expect(capsules.connect(stranger).publishVersion(1n, ethers.sha256("0x02"), ""))
        .to.be.revertedWithCustomError(capsules, "CallerNotCapsuleOwner")
        .withArgs(1n, stranger.address);
    });

    it("when the owner calls, appends a version and keeps the one before", async () => {
      const { capsules, creator } = await networkHelpers.loadFixture(gridFixture);
      await capsules.register(creator, registration([share(Role.Data, 1n, creator)]));
      const hash = ethers.sha256("0x02");
      await expect(capsules.connect(creator).publishVersion(1n, hash, "ipfs://2"))
        .to.emit(capsules, "VersionPublished")
        .withArgs(1n, 2n, hash, "ipfs://2");
      expect(await capsules.versionOf(1n, 1n)).to.deep.equal([
        registration().contentHash,
        registration().uri,
      ]);
      expect(await capsules.tokenURI(1n)).to.equal("ipfs://2");
    });
  });
});
