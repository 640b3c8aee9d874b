import { expect } from "chai";
import { ethers, mintParams, networkHelpers } from "../grid.ts";
import { permit2 } from "../payments.ts";
import { deployPermit2, PERMIT2 } from "../permit2.ts";
import { payFixture } from "../settlement/support.ts";

const coder = ethers.AbiCoder.defaultAbiCoder();

/** A payer's signature for Permit2 to buy a license, and a thief who has seen it. */
async function seenFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const { licenses, usd, stranger: payer, creator: thief } = grid;
  const contract = await deployPermit2();
  const token = await usd.getAddress();
  await usd.mint(payer, 1_000n);
  await usd.connect(payer).approve(PERMIT2, ethers.MaxUint256);
  const params = mintParams(1n, payer, 4n);
  const { selector } = licenses.interface.getFunction("mint");
  const type = "tuple(uint64 offerId,address to,address signer,uint64 units,uint128 maxPrice)";
  const purpose = ethers.keccak256(coder.encode(["bytes4", type], [selector, params]));
  const signed = await permit2(grid, payer, { token, amount: 100n }, purpose);
  return { ...grid, contract, token, payer, thief, params, purpose, signed };
}

describe("attack: using another's signature for Permit2", () => {
  it("when the thief buys for itself or pays its own capsule with it, is refused", async () => {
    const { licenses, router, usd, contract, thief, params, signed } =
      await networkHelpers.loadFixture(seenFixture);
    for (const attempt of [
      () => licenses.connect(thief).mint({ ...params, to: thief.address }, signed.bytes),
      () => licenses.connect(thief).mint({ ...params, signer: thief.address }, signed.bytes),
      () => router.connect(thief).pay(1n, usd, 100n, signed.bytes),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(contract, "InvalidSigner");
    }
  });

  it("when the thief takes it to Permit2 itself, is refused", async () => {
    const { contract, payer, thief, token, purpose, signed } = await networkHelpers.loadFixture(seenFixture);
    const { permitted, nonce, deadline } = signed.message;
    await expect(
      contract
        .connect(thief)
        .permitWitnessTransferFrom(
          { permitted, nonce, deadline },
          { to: thief, requestedAmount: 100n },
          payer,
          purpose,
          "bytes32 purpose)TokenPermissions(address token,uint256 amount)",
          signed.signature,
        ),
    ).to.be.revertedWithCustomError(contract, "InvalidSigner");
    expect(token).to.equal(permitted.token);
  });

  it("when the thief submits it as it is, the payer gets its license", async () => {
    const { licenses, payer, thief, params, signed } = await networkHelpers.loadFixture(seenFixture);
    await licenses.connect(thief).mint(params, signed.bytes);
    expect(await licenses.ownerOf(1n)).to.equal(payer.address);
  });
});
