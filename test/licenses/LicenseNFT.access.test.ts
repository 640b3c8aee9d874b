import { expect } from "chai";
import {
  ethers,
  impersonate,
  LAPSE,
  licenseFixture,
  mintParams,
  networkHelpers,
  offerFixture,
  voucher,
  WINDOW,
} from "../grid.ts";
import { Access, addOffer, defineOtherContexts, expiryOf, mineAt } from "./support.ts";

const ALL = 2n ** 32n - 1n;

async function everyContext() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  await defineOtherContexts(grid);
  const offerId = await addOffer(grid, { contexts: ALL });
  await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 1_000n), "0x");
  return grid;
}

describe("LicenseNFT access", () => {
  describe("authorize", () => {
    it("when the license was never minted, says so", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      for (const id of [0n, 2n, 2n ** 64n - 1n]) {
        expect(await licenses.authorize(id, buyer, 1n)).to.equal(Access.LicenseNonexistent);
      }
    });

    it("when the license is closed or lapsed, it exists no more", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, ledger, buyer } = fixture;
      await licenses
        .connect(buyer)
        .mint({ offerId: 1n, to: buyer, signer: buyer, units: 1n, maxPrice: 25n }, "0x");
      await mineAt((await expiryOf(fixture, 2n)) + WINDOW);
      await ledger.close(1n);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.LicenseNonexistent);
      expect(await licenses.authorize(2n, buyer, 1n)).to.equal(Access.LicenseExpired);
      await mineAt((await expiryOf(fixture, 2n)) + WINDOW + LAPSE);
      await licenses.lapse(2n);
      expect(await licenses.authorize(2n, buyer, 1n)).to.equal(Access.LicenseNonexistent);
    });

    it("when the term ends, serves until the second before", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer } = fixture;
      const expiry = await expiryOf(fixture);
      await mineAt(expiry - 1n);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.Allowed);
      await mineAt(expiry);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.LicenseExpired);
    });

    it("when somebody else asks, is not the signer", async () => {
      const { licenses, stranger, creator, meter } = await networkHelpers.loadFixture(licenseFixture);
      for (const user of [stranger.address, creator.address, meter.address, ethers.ZeroAddress]) {
        expect(await licenses.authorize(1n, user, 1n)).to.equal(Access.UserNotSigner);
      }
    });

    it("when contexts are within the terms, even none, allows them; when one is not, none", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(licenseFixture);
      for (const contexts of [0n, 1n, 2n, 4n, 5n, 7n]) {
        expect(await licenses.authorize(1n, buyer, contexts)).to.equal(Access.Allowed);
      }
      for (const contexts of [8n, 9n, 15n, 1n << 31n, ALL]) {
        expect(await licenses.authorize(1n, buyer, contexts)).to.equal(Access.ContextNotAllowed);
      }
    });

    it("when the terms permit every context, allows all 32", async () => {
      const { licenses, buyer } = await networkHelpers.loadFixture(everyContext);
      expect(await licenses.authorize(1n, buyer, ALL)).to.equal(Access.Allowed);
    });

    it("when there are several reasons, gives the first", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, buyer, payee, stranger } = fixture;
      expect(await licenses.authorize(1n, stranger, 8n)).to.equal(Access.UserNotSigner);
      await mineAt((await expiryOf(fixture)) - 10n);
      await licenses.connect(buyer).setSigner(1n, payee);
      expect(await licenses.authorize(1n, stranger, 8n)).to.equal(Access.SignerChanging);
      await mineAt(await expiryOf(fixture));
      expect(await licenses.authorize(1n, stranger, 8n)).to.equal(Access.LicenseExpired);
    });

    it("when a contract wallet holds the license without a key, says so, and not after it named one", async () => {
      const { licenses, buyer, payee } = await networkHelpers.loadFixture(licenseFixture);
      const wallet = await ethers.deployContract("KeylessWallet");
      await licenses
        .connect(buyer)
        .mint({ ...mintParams(1n, buyer, 10n), to: await wallet.getAddress() }, "0x");
      for (const user of [await wallet.getAddress(), buyer.address]) {
        expect(await licenses.authorize(2n, user, 8n)).to.equal(Access.SignerNotKey);
      }
      const naming = licenses.interface.encodeFunctionData("setSigner", [2n, payee.address]);
      await wallet.execute(licenses, naming);
      await networkHelpers.time.increase(WINDOW + 1n);
      expect(await licenses.authorize(2n, payee, 1n)).to.equal(Access.Allowed);
      expect(await licenses.authorize(2n, wallet, 1n)).to.equal(Access.UserNotSigner);
    });

    it("when the named signer is a contract, says so", async () => {
      const { licenses, ledger, buyer } = await networkHelpers.loadFixture(licenseFixture);
      const signer = await ledger.getAddress();
      await licenses.connect(buyer).mint({ ...mintParams(1n, buyer, 10n), signer }, "0x");
      expect(await licenses.authorize(2n, signer, 1n)).to.equal(Access.SignerNotKey);
    });

    it("when the holder delegated its account by EIP-7702, its key signs, and settles", async () => {
      const grid = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, ledger, router, buyer, meter } = grid;
      const rows = [await voucher(grid, buyer, { licenseId: 1n, units: 10n })];
      const delegation = ethers.concat(["0xef0100", await router.getAddress()]);
      await networkHelpers.setCode(buyer.address, delegation);
      expect(await licenses.authorize(1n, buyer, 1n)).to.equal(Access.Allowed);
      await expect(ledger.connect(meter).settleOpen(1n, [{ offerId: 1n, rows }])).to.emit(
        ledger,
        "OpenSettled",
      );
    });

    it("when offer and ledger are retired and the capsule is sold, the license goes on", async () => {
      const fixture = await networkHelpers.loadFixture(licenseFixture);
      const { licenses, terms, capsules, ledger, creator, buyer, payee } = fixture;
      await terms.connect(creator).retireOffer(1n);
      await terms.connect(await impersonate(fixture.timelock)).retireLedger(ledger);
      await capsules.connect(creator).transferFrom(creator, payee, 1n);
      expect(await licenses.authorize(1n, buyer, 7n)).to.equal(Access.Allowed);
    });
  });
});
