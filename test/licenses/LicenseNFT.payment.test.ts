import { expect } from "chai";
import {
  ethers,
  type GridFixture,
  mintParams,
  networkHelpers,
  offerFixture,
  PRICE_PER_MILLION,
  UNIT_PRICE,
  waitHalfTerm,
} from "../grid.ts";
import { authorization, permit } from "../payments.ts";
import { addOffer, nextAt } from "./support.ts";

type MintParams = ReturnType<typeof mintParams>;

const PRICE = 1_000n * UNIT_PRICE;
const FUNDS = 10n * PRICE;
const SALT = ethers.id("salt");

const coder = ethers.AbiCoder.defaultAbiCoder();

/** As `offerFixture`, with a payer with money and no allowance for the router. */
async function paymentFixture() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  const payer = grid.stranger;
  await grid.usd.mint(payer, FUNDS);
  return { ...grid, payer, relayer: grid.deployer, params: mintParams(1n, payer, 1_000n) };
}

/** As `paymentFixture`, and the payer holds license 1 of 1,000 units, paid by the buyer. */
async function holderFixture() {
  const grid = await networkHelpers.loadFixture(paymentFixture);
  await grid.licenses.connect(grid.buyer).mint(grid.params, "0x");
  return grid;
}

/** As `holderFixture`, in the second half of the term. */
async function renewableFixture() {
  const grid = await networkHelpers.loadFixture(holderFixture);
  await waitHalfTerm();
  return grid;
}

function mintPurpose({ licenses }: GridFixture, params: MintParams) {
  const types = ["bytes4", "tuple(uint64,address,address,uint64,uint128)"];
  const values = [licenses.interface.getFunction("mint").selector, Object.values(params)];
  return ethers.keccak256(coder.encode(types, values));
}

function unitsPurpose(
  { licenses }: GridFixture,
  action: "topUp" | "renew",
  licenseId: bigint,
  units: bigint,
  maxPrice: bigint,
) {
  const types = ["bytes4", "uint64", "uint64", "uint128"];
  const values = [licenses.interface.getFunction(action).selector, licenseId, units, maxPrice];
  return ethers.keccak256(coder.encode(types, values));
}

describe("LicenseNFT payment", () => {
  describe("given an allowance", () => {
    it("when it is too small, reverts", async () => {
      const { licenses, usd, router, payer, params } = await networkHelpers.loadFixture(paymentFixture);
      await usd.connect(payer).approve(router, PRICE - 1n);
      await expect(licenses.connect(payer).mint(params, "0x"))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), PRICE - 1n, PRICE);
    });

    it("when the payer has too little, reverts", async () => {
      const { licenses, usd, router, payer } = await networkHelpers.loadFixture(paymentFixture);
      await usd.connect(payer).approve(router, ethers.MaxUint256);
      await usd.connect(payer).transfer(router, FUNDS - PRICE + 1n);
      await expect(licenses.connect(payer).mint(mintParams(1n, payer, 1_000n), "0x"))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientBalance")
        .withArgs(payer.address, PRICE - 1n, PRICE);
    });

    it("when the authorization has no known method or is cut short, reverts", async () => {
      const { licenses, router, buyer } = await networkHelpers.loadFixture(paymentFixture);
      for (const bytes of ["0x00", coder.encode(["uint8"], [2]), coder.encode(["uint8"], [0])]) {
        await expect(licenses.connect(buyer).mint(mintParams(1n, buyer, 1_000n), bytes))
          .to.be.revertedWithCustomError(router, "AuthorizationMalformed")
          .withArgs(bytes);
      }
    });

    it("when the offer is free, looks at no authorization", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, payer } = fixture;
      const offerId = await addOffer(fixture, {}, { pricePerMillion: 0n });
      await expect(licenses.connect(payer).mint(mintParams(offerId, payer, 1n, 0n), "0xff")).to.emit(
        licenses,
        "LicenseMinted",
      );
    });
  });

  describe("given a permit", () => {
    it("when it is of the price, pays in one transaction and leaves no allowance", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, router, payer, params } = fixture;
      const { bytes } = await permit(fixture, payer, PRICE);
      const minting = licenses.connect(payer).mint(params, bytes);
      await expect(minting).to.changeTokenBalances(ethers, usd, [payer, router], [-PRICE, PRICE]);
      await expect(minting).to.emit(router, "Deposited").withArgs(1n, payer.address, PRICE, 1_000n);
      expect(await usd.allowance(payer, router)).to.equal(0n);
      expect(await licenses.ownerOf(1n)).to.equal(payer.address);
    });

    it("when somebody else submitted it first, still pays", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, router, payer, relayer, params } = fixture;
      const { v, r, s, bytes } = await permit(fixture, payer, PRICE);
      await usd.connect(relayer).permit(payer, router, PRICE, ethers.MaxUint256, v, r, s);
      await licenses.connect(payer).mint(params, bytes);
      expect(await licenses.ownerOf(1n)).to.equal(payer.address);
    });

    it("when it is of less than the price, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, router, payer, params } = fixture;
      const { bytes } = await permit(fixture, payer, PRICE - 1n);
      await expect(licenses.connect(payer).mint(params, bytes))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), PRICE - 1n, PRICE);
    });

    it("when it is expired, signed by another or used, and there is no allowance, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, router, payer, buyer, params } = fixture;
      const used = await permit(fixture, payer, PRICE);
      await licenses.connect(payer).mint(params, used.bytes);
      const now = BigInt(await networkHelpers.time.latest());
      const expired = await permit(fixture, payer, PRICE, { deadline: now });
      const others = await permit(fixture, payer, PRICE, { signer: buyer });
      for (const { bytes } of [used, expired, others]) {
        await expect(licenses.connect(payer).mint(params, bytes))
          .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
          .withArgs(await router.getAddress(), 0n, PRICE);
      }
    });

    it("when it is invalid but there is an allowance, the allowance pays", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, buyer } = fixture;
      const { bytes } = await permit(fixture, buyer, PRICE, { deadline: 0n });
      const minting = licenses.connect(buyer).mint(mintParams(1n, buyer, 1_000n), bytes);
      await expect(minting).to.changeTokenBalance(ethers, usd, buyer, -PRICE);
    });

    it("when somebody else goes along with it, takes nothing from its owner", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, router, payer, relayer, params } = fixture;
      const { v, r, s, bytes } = await permit(fixture, payer, PRICE);
      await usd.connect(relayer).permit(payer, router, PRICE, ethers.MaxUint256, v, r, s);
      await expect(licenses.connect(relayer).mint(params, bytes))
        .to.be.revertedWithCustomError(usd, "ERC20InsufficientAllowance")
        .withArgs(await router.getAddress(), 0n, PRICE);
    });

    it("when units are added, pays for them", async () => {
      const fixture = await networkHelpers.loadFixture(holderFixture);
      const { licenses, usd, payer } = fixture;
      await waitHalfTerm();
      for (const action of ["topUp", "renew"] as const) {
        const { bytes } = await permit(fixture, payer, PRICE);
        await expect(licenses.connect(payer)[action](1n, 1_000n, PRICE, bytes)).to.changeTokenBalance(
          ethers,
          usd,
          payer,
          -PRICE,
        );
      }
      expect((await licenses.licenseOf(1n)).prepaid).to.equal(3_000n);
    });
  });

  describe("given an ERC-3009 authorization", () => {
    it("when a stranger relays it, its signer pays for the signed order", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, router, payer, relayer, buyer } = fixture;
      const params = { ...mintParams(1n, buyer, 1_000n), signer: payer.address };
      const { bytes, nonce } = await authorization(fixture, payer, PRICE, mintPurpose(fixture, params));
      const minting = licenses.connect(relayer).mint(params, bytes);
      await expect(minting).to.changeTokenBalances(
        ethers,
        usd,
        [payer, router, relayer, buyer],
        [-PRICE, PRICE, 0n, 0n],
      );
      await expect(minting).to.emit(router, "Deposited").withArgs(1n, payer.address, PRICE, 1_000n);
      expect(await licenses.ownerOf(1n)).to.equal(buyer.address);
      expect((await licenses.keysOf(1n)).signer).to.equal(payer.address);
      expect(await usd.authorizationState(payer, nonce)).to.equal(true);
    });

    it("when anything differs from the signed order, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, relayer, payer, params } = fixture;
      const twin = await addOffer(fixture, { duration: 1n });
      const cheaper = await addOffer(fixture, {}, { pricePerMillion: PRICE_PER_MILLION / 5n });
      const { bytes } = await authorization(fixture, payer, PRICE, mintPurpose(fixture, params));
      for (const other of [
        { offerId: twin },
        { offerId: cheaper, units: 5_000n },
        { to: relayer.address },
        { signer: relayer.address },
        { units: 999n },
        { maxPrice: PRICE + 1n },
      ]) {
        await expect(
          licenses.connect(relayer).mint({ ...params, ...other }, bytes),
        ).to.be.revertedWithCustomError(usd, "ERC3009InvalidSignature");
      }
    });

    it("when it is for something else of the same price, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(holderFixture);
      const { licenses, usd, router, buyer, payer, params } = fixture;
      await licenses.connect(buyer).mint(params, "0x");
      await waitHalfTerm();
      const minting = mintPurpose(fixture, params);
      const topping = unitsPurpose(fixture, "topUp", 1n, 1_000n, PRICE);
      const renewing = unitsPurpose(fixture, "renew", 1n, 1_000n, PRICE);
      const paying = ethers.keccak256(
        coder.encode(
          ["bytes4", "uint64", "address", "uint128"],
          [router.interface.getFunction("pay").selector, 1n, await usd.getAddress(), PRICE],
        ),
      );
      const mint = (bytes: string) => licenses.connect(payer).mint(params, bytes);
      const topUp = (bytes: string) => licenses.connect(payer).topUp(1n, 1_000n, PRICE, bytes);
      const topUpOther = (bytes: string) => licenses.connect(payer).topUp(2n, 1_000n, PRICE, bytes);
      const renew = (bytes: string) => licenses.connect(payer).renew(1n, 1_000n, PRICE, bytes);
      for (const [purpose, call] of [
        [topping, mint],
        [renewing, mint],
        [paying, mint],
        [minting, topUp],
        [renewing, topUp],
        [topping, topUpOther],
        [minting, renew],
        [topping, renew],
        [ethers.ZeroHash, renew],
      ] as const) {
        const { bytes } = await authorization(fixture, payer, PRICE, purpose);
        await expect(call(bytes)).to.be.revertedWithCustomError(usd, "ERC3009InvalidSignature");
      }
    });

    it("when it was used, reverts; another salt pays again", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, relayer, payer, params } = fixture;
      const purpose = mintPurpose(fixture, params);
      const { bytes, nonce } = await authorization(fixture, payer, PRICE, purpose);
      await licenses.connect(relayer).mint(params, bytes);
      await expect(licenses.connect(relayer).mint(params, bytes))
        .to.be.revertedWithCustomError(usd, "ERC3009UsedAuthorization")
        .withArgs(payer.address, nonce);
      const again = await authorization(fixture, payer, PRICE, purpose, { salt: SALT });
      await licenses.connect(relayer).mint(params, again.bytes);
      expect(await licenses.balanceOf(payer)).to.equal(2n);
    });

    it("when it is not valid yet or no more, reverts", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { licenses, usd, relayer, payer, params } = fixture;
      const at = BigInt(await networkHelpers.time.latest()) + 10n;
      const purpose = mintPurpose(fixture, params);
      for (const [validAfter, validBefore] of [
        [at, at + 1n],
        [at - 1n, at],
      ] as const) {
        const { bytes } = await authorization(fixture, payer, PRICE, purpose, { validAfter, validBefore });
        await networkHelpers.time.setNextBlockTimestamp(at);
        await expect(licenses.connect(relayer).mint(params, bytes))
          .to.be.revertedWithCustomError(usd, "ERC3009InvalidAuthorizationTime")
          .withArgs(validAfter, validBefore);
      }
      const inTime = { validAfter: at - 1n, validBefore: at + 1n };
      const { bytes } = await authorization(fixture, payer, PRICE, purpose, inTime);
      await networkHelpers.time.setNextBlockTimestamp(at);
      await expect(licenses.connect(relayer).mint(params, bytes)).to.emit(licenses, "LicenseMinted");
    });

    it("when somebody takes it to the token directly, nothing moves", async () => {
      const fixture = await networkHelpers.loadFixture(paymentFixture);
      const { usd, router, relayer, payer, params } = fixture;
      const { v, r, s, nonce } = await authorization(fixture, payer, PRICE, mintPurpose(fixture, params));
      const to = await router.getAddress();
      await expect(
        usd
          .connect(relayer)
          ["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)"](
            payer,
            to,
            PRICE,
            0n,
            ethers.MaxUint256,
            nonce,
            v,
            r,
            s,
          ),
      )
        .to.be.revertedWithCustomError(usd, "ERC20InvalidReceiver")
        .withArgs(to);
    });

    it("when a stranger relays a top-up, its signer is the payer", async () => {
      const fixture = await networkHelpers.loadFixture(holderFixture);
      const { licenses, usd, relayer, payer } = fixture;
      const purpose = unitsPurpose(fixture, "topUp", 1n, 2n, 2n * UNIT_PRICE);
      const { bytes } = await authorization(fixture, payer, 2n * UNIT_PRICE, purpose);
      const topping = licenses.connect(relayer).topUp(1n, 2n, 2n * UNIT_PRICE, bytes);
      await expect(topping).to.emit(licenses, "LicenseToppedUp").withArgs(1n, 2n);
      await expect(topping).to.changeTokenBalances(ethers, usd, [payer, relayer], [-2n * UNIT_PRICE, 0n]);
    });

    it("when a stranger relays the holder's renewal, the term is extended", async () => {
      const fixture = await networkHelpers.loadFixture(renewableFixture);
      const { licenses, relayer, payer } = fixture;
      const purpose = unitsPurpose(fixture, "renew", 1n, 1n, UNIT_PRICE);
      const { bytes } = await authorization(fixture, payer, UNIT_PRICE, purpose);
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      await nextAt(now);
      await expect(licenses.connect(relayer).renew(1n, 1n, UNIT_PRICE, bytes))
        .to.emit(licenses, "LicenseRenewed")
        .withArgs(1n, 1n, now + 30n * 86_400n);
    });

    it("when somebody else pays for a renewal, reverts, even if the holder submits it", async () => {
      const fixture = await networkHelpers.loadFixture(renewableFixture);
      const { licenses, payer, buyer } = fixture;
      const purpose = unitsPurpose(fixture, "renew", 1n, 1n, UNIT_PRICE);
      const { bytes } = await authorization(fixture, buyer, UNIT_PRICE, purpose);
      await expect(licenses.connect(payer).renew(1n, 1n, UNIT_PRICE, bytes))
        .to.be.revertedWithCustomError(licenses, "LicensePayerNotHolder")
        .withArgs(1n, buyer.address);
    });

    it("when the license changed hands before it is relayed, the renewal reverts", async () => {
      const fixture = await networkHelpers.loadFixture(renewableFixture);
      const { licenses, relayer, payer, buyer } = fixture;
      const purpose = unitsPurpose(fixture, "renew", 1n, 1n, UNIT_PRICE);
      const { bytes } = await authorization(fixture, payer, UNIT_PRICE, purpose);
      await licenses.connect(payer).transferFrom(payer, buyer, 1n);
      await expect(licenses.connect(relayer).renew(1n, 1n, UNIT_PRICE, bytes))
        .to.be.revertedWithCustomError(licenses, "LicensePayerNotHolder")
        .withArgs(1n, payer.address);
    });
  });
});
