import { getLicense, rentLicense, setSigner, signVoucher } from "@benefit-grid/sdk";
import { expect } from "chai";
import { networkHelpers } from "../../../grid.ts";
import { paid, settling, unitsOf } from "./support.ts";

/** The buyer's license 4 names the stranger as its signer. */
async function changing() {
  const given = await settling();
  await given.keep(await given.open(10n));
  const change = () => setSigner(given.user, { licenseId: 4n, signer: given.stranger.address });
  return { ...given, change };
}

describe("a change of signer", () => {
  it("when vouchers of the old one wait, they settle at once, and then it is confirmed", async () => {
    const given = await changing();
    const { change, run, client, stranger, keep, as } = given;
    await change();
    const settler = await run({ maxAge: 3_600_000, confirmAfter: 0 });
    await settler.rounds(5);
    expect(settler.errors()).to.deep.equal([]);
    expect(settler.kinds()).to.deep.equal(["formed", "sent", "settled", "signersConfirmed"]);
    const license = await getLicense(client, { licenseId: 4n });
    expect(license).to.include({ signer: stranger.address, nextSigner: undefined });
    await keep(await signVoucher(await as(stranger), { licenseId: 4n, units: 30n, contexts: 1n }));
    const next = await run();
    await next.rounds(2);
    expect(await unitsOf(client, 4n)).to.equal(30n);
    expect(await paid(given, 1n)).to.equal(750n);
  });

  it("when it is new, waits until every gateway knows it", async () => {
    const { change, run, client } = await changing();
    await change();
    const settler = await run({ confirmAfter: 60_000 });
    await settler.rounds(5);
    expect(settler.of("signersConfirmed")).to.deep.equal([]);
    expect((await getLicense(client, { licenseId: 4n })).nextSigner).to.not.equal(undefined);
  });

  it("when the old one's voucher cannot settle, is not confirmed", async () => {
    const { change, run, client, store } = await changing();
    await store.hold({ kind: "license", id: 4n, until: Date.now() + 60_000, reason: "a test" });
    await change();
    const settler = await run({ confirmAfter: 0 });
    await settler.rounds(4);
    expect(settler.kinds()).to.deep.equal([]);
    expect((await getLicense(client, { licenseId: 4n })).nextSigner).to.not.equal(undefined);
  });

  it("when its confirmation is lost with this process, the next one confirms", async () => {
    const { change, run, client, ethers } = {
      ...(await changing()),
      ethers: (await import("../../../grid.ts")).ethers,
    };
    const first = await run({ confirmAfter: 0 });
    await first.rounds(2);
    await change();
    await ethers.provider.send("evm_setAutomine", [false]);
    await first.round();
    await ethers.provider.send("hardhat_dropTransaction", [
      (await ethers.provider.send("eth_getBlockByNumber", ["pending", false])).transactions[0],
    ]);
    await ethers.provider.send("evm_setAutomine", [true]);
    const second = await run({ confirmAfter: 0 });
    await second.rounds(3);
    expect((await getLicense(client, { licenseId: 4n })).nextSigner).to.equal(undefined);
  });
});

describe("a rental", () => {
  it("when it ends without a transaction, the user's vouchers settle, and then the holder is confirmed", async () => {
    const given = await settling();
    const { client, user: holder, stranger, buyer, keep, open, as, run } = given;
    await keep(await open(10n));
    const expires = BigInt(await networkHelpers.time.latest()) + 3_600n;
    await rentLicense(holder, { licenseId: 4n, user: stranger.address, expires });
    const settler = await run({ maxAge: 3_600_000, confirmAfter: 0 });
    await settler.rounds(5);
    const rented = await getLicense(client, { licenseId: 4n });
    expect(rented).to.include({ signer: stranger.address, nextSigner: undefined });
    await keep(await signVoucher(await as(stranger), { licenseId: 4n, units: 30n, contexts: 1n }));
    await networkHelpers.time.increaseTo(expires);
    await settler.rounds(5);
    expect(settler.errors()).to.deep.equal([]);
    expect(settler.of("signersConfirmed")).to.have.lengthOf(2);
    expect(await unitsOf(client, 4n)).to.equal(30n);
    const after = await getLicense(client, { licenseId: 4n });
    expect(after).to.include({ signer: buyer.address, nextSigner: undefined, rental: undefined });
  });
});
