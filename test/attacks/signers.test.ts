import { expect } from "chai";
import type { Addressable } from "ethers";
import { ethers, networkHelpers, signerChange, voucher } from "../grid.ts";
import { ledgerFixture, usageOf } from "../metering/support.ts";

/** Two transactions in one block, so at the same time. */
async function inOneBlock(first: () => Promise<unknown>, second: () => Promise<unknown>) {
  await ethers.provider.send("evm_setAutomine", [false]);
  await first();
  await second();
  await networkHelpers.mine();
  await ethers.provider.send("evm_setAutomine", [true]);
}

/** A twin ledger that names changes by their time and reverts on a wrong one. */
async function twinFixture() {
  const grid = await networkHelpers.loadFixture(ledgerFixture);
  const twin = await ethers.deployContract("TimedLedger");
  const changeOf = async (licenseId: bigint) => ({ licenseId, changeAt: await twin.changeAtOf(licenseId) });
  return { ...grid, twin, changeOf };
}

describe("attack: changing the signer before the meter confirms", () => {
  it("when one wrong change fails the list, one holder holds up everybody", async () => {
    const { twin, changeOf, meter, buyer, stranger } = await networkHelpers.loadFixture(twinFixture);
    await twin.connect(buyer).setSigner(1n, buyer);
    await twin.connect(stranger).setSigner(2n, stranger);
    const changes = [await changeOf(1n), await changeOf(2n)];
    await twin.connect(stranger).setSigner(2n, stranger);
    await expect(twin.connect(meter).confirmSigners(changes)).to.be.revertedWithCustomError(
      twin,
      "ChangeWrong",
    );
  });

  it("with UsageLedger, the other holders' changes are confirmed", async () => {
    const grid = await networkHelpers.loadFixture(ledgerFixture);
    const { ledger, licenses, meter, buyer, stranger, creator, dataOwner } = grid;
    await licenses.connect(buyer).setSigner(1n, creator);
    await licenses.connect(stranger).setSigner(2n, dataOwner);
    const changes = [await signerChange(grid, 1n), await signerChange(grid, 2n)];
    await licenses.connect(buyer).setSigner(1n, creator);
    await ledger.connect(meter).confirmSigners(1n, changes);
    expect(await licenses.signerOf(1n)).to.equal(buyer.address);
    expect(await licenses.signerOf(2n)).to.equal(dataOwner.address);
  });

  it("when a change is named by its time, another change at this time is confirmed instead", async () => {
    const { twin, changeOf, meter, buyer, creator, dataOwner } =
      await networkHelpers.loadFixture(twinFixture);
    const asHolder = twin.connect(buyer);
    await inOneBlock(
      () => asHolder.setSigner(1n, creator),
      () => asHolder.setSigner(1n, dataOwner),
    );
    await twin.connect(meter).confirmSigners([await changeOf(1n)]);
    expect(await twin.signerOf(1n)).to.equal(dataOwner.address);
  });

  it("with UsageLedger, only the change that the meter saw is confirmed", async () => {
    const grid = await networkHelpers.loadFixture(ledgerFixture);
    const { ledger, licenses, meter, buyer, creator, dataOwner } = grid;
    const asHolder = licenses.connect(buyer);
    const name = (signer: Addressable) => () => asHolder.setSigner(1n, signer);
    await inOneBlock(name(creator), name(dataOwner));
    await expect(ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]))
      .to.emit(ledger, "SignerChangeSkipped")
      .withArgs(1n, 1n, 1n);
    await ledger.connect(meter).confirmSigners(1n, [{ licenseId: 1n, change: 2n }]);
    await grid.settle([await voucher(grid, dataOwner, { licenseId: 1n, units: 10n })]);
    expect(await ledger.usageOf(1n)).to.equal(usageOf(10n));
  });

  it("with UsageLedger, a change back to the old signer and away again is another change", async () => {
    const grid = await networkHelpers.loadFixture(ledgerFixture);
    const { ledger, licenses, meter, buyer, creator } = grid;
    const asHolder = licenses.connect(buyer);
    await asHolder.setSigner(1n, creator);
    const seen = await signerChange(grid, 1n);
    await inOneBlock(
      () => asHolder.setSigner(1n, buyer),
      () => asHolder.setSigner(1n, creator),
    );
    await ledger.connect(meter).confirmSigners(1n, [seen]);
    expect(await licenses.signerOf(1n)).to.equal(buyer.address);
  });
});
