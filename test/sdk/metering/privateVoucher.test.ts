import {
  createClient,
  deriveUsageSecret,
  signPrivateVoucher,
  verifyOpening,
  verifyPrivateVoucher,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { type Signer, verifyTypedData, Wallet } from "ethers";
import { ethers, licenseFixture } from "../../grid.ts";
import { expectInvalid, rejectionOf, withClients } from "../clients.ts";
import { P, poseidon } from "../poseidon.ts";

const SECRET = `0x${"5e".repeat(32)}` as const;
const USE = { licenseId: 1n, units: 120n, contexts: 3n, secret: SECRET };

async function customer() {
  const given = await withClients(licenseFixture);
  return { ...given, client: await given.as(given.buyer) };
}

/** A copy of this wallet with other signatures. */
function answering(wallet: Signer, sign: (count: number, signature: string) => string): Signer {
  let count = 0;
  return Object.create(wallet, {
    signTypedData: {
      value: async (...args: Parameters<Signer["signTypedData"]>) =>
        sign(count++, await wallet.signTypedData(...args)),
    },
  });
}

describe("deriveUsageSecret", () => {
  it("when the id is malformed or nobody can sign, names it", async () => {
    const { client, deployment } = await customer();
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(deriveUsageSecret(client, { licenseId: 0n }), "licenseId");
    await expectInvalid(deriveUsageSecret(reader, { licenseId: 1n }), "signer");
  });

  it("when the same wallet asks again, is the same, however its v is written", async () => {
    const { client, buyer } = await customer();
    const secret = await deriveUsageSecret(client, { licenseId: 1n });
    expect(secret).to.match(/^0x[0-9a-f]{64}$/);
    expect(await deriveUsageSecret(client, { licenseId: 1n, compare: false })).to.equal(secret);
    const terse = answering(buyer, (_, signature) => signature.replace(/1b$/, "00").replace(/1c$/, "01"));
    expect(await deriveUsageSecret(client, { licenseId: 1n, signer: terse })).to.equal(secret);
  });

  it("when the license, wallet, chain or ledger is another, is another", async () => {
    const { client, stranger } = await customer();
    const elsewhere = {
      ...client,
      addresses: { ...client.addresses, UsageLedger: client.addresses.LicenseNFT },
    };
    const secrets = await Promise.all([
      deriveUsageSecret(client, { licenseId: 1n }),
      deriveUsageSecret(client, { licenseId: 2n }),
      deriveUsageSecret(client, { licenseId: 1n, signer: stranger }),
      deriveUsageSecret({ ...client, chainId: 1n }, { licenseId: 1n }),
      deriveUsageSecret(elsewhere, { licenseId: 1n }),
    ]);
    expect(new Set(secrets).size).to.equal(5);
  });

  it("when the wallet's signatures differ, refuses, unless told not to compare", async () => {
    const { client, buyer } = await customer();
    const fickle = () => answering(buyer, (count, signature) => `${signature}0${count}`);
    const error = await rejectionOf(deriveUsageSecret(client, { licenseId: 1n, signer: fickle() }));
    expect(error.name).to.equal("SignatureNotRepeatableError");
    const secret = await deriveUsageSecret(client, { licenseId: 1n, signer: fickle(), compare: false });
    expect(secret).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("tells the wallet's owner its purpose", async () => {
    const { client, buyer } = await customer();
    let shown: unknown[] = [];
    const wallet = Object.create(buyer, {
      signTypedData: {
        value: async (...args: Parameters<Signer["signTypedData"]>) => {
          shown = args;
          return await buyer.signTypedData(...args);
        },
      },
    });
    await deriveUsageSecret(client, { licenseId: 1n, signer: wallet });
    const [domain, types, message] = shown as Parameters<Signer["signTypedData"]>;
    expect(domain).to.deep.equal({
      name: "Benefit Grid UsageLedger",
      version: "1",
      chainId: 31337n,
      verifyingContract: client.addresses.UsageLedger,
    });
    expect(Object.keys(types)).to.deep.equal(["UsageSecret"]);
    expect(message.purpose).to.contain("whoever has the signature can read your use");
    expect(message.licenseId).to.equal(1n);
  });
});

describe("signPrivateVoucher", () => {
  it("when something is malformed, names it", async () => {
    const { client, deployment } = await customer();
    const sign = (change: object) => signPrivateVoucher(client, { ...USE, ...change });
    await expectInvalid(sign({ licenseId: 0n }), "voucher.licenseId");
    await expectInvalid(sign({ units: 2n ** 64n }), "voucher.units");
    await expectInvalid(sign({ contexts: 2n ** 32n }), "voucher.contexts");
    await expectInvalid(sign({ cover: 2n ** 64n }), "voucher.cover");
    await expectInvalid(sign({ secret: "0x12" }), "secret");
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(signPrivateVoucher(reader, USE), "signer");
  });

  it("signs, under the ledger's domain, the commitment of circomlib to its numbers", async () => {
    const { client, buyer } = await customer();
    const { usage, signature, salt, ...voucher } = await signPrivateVoucher(client, USE);
    expect(voucher).to.deep.equal({ licenseId: 1n, units: 120n, contexts: 3n });
    expect(BigInt(usage)).to.equal(poseidon([1n + 3n * 2n ** 64n + 120n * 2n ** 96n, salt]));
    const domain = {
      name: "Benefit Grid UsageLedger",
      version: "1",
      chainId: 31337n,
      verifyingContract: client.addresses.UsageLedger,
    };
    const types = {
      UsageVoucher: [
        { name: "licenseId", type: "uint256" },
        { name: "usage", type: "bytes32" },
      ],
    };
    expect(verifyTypedData(domain, types, { licenseId: 1n, usage }, signature)).to.equal(buyer.address);
  });

  it("commits by the chain's Poseidon, for numbers of all sizes", async () => {
    const { client } = await customer();
    const library = await ethers.deployContract("PoseidonT3");
    const sizes = [0n, 1n, 31n, 32n, 63n, 64n];
    for (const bits of sizes) {
      const max = 2n ** bits - 1n;
      const [licenseId, contexts] = [max || 1n, max < 2n ** 32n ? max : 2n ** 32n - 1n];
      const use = { licenseId, units: max, contexts, secret: SECRET };
      const { usage, salt } = await signPrivateVoucher(client, use);
      const hash = await library.getFunction("hash")([licenseId | (contexts << 64n) | (max << 96n), salt]);
      expect(BigInt(usage)).to.equal(hash);
    }
  });

  it("salts by the secret and by all numbers of the voucher, and by nothing else", async () => {
    const { client } = await customer();
    const saltOf = async (change: object) => (await signPrivateVoucher(client, { ...USE, ...change })).salt;
    const types = ["bytes32", "uint32", "uint64", "uint64", "uint32", "uint64"];
    const words = ethers.solidityPacked(types, [SECRET, 0, 9, 120, 3, 1]);
    expect(await saltOf({ cover: 9n })).to.equal(BigInt(ethers.keccak256(words)) % P);
    expect(await saltOf({ cover: 0n, signer: Wallet.createRandom() })).to.equal(await saltOf({}));
    const others = [
      { units: 121n },
      { contexts: 1n },
      { cover: 1n },
      { licenseId: 2n },
      { secret: `0x${"5f".repeat(32)}` },
    ];
    const salts = await Promise.all([{}, ...others].map(saltOf));
    expect(new Set(salts).size).to.equal(6);
  });

  it("given the opening of a later voucher, hides the count of an earlier one, whatever was reused", async () => {
    const { client } = await customer();
    const [early, late] = await Promise.all(
      [120n, 121n].map((units) => signPrivateVoucher(client, { ...USE, units, cover: 5n })),
    );
    const { usage } = early ?? expect.fail("no voucher");
    const { licenseId, contexts, salt } = late ?? expect.fail("no voucher");
    const counts = Array.from({ length: 1_001 }, (_, units) => BigInt(units));
    const fitting = counts.filter((units) => verifyOpening({ licenseId, usage, units, contexts, salt }));
    expect(fitting).to.deep.equal([]);
  });

  it("given the same numbers again, makes the same voucher", async () => {
    const { client } = await customer();
    const [first, second] = [await signPrivateVoucher(client, USE), await signPrivateVoucher(client, USE)];
    expect(second).to.deep.equal(first);
  });

  it("when a session key signs, needs no provider", async () => {
    const { client } = await customer();
    const session = Wallet.createRandom();
    const voucher = await signPrivateVoucher(client, { ...USE, signer: session });
    expect(verifyPrivateVoucher(client, { ...voucher, signer: session.address })).to.equal(true);
  });
});

describe("verifyPrivateVoucher", () => {
  it("when the opening is wrong, or anything else was signed, or by somebody else, is false", async () => {
    const { client, buyer, stranger } = await customer();
    const voucher = await signPrivateVoucher(client, USE);
    const other = await signPrivateVoucher(client, { ...USE, units: 121n });
    const isValid = (change: object) =>
      verifyPrivateVoucher(client, { ...voucher, signer: buyer.address, ...change });
    expect(isValid({})).to.equal(true);
    expect(isValid({ units: 121n })).to.equal(false);
    expect(isValid({ units: 121n, usage: other.usage })).to.equal(false);
    expect(isValid({ signature: other.signature })).to.equal(false);
    expect(isValid({ signer: stranger.address })).to.equal(false);
    await expectInvalid(() => isValid({ signer: "0x" }), "signer");
  });
});

describe("verifyOpening", () => {
  const opening = { units: 2n ** 64n - 1n, contexts: 2n ** 32n - 1n, salt: P - 1n };
  const usageOf = (licenseId: bigint, { units, contexts, salt }: typeof opening) =>
    ethers.toBeHex(poseidon([licenseId | (contexts << 64n) | (units << 96n), salt]), 32) as `0x${string}`;
  const usage = usageOf(9n, opening);

  it("when the word says just this, is true", () => {
    expect(verifyOpening({ licenseId: 9n, usage, ...opening })).to.equal(true);
    const upper = `0x${usage.slice(2).toUpperCase()}` as const;
    expect(verifyOpening({ licenseId: 9n, usage: upper, ...opening })).to.equal(true);
    const zero = { units: 0n, contexts: 0n, salt: 0n };
    expect(verifyOpening({ licenseId: 1n, usage: usageOf(1n, zero), ...zero })).to.equal(true);
  });

  it("agrees with circomlib's published vector", () => {
    const published = "0x115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189a";
    const isOpening = verifyOpening({ licenseId: 1n, usage: published, units: 0n, contexts: 0n, salt: 2n });
    expect(isOpening).to.equal(true);
  });

  it("when any number differs, is false", () => {
    const changes = [{ licenseId: 8n }, { units: 1n }, { contexts: 0n }, { salt: 1n }];
    for (const change of changes)
      expect(verifyOpening({ licenseId: 9n, usage, ...opening, ...change })).to.equal(false);
  });

  it("when a number is out of range although the hash fits, is false", () => {
    // The field cannot tell these from the numbers less P, and the hash of each is right.
    const numbers = { licenseId: 9n, ...opening };
    for (const key of Object.keys(numbers) as (keyof typeof numbers)[])
      expect(verifyOpening({ ...numbers, [key]: numbers[key] + P, usage }), key).to.equal(false);
    const edge = { licenseId: 1n, units: 1n, contexts: 1n, salt: 1n };
    const large = [{ licenseId: 2n ** 64n }, { units: 2n ** 64n }, { contexts: 2n ** 32n }];
    for (const change of large) {
      const voucher = { ...edge, ...change };
      expect(verifyOpening({ ...voucher, usage: usageOf(voucher.licenseId, voucher) })).to.equal(false);
    }
  });

  it("when something is malformed, is false", () => {
    expect(verifyOpening({ licenseId: 9n, ...opening, usage: "0x" })).to.equal(false);
    expect(verifyOpening({ licenseId: 9n, ...opening, usage: "7" as `0x${string}` })).to.equal(false);
    const units = "5" as unknown as bigint;
    expect(verifyOpening({ licenseId: 9n, ...opening, units, usage })).to.equal(false);
  });
});
