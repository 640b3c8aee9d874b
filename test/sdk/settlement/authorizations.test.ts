import {
  approvePayment,
  NotTokenError,
  PermitExpiredError,
  PermitTooSmallError,
  pay,
  signPaymentAuthorization,
  signPermit,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, licenseFixture } from "../../grid.ts";
import { rejectionOf, withClients } from "../clients.ts";

const LATER = 2n ** 40n;

async function fixture() {
  const grid = await withClients(licenseFixture);
  await grid.usd.connect(grid.buyer).approve(grid.router, 0n);
  const payment = { capsuleId: 1n, token: grid.token, amount: 40n };
  return { ...grid, payment, client: await grid.as(grid.buyer) };
}

describe("a payment's authorization", () => {
  it("when a permit is below the amount, is refused before anything is sent", async () => {
    const { client, token, payment, router } = await fixture();
    const authorization = await signPermit(client, { token, amount: 39n, deadline: LATER });
    for (const form of [pay, pay.simulate, pay.estimateGas, pay.prepare]) {
      const error = await rejectionOf(form(client, { ...payment, authorization }));
      expect(error).to.be.instanceOf(PermitTooSmallError).and.to.include({ value: 39n, needed: 40n });
    }
    expect(await router.getAddress()).to.equal(client.addresses.SettlementRouter);
  });

  it("when it is late, is refused before anything is sent", async () => {
    const { client, token, payment } = await fixture();
    const purpose = pay.purpose(payment);
    const { timestamp } = (await ethers.provider.getBlock("latest")) ?? { timestamp: 0 };
    const validBefore = BigInt(timestamp);
    const order = { token, amount: 40n, purpose, validBefore };
    const authorization = await signPaymentAuthorization(client, order);
    const error = await rejectionOf(pay.prepare(client, { ...payment, authorization }));
    expect(error).to.be.instanceOf(PermitExpiredError);
    expect(error).to.include({ code: "PERMIT_EXPIRED", deadline: validBefore - 1n });
  });

  it("when the token finds it late only later, says the same", async () => {
    const { buyer, as, token, payment } = await fixture();
    const errors = new ethers.Interface([
      "error ERC3009InvalidAuthorizationTime(uint256 after, uint256 before)",
    ]);
    const data = errors.encodeErrorResult("ERC3009InvalidAuthorizationTime", [0n, LATER]);
    const sendTransaction = () => Promise.reject({ data });
    const late = await as(Object.create(buyer, { sendTransaction: { value: sendTransaction } }));
    const order = { token, amount: 40n, purpose: pay.purpose(payment), validBefore: LATER };
    const authorization = await signPaymentAuthorization(late, order);
    const error = await rejectionOf(pay(late, { ...payment, authorization }));
    expect(error).to.be.instanceOf(PermitExpiredError).and.to.include({ contract: "SettlementRouter" });
    expect(error.cause).to.include({ name: "ERC3009InvalidAuthorizationTime" });
  });
});

describe("a contract that is no token", () => {
  it("when paid in, is named", async () => {
    const { client, payment, capsules } = await fixture();
    const token = await capsules.getAddress();
    const error = await rejectionOf(pay(client, { ...payment, token }));
    expect(error).to.be.instanceOf(NotTokenError).and.to.include({ token, code: "NOT_A_TOKEN" });
  });

  it("when approved, is refused: an ERC-721 token would approve one of its ids", async () => {
    const { client, licenses, buyer } = await fixture();
    for (const token of [await licenses.getAddress(), buyer.address]) {
      const error = await rejectionOf(approvePayment(client, { token, amount: 1n }));
      expect(error).to.be.instanceOf(NotTokenError).and.to.include({ token });
    }
    expect(await licenses.getApproved(1n)).to.equal(ethers.ZeroAddress);
  });

  it("when a permit is signed for it, is named", async () => {
    const { client, capsules } = await fixture();
    const token = await capsules.getAddress();
    const error = await rejectionOf(signPermit(client, { token, amount: 1n, deadline: LATER }));
    expect(error).to.be.instanceOf(NotTokenError);
  });
});
