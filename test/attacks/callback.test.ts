import { expect } from "chai";
import { ethers, mintParams, networkHelpers, waitHalfTerm } from "../grid.ts";
import { addOffer, payFixture } from "../settlement/support.ts";

/** A contract as holder. Its token calls it during the payment, as ERC-777 tokens do. */
async function callbackFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const { licenses, router, buyer } = grid;
  const token = await ethers.deployContract("HookToken");
  const wallet = await ethers.deployContract("KeylessWallet");
  await token.mint(wallet, 10_000n);
  const approve = token.interface.encodeFunctionData("approve", [await router.getAddress(), 10_000n]);
  await wallet.execute(token, approve);
  const offerId = await addOffer(grid, { currency: await token.getAddress() });
  const params = { ...mintParams(offerId, buyer, 4n), to: await wallet.getAddress() };
  const address = await licenses.getAddress();
  const data = {
    mint: licenses.interface.encodeFunctionData("mint", [params, "0x"]),
    renew: licenses.interface.encodeFunctionData("renew", [1n, 4n, 100n, "0x"]),
    requestClose: licenses.interface.encodeFunctionData("requestClose", [1n]),
  };
  /** Calls the license contract with a callback to close. Returns the last expiry in the events. */
  const toldExpiry = async (call: "mint" | "renew") => {
    const close = wallet.interface.encodeFunctionData("execute", [address, data.requestClose]);
    await token.arm(wallet, close, true);
    const receipt = await (await wallet.execute(licenses, data[call])).wait();
    const expiries = (receipt?.logs ?? [])
      .filter((log) => log.address === address)
      .map((log) => licenses.interface.parseLog(log)?.args.toObject().expiry);
    return expiries.filter((expiry) => expiry !== undefined).at(-1);
  };
  return { ...grid, wallet, data, toldExpiry };
}

describe("attack: closing during one's own purchase", () => {
  it("when a holder closes during its purchase, events still give the expiry", async () => {
    const { licenses, toldExpiry } = await networkHelpers.loadFixture(callbackFixture);
    expect(await toldExpiry("mint")).to.equal((await licenses.licenseOf(1n)).expiry);
  });

  it("when a holder closes during its renewal, events still give the expiry", async () => {
    const { licenses, wallet, data, toldExpiry } = await networkHelpers.loadFixture(callbackFixture);
    await wallet.execute(licenses, data.mint);
    await waitHalfTerm();
    expect(await toldExpiry("renew")).to.equal((await licenses.licenseOf(1n)).expiry);
  });
});
