import { createClient, signVoucher, verifyVoucher } from "@benefit-grid/sdk";
import { expect } from "chai";
import { N, recoverAddress, Signature, TypedDataEncoder } from "ethers";
import { ethers, licenseFixture, VOUCHER_TYPES } from "../../grid.ts";
import { expectInvalid, withClients } from "../clients.ts";

const USE = { licenseId: 1n, units: 2n ** 40n, contexts: 3n };

describe("signVoucher", () => {
  it("when numbers are out of range, names them", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const client = await as(buyer);
    await expectInvalid(signVoucher(client, { ...USE, units: 2n ** 64n }), "voucher.units");
    await expectInvalid(signVoucher(client, { ...USE, contexts: 2n ** 32n }), "voucher.contexts");
    await expectInvalid(signVoucher(client, { ...USE, licenseId: -1n }), "voucher.licenseId");
  });

  it("when nobody can sign, is refused", async () => {
    const { deployment } = await withClients(licenseFixture);
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(signVoucher(reader, USE), "signer");
  });

  it("signs the ledger's digest", async () => {
    const { as, buyer, ledger } = await withClients(licenseFixture);
    const { signature } = await signVoucher(await as(buyer), USE);
    const usage = ethers.toBeHex((USE.contexts << 64n) | USE.units, 32);
    expect(recoverAddress(await ledger.voucherDigest(1n, usage), signature)).to.equal(buyer.address);
    const typehash = ethers.id(TypedDataEncoder.from(VOUCHER_TYPES).encodeType("UsageVoucher"));
    expect(await ledger.VOUCHER_TYPEHASH()).to.equal(typehash);
  });

  it("when a session key signs, needs no provider", async () => {
    const { as, buyer } = await withClients(licenseFixture);
    const client = await as(buyer);
    const session = ethers.Wallet.createRandom();
    const voucher = await signVoucher(client, { ...USE, signer: session });
    expect(voucher).not.to.have.property("signer");
    expect(verifyVoucher(client, { ...voucher, signer: session.address })).to.equal(true);
  });
});

describe("verifyVoucher", () => {
  it("when anything else was signed, or by somebody else, is false", async () => {
    const { as, buyer, stranger } = await withClients(licenseFixture);
    const client = await as(buyer);
    const signer = buyer.address;
    const voucher = await signVoucher(client, USE);
    expect(verifyVoucher(client, { ...voucher, signer })).to.equal(true);
    expect(verifyVoucher(client, { ...voucher, units: 1n, signer })).to.equal(false);
    expect(verifyVoucher(client, { ...voucher, signer: stranger.address })).to.equal(false);
    expect(verifyVoucher(client, { ...voucher, signature: "0x12", signer })).to.equal(false);
    expect(verifyVoucher(client, { ...voucher, signature: `0x${"ff".repeat(65)}`, signer })).to.equal(false);
    const { r, s, v } = Signature.from(voucher.signature);
    const twin = ethers.concat([r, ethers.toBeHex(N - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
    expect(verifyVoucher(client, { ...voucher, signature: twin as `0x${string}`, signer })).to.equal(false);
    const noPoint = `0x${"05".padStart(64, "0")}${"01".padStart(64, "0")}1b` as const;
    expect(verifyVoucher(client, { ...voucher, signature: noPoint, signer })).to.equal(false);
  });
});
