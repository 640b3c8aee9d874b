import { expect } from "chai";
import { deployLedger, ethers, networkHelpers, voucher } from "../grid.ts";
import { entryOf, ledgerFixture, usageOf } from "../metering/support.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const PARITY = 1n << 255n;
const coder = ethers.AbiCoder.defaultAbiCoder();
const key = new ethers.SigningKey(ethers.id("signer"));
const signer = ethers.computeAddress(key);

function digestOf(licenseId: bigint, units: bigint) {
  return ethers.keccak256(coder.encode(["uint256", "uint256"], [licenseId, units]));
}

async function twinFixture() {
  return {
    ...(await networkHelpers.loadFixture(ledgerFixture)),
    bySignature: await ethers.deployContract("SignatureLedger"),
    domainless: await ethers.deployContract("DomainlessLedger"),
  };
}

describe("attack: counting one voucher twice", () => {
  describe("by a malleated signature", () => {
    it("when vouchers are identified by signature, the malleated one counts again", async () => {
      const { bySignature } = await networkHelpers.loadFixture(twinFixture);
      const { v, r, s } = key.sign(digestOf(1n, 10n));
      await bySignature.settle(1n, 10n, signer, v, r, s);
      await expect(bySignature.settle(1n, 10n, signer, v, r, s)).to.be.revertedWithCustomError(
        bySignature,
        "VoucherSeen",
      );
      await bySignature.settle(1n, 10n, signer, 55 - v, r, ethers.toBeHex(ORDER - BigInt(s), 32));
      expect(await bySignature.used(1n)).to.equal(20n);
    });

    it("with UsageLedger, every malleated form reverts, before and after settling", async () => {
      const grid = await networkHelpers.loadFixture(twinFixture);
      const row = await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n });
      const word = BigInt(row.vs);
      const [parity, s] = [word & PARITY, word & (PARITY - 1n)];
      const high = ORDER - s;
      const forms = [
        high,
        high & (PARITY - 1n),
        (high & (PARITY - 1n)) | (parity ^ PARITY),
        (high & (PARITY - 1n)) | parity,
        word ^ PARITY,
        PARITY - 1n,
        0n,
      ];
      for (const round of [0, 1]) {
        for (const form of forms) {
          const malleated = { ...row, vs: ethers.toBeHex(form, 32) };
          await expect(grid.settle([malleated]), `form ${form} in round ${round}`)
            .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
            .withArgs(1n, grid.buyer.address);
        }
        if (round === 0) await grid.settle([row]);
      }
      await expect(grid.settle([{ ...row, r: ethers.ZeroHash }]))
        .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
        .withArgs(1n, grid.buyer.address);
      expect(await grid.ledger.usageOf(1n)).to.equal(usageOf(10n));
    });
  });

  describe("by a later cumulative voucher", () => {
    it("when each voucher's units are added, a cumulative one counts earlier units again", async () => {
      const { bySignature } = await networkHelpers.loadFixture(twinFixture);
      for (const units of [10n, 30n]) {
        const { v, r, s } = key.sign(digestOf(1n, units));
        await bySignature.settle(1n, units, signer, v, r, s);
      }
      expect(await bySignature.used(1n)).to.equal(40n);
    });

    it("with UsageLedger, the highest voucher counts, in any order", async () => {
      const grid = await networkHelpers.loadFixture(twinFixture);
      const [ten, thirty] = [
        await voucher(grid, grid.buyer, { licenseId: 1n, units: 10n }),
        await voucher(grid, grid.buyer, { licenseId: 1n, units: 30n }),
      ];
      await grid.settle([thirty]);
      for (const row of [ten, thirty]) {
        await expect(grid.settle([row]))
          .to.be.revertedWithCustomError(grid.ledger, "VoucherNotNewer")
          .withArgs(1n, 30n, BigInt(row.entry) & (2n ** 64n - 1n));
      }
      expect((await grid.router.escrowOf(1n)).balance).to.equal(50_000n - 750n);
    });
  });

  describe("at another ledger", () => {
    it("when vouchers name no contract, one voucher settles at every deployment", async () => {
      const { domainless } = await networkHelpers.loadFixture(twinFixture);
      const other = await ethers.deployContract("DomainlessLedger");
      const wallet = new ethers.Wallet(key);
      const signature = await wallet.signMessage(ethers.getBytes(digestOf(1n, 10n)));
      for (const twin of [domainless, other]) {
        await twin.settle(1n, 10n, signer, signature);
        expect(await twin.used(1n)).to.equal(10n);
      }
    });

    it("with UsageLedger, a voucher for another ledger reverts", async () => {
      const grid = await networkHelpers.loadFixture(twinFixture);
      const { buyer } = grid;
      const other = await deployLedger(grid);
      const row = await voucher({ ledger: other }, buyer, { licenseId: 1n, units: 10n });
      expect(row.entry).to.equal(entryOf(1n, 10n));
      await expect(grid.settle([row]))
        .to.be.revertedWithCustomError(grid.ledger, "VoucherSignatureInvalid")
        .withArgs(1n, buyer.address);
    });
  });
});
