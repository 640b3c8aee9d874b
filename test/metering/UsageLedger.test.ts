import { expect } from "chai";
import { ethers, gridFixture, networkHelpers, VOUCHER_TYPES, voucherDomain } from "../grid.ts";
import { usageOf } from "./support.ts";

describe("UsageLedger", () => {
  describe("registerMeter", () => {
    it("when the payee is zero, reverts", async () => {
      const { ledger, stranger } = await networkHelpers.loadFixture(gridFixture);
      await expect(
        ledger.connect(stranger).registerMeter(ethers.ZeroAddress, ""),
      ).to.be.revertedWithCustomError(ledger, "MeterAccountZero");
    });

    it("when anyone calls, makes the next meter, operated by the caller", async () => {
      const { ledger, stranger, payee } = await networkHelpers.loadFixture(gridFixture);
      expect(await ledger.lastMeterId()).to.equal(1n);
      expect(await ledger.connect(stranger).registerMeter.staticCall(payee, "x")).to.equal(2n);
      await expect(ledger.connect(stranger).registerMeter(payee, "https://two.example"))
        .to.emit(ledger, "MeterSet")
        .withArgs(2n, stranger.address, payee.address, "https://two.example");
      expect(await ledger.lastMeterId()).to.equal(2n);
      expect(await ledger.meterOf(2n)).to.deep.equal([stranger.address, payee.address]);
    });
  });

  describe("setMeter", () => {
    it("when somebody other than the operator calls, reverts", async () => {
      const { ledger, payee } = await networkHelpers.loadFixture(gridFixture);
      for (const meterId of [1n, 2n, 0n]) {
        await expect(ledger.connect(payee).setMeter(meterId, payee, ethers.ZeroAddress, ""))
          .to.be.revertedWithCustomError(ledger, "CallerNotMeterOperator")
          .withArgs(meterId, payee.address);
      }
    });

    it("when an account is zero, reverts", async () => {
      const { ledger, meter, payee } = await networkHelpers.loadFixture(gridFixture);
      const asMeter = ledger.connect(meter);
      for (const [operator, earner] of [
        [ethers.ZeroAddress, payee.address],
        [meter.address, ethers.ZeroAddress],
      ] as const) {
        await expect(asMeter.setMeter(1n, operator, earner, "")).to.be.revertedWithCustomError(
          ledger,
          "MeterAccountZero",
        );
      }
    });

    it("when the operator hands over, its successor operates", async () => {
      const { ledger, meter, payee, stranger } = await networkHelpers.loadFixture(gridFixture);
      await expect(ledger.connect(meter).setMeter(1n, stranger, meter, "https://new.example"))
        .to.emit(ledger, "MeterSet")
        .withArgs(1n, stranger.address, meter.address, "https://new.example");
      expect(await ledger.meterOf(1n)).to.deep.equal([stranger.address, meter.address]);
      await expect(ledger.connect(meter).setMeter(1n, meter, payee, ""))
        .to.be.revertedWithCustomError(ledger, "CallerNotMeterOperator")
        .withArgs(1n, meter.address);
    });
  });

  describe("meterOf", () => {
    it("when there is none, is zero", async () => {
      const { ledger } = await networkHelpers.loadFixture(gridFixture);
      expect(await ledger.meterOf(2n)).to.deep.equal([ethers.ZeroAddress, ethers.ZeroAddress]);
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
