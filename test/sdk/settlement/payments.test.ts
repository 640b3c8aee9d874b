import {
  approvePermit2,
  type Client,
  createClient,
  getLicense,
  mintLicense,
  PermitExpiredError,
  PermitTooSmallError,
  pay,
  renewLicense,
  signPaymentAuthorization,
  signPermit,
  signPermit2,
  topUpLicense,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { AbiCoder, type Signer, VoidSigner } from "ethers";
import { ethers, licenseFixture, networkHelpers, waitHalfTerm } from "../../grid.ts";
import { deployPermit2, PERMIT2 } from "../../permit2.ts";
import { expectInvalid, expectRevert, hideSelector, rejectionOf, withClients } from "../clients.ts";

const LATER = 2n ** 40n;

/** A payer with a license and money, without any allowance; and a relayer without money. */
async function paying() {
  const given = await withClients(licenseFixture);
  await given.usd.connect(given.buyer).approve(given.router, 0n);
  const payer = await given.as(given.buyer);
  const relayer = await given.as(given.stranger);
  return { ...given, payer, relayer, to: given.buyer.address };
}

/** The signer of an ERC-1271 wallet, as its provider shows it: an address with signatures by the owner's key. */
class WalletSigner extends VoidSigner {
  readonly #owner: Signer;

  constructor(address: string, owner: Signer) {
    super(address, owner.provider);
    this.#owner = owner;
  }

  override signTypedData(...message: Parameters<VoidSigner["signTypedData"]>): Promise<string> {
    return this.#owner.signTypedData(...message);
  }
}

/** As `paying`, with an ERC-1271 wallet of the buyer that has money, and Permit2. */
async function payingByWallet() {
  const given = await paying();
  const { buyer, usd, deployment } = given;
  const contract = await ethers.deployContract("SigningWallet", [buyer.address]);
  const address = await contract.getAddress();
  await usd.mint(address, 1_000n);
  await deployPermit2();
  const wallet = await createClient({ runner: new WalletSigner(address, buyer), deployment });
  return { ...given, wallet, address };
}

describe("signPermit", () => {
  it("when the client cannot sign, is refused", async () => {
    const { deployment, token } = await paying();
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(signPermit(reader, { token, amount: 1n, deadline: LATER }), "client");
  });

  it("pays the permitted amount, without an earlier approval", async () => {
    const { payer, token, to } = await paying();
    const authorization = await signPermit(payer, { token, amount: 250n, deadline: LATER });
    const { licenseId } = await mintLicense(payer, {
      offerId: 1n,
      to,
      units: 10n,
      maxPrice: 250n,
      authorization,
    });
    expect(await getLicense(payer, { licenseId })).to.include({ prepaid: 10n });
  });

  it("when somebody submits it first, still pays", async () => {
    const { payer, token, usd, router, stranger, buyer } = await paying();
    const authorization = await signPermit(payer, { token, amount: 250n, deadline: LATER });
    const types = ["uint8", "uint256", "uint256", "uint8", "bytes32", "bytes32"];
    const [, value, deadline, v, r, s] = AbiCoder.defaultAbiCoder().decode(types, authorization);
    await usd.connect(stranger).permit(buyer, router, value, deadline, v, r, s);
    const { price } = await topUpLicense(payer, { licenseId: 1n, units: 10n, maxPrice: 250n, authorization });
    expect(price).to.equal(250n);
  });

  it("when it permits too little or is late, says so", async () => {
    const { payer, token, router } = await paying();
    const order = { licenseId: 1n, units: 10n, maxPrice: 250n };
    const args = { spender: router.target, allowance: 249n, needed: 250n };
    const little = await signPermit(payer, { token, amount: 249n, deadline: LATER });
    const short = await rejectionOf(topUpLicense(payer, { ...order, authorization: little }));
    expect(short).to.be.instanceOf(PermitTooSmallError);
    expect(short).to.include({ value: 249n, needed: 250n, contract: "LicenseNFT", function: "topUp" });
    expect(short.cause).to.deep.include({ name: "ERC20InsufficientAllowance", args });
    const late = await signPermit(payer, { token, amount: 250n, deadline: 1n });
    const expired = await rejectionOf(topUpLicense(payer, { ...order, authorization: late }));
    expect(expired).to.be.instanceOf(PermitExpiredError).and.to.include({ deadline: 1n });
  });
});

describe("signPaymentAuthorization", () => {
  const mint = { offerId: 1n, units: 10n, maxPrice: 250n };
  const license = { licenseId: 1n, units: 10n, maxPrice: 250n };

  async function authorize(payer: Client, token: string, purpose: `0x${string}`, amount = 250n) {
    return await signPaymentAuthorization(payer, { token, amount, purpose, validBefore: LATER });
  }

  it("when the purpose or the salt is malformed, names it", async () => {
    const { payer, token } = await paying();
    const parameters = { token, amount: 1n, purpose: `0x${"01".repeat(32)}`, validBefore: LATER } as const;
    await expectInvalid(signPaymentAuthorization(payer, { ...parameters, purpose: "0x01" }), "purpose");
    await expectInvalid(signPaymentAuthorization(payer, { ...parameters, salt: "0x01" }), "salt");
    await expectInvalid(signPaymentAuthorization(payer, { ...parameters, amount: 2n ** 128n }), "amount");
  });

  it("lets a relayer mint for the payer", async () => {
    const { payer, relayer, token, to, usd } = await paying();
    const order = { ...mint, to };
    const authorization = await authorize(payer, token, mintLicense.purpose(order));
    const before = await usd.balanceOf(to);
    const { licenseId } = await mintLicense(relayer, { ...order, authorization });
    expect(await getLicense(relayer, { licenseId })).to.include({ holder: to, prepaid: 10n });
    expect(before - (await usd.balanceOf(to))).to.equal(250n);
  });

  it("lets a relayer top up and renew for the payer", async () => {
    const { payer, relayer, token } = await paying();
    const top = await authorize(payer, token, topUpLicense.purpose(license));
    await topUpLicense(relayer, { ...license, authorization: top });
    await waitHalfTerm();
    const renewal = await authorize(payer, token, renewLicense.purpose(license));
    await renewLicense(relayer, { ...license, authorization: renewal });
    expect((await getLicense(relayer, { licenseId: 1n })).prepaid).to.equal(1_020n);
  });

  it("lets a relayer pay for the payer", async () => {
    const { payer, relayer, token, to } = await paying();
    const payment = { capsuleId: 1n, token, amount: 40n };
    const authorization = await authorize(payer, token, pay.purpose(payment), 40n);
    expect((await pay(relayer, { ...payment, authorization })).payer).to.equal(to);
  });

  it("when the relayer changes the order, reverts", async () => {
    const { payer, relayer, token, to } = await paying();
    const authorization = await authorize(payer, token, mintLicense.purpose({ ...mint, to }));
    const stolen = { ...mint, to: `0x${"09".repeat(20)}`, authorization };
    await expectRevert(mintLicense(relayer, stolen), "ERC3009InvalidSignature", {});
    const toppingUp = topUpLicense(relayer, { ...license, authorization });
    await expectRevert(toppingUp, "ERC3009InvalidSignature", {});
  });

  it("when it is used twice, reverts; with another salt it is another", async () => {
    const { payer, relayer, token } = await paying();
    const payment = { capsuleId: 1n, token, amount: 40n };
    const purpose = pay.purpose(payment);
    const authorization = await authorize(payer, token, purpose, 40n);
    await pay(relayer, { ...payment, authorization });
    const again = await pay(relayer, { ...payment, authorization }).catch((error) => error);
    expect(again.name).to.equal("ERC3009UsedAuthorization");
    const other = await authorize(payer, token, purpose, 40n);
    await pay(relayer, { ...payment, authorization: other });
  });

  it("when the token has no ERC-5267, takes its name and version", async () => {
    const { payer, relayer, usd, token, to } = await paying();
    await hideSelector(token, usd.interface.getFunction("eip712Domain").selector);
    const payment = { capsuleId: 1n, token, amount: 40n };
    const authorization = await authorize(payer, token, pay.purpose(payment), 40n);
    expect((await pay(relayer, { ...payment, authorization })).payer).to.equal(to);
  });
});

describe("signPaymentAuthorization, given a contract wallet", () => {
  it("lets a relayer pay for the wallet", async () => {
    const { wallet, address, relayer, token } = await payingByWallet();
    const payment = { capsuleId: 1n, token, amount: 40n };
    const purpose = pay.purpose(payment);
    const signing = { token, amount: 40n, purpose, validBefore: LATER };
    const authorization = await signPaymentAuthorization(wallet, signing);
    expect((await pay(relayer, { ...payment, authorization })).payer).to.equal(address);
  });

  it("when the account has a key and a delegation of EIP-7702, signs by the key", async () => {
    const { payer, relayer, token, to, router } = await payingByWallet();
    await networkHelpers.setCode(to, ethers.concat(["0xef0100", await router.getAddress()]));
    const payment = { capsuleId: 1n, token, amount: 40n };
    const signing = { token, amount: 40n, purpose: pay.purpose(payment), validBefore: LATER };
    const authorization = await signPaymentAuthorization(payer, signing);
    expect(ethers.dataLength(authorization)).to.equal(8 * 32);
    expect((await pay(relayer, { ...payment, authorization })).payer).to.equal(to);
  });
});

describe("signPermit2", () => {
  const license = { licenseId: 1n, units: 10n, maxPrice: 250n };

  it("when a parameter is malformed, names it", async () => {
    const { payer, token, deployment } = await paying();
    const purpose = `0x${"01".repeat(32)}` as const;
    const parameters = { token, amount: 1n, purpose, deadline: LATER };
    await expectInvalid(signPermit2(payer, { ...parameters, token: "0x01" }), "token");
    await expectInvalid(signPermit2(payer, { ...parameters, amount: 2n ** 128n }), "amount");
    await expectInvalid(signPermit2(payer, { ...parameters, purpose: "0x01" }), "purpose");
    await expectInvalid(signPermit2(payer, { ...parameters, deadline: -1n }), "deadline");
    await expectInvalid(signPermit2(payer, { ...parameters, nonce: 2n ** 256n }), "nonce");
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(signPermit2(reader, parameters), "client");
  });

  it("lets a relayer top up for an account that approved Permit2", async () => {
    const { payer, relayer, token } = await payingByWallet();
    await approvePermit2(payer, { token, amount: 250n });
    const signing = { token, amount: 250n, purpose: topUpLicense.purpose(license), deadline: LATER };
    const authorization = await signPermit2(payer, signing);
    expect((await topUpLicense(relayer, { ...license, authorization })).price).to.equal(250n);
  });

  it("lets a relayer pay for a contract wallet, once for each nonce", async () => {
    const { wallet, address, relayer, token, usd } = await payingByWallet();
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, 10n ** 18n);
    await usd.connect(await ethers.getSigner(address)).approve(PERMIT2, 1_000n);
    const payment = { capsuleId: 1n, token, amount: 40n };
    const signing = { token, amount: 40n, purpose: pay.purpose(payment), deadline: LATER };
    for (const nonce of [undefined, 7n]) {
      const authorization = await signPermit2(wallet, { ...signing, ...(nonce !== undefined && { nonce }) });
      expect((await pay(relayer, { ...payment, authorization })).payer).to.equal(address);
      await expectRevert(pay(relayer, { ...payment, authorization }), "InvalidNonce", {});
    }
  });

  it("when the relayer changes the order or is late, reverts", async () => {
    const { payer, relayer, token } = await payingByWallet();
    await approvePermit2(payer, { token, amount: 1_000n });
    const signing = { token, amount: 250n, purpose: topUpLicense.purpose(license), deadline: LATER };
    const authorization = await signPermit2(payer, signing);
    const payment = { capsuleId: 1n, token, amount: 250n, authorization };
    await expectRevert(pay(relayer, payment), "InvalidSigner", {});
    const late = await signPermit2(payer, { ...signing, deadline: 1n });
    const toppingUp = topUpLicense(relayer, { ...license, authorization: late });
    const error = await rejectionOf(toppingUp);
    expect(error).to.be.instanceOf(PermitExpiredError).and.to.include({ deadline: 1n });
  });
});
