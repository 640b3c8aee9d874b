import { type SignedVoucher, signPrivateVoucher, signVoucher } from "@benefit-grid/sdk";
import { createVoucherVerifier, type Implementation } from "@benefit-grid/sdk/meter";
import { expect } from "chai";
import { Signature } from "ethers";
import { ethers, licenseFixture, VOUCHER_TYPES } from "../../grid.ts";
import { expectInvalid, rejectionOf, withClients } from "../clients.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const IMPLEMENTATIONS: Implementation[] = ["native", "wasm", "javascript"];

async function verifying(implementation?: Implementation) {
  const { as, buyer, stranger, ledgerAddress: ledger } = await withClients(licenseFixture);
  const voucher = await signVoucher(await as(buyer), { licenseId: 1n, units: 7n, contexts: 3n });
  const use = {
    licenseId: 1n,
    units: 7n,
    contexts: 3n,
    secret: `0x${"5e".repeat(32)}`,
  } as const;
  const privateVoucher = await signPrivateVoucher(await as(buyer), use);
  const parameters = { chainId: 31337n, ledger, ...(implementation && { implementation }) };
  const signer = buyer.address;
  return { voucher, privateVoucher, signer, stranger: stranger.address, parameters };
}

function withSignature(
  voucher: SignedVoucher,
  change: { r?: bigint; s?: bigint; v?: number },
): SignedVoucher {
  const { r, s, v } = Signature.from(voucher.signature);
  const word = (value: bigint) => ethers.toBeHex(value, 32).slice(2);
  const parts = [
    word(change.r ?? BigInt(r)),
    word(change.s ?? BigInt(s)),
    ethers.toBeHex(change.v ?? v, 1).slice(2),
  ];
  return { ...voucher, signature: `0x${parts.join("")}` };
}

describe("createVoucherVerifier", () => {
  it("when a parameter is malformed, names it", async () => {
    await expectInvalid(createVoucherVerifier({ chainId: 1n, ledger: "0x1" }), "ledger");
    await expectInvalid(createVoucherVerifier({ chainId: -1n, ledger: `0x${"01".repeat(20)}` }), "chainId");
  });

  it("when an implementation does not exist, says so", async () => {
    const { parameters } = await verifying();
    // @ts-expect-error: not an implementation
    const error = await rejectionOf(createVoucherVerifier({ ...parameters, implementation: "gpu" }));
    expect(error.message).to.equal(
      "None of gpu loads on this platform. The error's `cause` has the reasons.",
    );
  });

  it("when none is asked for, takes the native one", async () => {
    const { parameters } = await verifying();
    expect(await createVoucherVerifier(parameters)).to.include({ implementation: "native" });
  });

  for (const implementation of IMPLEMENTATIONS) {
    describe(`with ${implementation}`, () => {
      it("when the signer signed, is true, however v and hex are written", async () => {
        const { voucher, signer, parameters } = await verifying(implementation);
        const { verify, implementation: used } = await createVoucherVerifier(parameters);
        expect(used).to.equal(implementation);
        const { v } = Signature.from(voucher.signature);
        const upper = `0x${voucher.signature.slice(2).toUpperCase()}` as const;
        const vouchers = [voucher, withSignature(voucher, { v: v - 27 }), { ...voucher, signature: upper }];
        expect(vouchers.map((one) => verify(one, signer))).to.deep.equal([true, true, true]);
        expect(verify(voucher, signer.toLowerCase() as typeof signer)).to.equal(true);
      });

      it("when another chain, ledger, license, use or signer is meant, is false", async () => {
        const { voucher, signer, stranger, parameters } = await verifying(implementation);
        const { verify } = await createVoucherVerifier(parameters);
        const otherChain = await createVoucherVerifier({ ...parameters, chainId: 1n });
        const otherLedger = await createVoucherVerifier({ ...parameters, ledger: stranger });
        expect(otherChain.verify(voucher, signer)).to.equal(false);
        expect(otherLedger.verify(voucher, signer)).to.equal(false);
        expect(verify({ ...voucher, licenseId: 2n }, signer)).to.equal(false);
        expect(verify({ ...voucher, units: 8n }, signer)).to.equal(false);
        expect(verify({ ...voucher, contexts: 7n }, signer)).to.equal(false);
        expect(verify(voucher, stranger)).to.equal(false);
      });

      it("when numbers only look alike in fewer bits, is false", async () => {
        const { voucher, signer, parameters } = await verifying(implementation);
        const { verify } = await createVoucherVerifier(parameters);
        expect(verify({ ...voucher, licenseId: voucher.licenseId + 2n ** 64n }, signer)).to.equal(false);
        expect(verify({ ...voucher, units: voucher.units + 2n ** 64n }, signer)).to.equal(false);
        expect(verify({ ...voucher, units: voucher.units - 2n ** 64n }, signer)).to.equal(false);
        expect(verify({ ...voucher, contexts: voucher.contexts + 2n ** 32n }, signer)).to.equal(false);
        expect(verify({ ...voucher, contexts: voucher.contexts + 2n ** 64n }, signer)).to.equal(false);
        expect(verify({ ...voucher, contexts: voucher.contexts - 2n ** 64n }, signer)).to.equal(false);
      });

      it("when a voucher is private, checks its usage word and its signature", async () => {
        const { privateVoucher, voucher, signer, stranger, parameters } = await verifying(implementation);
        const { verify } = await createVoucherVerifier(parameters);
        const isValid = (change: object) => verify({ ...privateVoucher, ...change }, signer);
        expect(isValid({})).to.equal(true);
        expect(verify(privateVoucher, stranger)).to.equal(false);
        expect(isValid({ signature: voucher.signature })).to.equal(false);
        for (const key of ["licenseId", "units", "contexts", "salt"] as const)
          expect(isValid({ [key]: privateVoucher[key] + 1n }), key).to.equal(false);
        const { usage } = privateVoucher;
        const upper = `0x${usage.slice(2).toUpperCase()}`;
        expect(isValid({ usage: upper })).to.equal(true);
        const others = [usage.slice(0, -2), `${usage}00`, "0x", usage.replace(/..$/, "zz"), undefined];
        expect(others.filter((other) => isValid({ usage: other }))).to.deep.equal([]);
        // No hash is left from an earlier voucher: an open one after a private one counts as itself.
        expect(verify(voucher, signer)).to.equal(true);
      });

      it("when s is in its upper half, is false although the key signed", async () => {
        const { voucher, signer, parameters } = await verifying(implementation);
        const { verify } = await createVoucherVerifier(parameters);
        const { s, v } = Signature.from(voucher.signature);
        const twin = withSignature(voucher, { s: ORDER - BigInt(s), v: v === 27 ? 28 : 27 });
        expect(verify(twin, signer)).to.equal(false);
      });

      it("when s is half of the order, is true for the recovered key; when it is one above, false", async () => {
        const { voucher, parameters } = await verifying(implementation);
        const { verify } = await createVoucherVerifier(parameters);
        const { licenseId, units, contexts } = voucher;
        const digest = ethers.TypedDataEncoder.hash(
          {
            name: "Benefit Grid UsageLedger",
            version: "1",
            chainId: 31337n,
            verifyingContract: parameters.ledger,
          },
          VOUCHER_TYPES,
          { licenseId, usage: ethers.toBeHex((contexts << 64n) | units, 32) },
        );
        const isValid = (s: bigint) => {
          const { r } = Signature.from(voucher.signature);
          const signature = Signature.from({ r, s: ethers.toBeHex(s, 32), v: 27 });
          const signer = ethers.recoverAddress(digest, signature) as `0x${string}`;
          return verify(withSignature(voucher, { s, v: 27 }), signer);
        };
        expect([ORDER / 2n, ORDER / 2n + 1n].map(isValid)).to.deep.equal([true, false]);
      });

      it("when the signature is malformed, is false", async () => {
        const { voucher, signer, parameters } = await verifying(implementation);
        const { verify } = await createVoucherVerifier(parameters);
        const { v, r } = Signature.from(voucher.signature);
        const malformed = [
          withSignature(voucher, { v: v === 27 ? 28 : 27 }),
          ...[2, 3, 26, 29, 35, 255].map((other) => withSignature(voucher, { v: other })),
          withSignature(voucher, { r: 0n }),
          withSignature(voucher, { s: 0n }),
          withSignature(voucher, { r: ORDER }),
          withSignature(voucher, { r: 2n ** 256n - 1n }),
          withSignature(voucher, { r: 5n }),
          withSignature(voucher, { s: ORDER / 2n + 1n }),
          { ...voucher, signature: "0x" as const },
          { ...voucher, signature: r as `0x${string}` },
          { ...voucher, signature: `${voucher.signature}00` as const },
          { ...voucher, signature: voucher.signature.replace("0x", "1x") as `0x${string}` },
          { ...voucher, signature: `0x${"zz".repeat(65)}` as const },
          { ...voucher, signature: undefined as unknown as `0x${string}` },
        ];
        expect(malformed.filter((one) => verify(one, signer))).to.deep.equal([]);
        expect(verify({ ...voucher, units: "7" as unknown as bigint }, signer)).to.equal(false);
        expect(verify(voucher, "0x")).to.equal(false);
        expect(verify(voucher, `0x${"00".repeat(20)}`)).to.equal(false);
      });
    });
  }
});
