import { approvePayment, getRevenue, pay } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

describe("pay", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { as, buyer, token } = await withClients(offerFixture);
    const client = await as(buyer);
    await expectInvalid(pay(client, { capsuleId: 1n, token, amount: 0n }), "amount");
    await expectInvalid(pay(client, { capsuleId: 1n, token, amount: 2n ** 128n }), "amount");
    await expectInvalid(pay(client, { capsuleId: 2n ** 64n, token, amount: 1n }), "capsuleId");
  });

  it("when the token is no contract, reverts", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const token = buyer.address;
    const paying = pay(await as(buyer), { capsuleId: 1n, token, amount: 1n });
    await expectRevert(paying, "PaymentTokenNotContract", { token });
  });

  it("when the capsule does not exist, reverts", async () => {
    const { as, buyer, token } = await withClients(offerFixture);
    const paying = pay(await as(buyer), { capsuleId: 2n, token, amount: 1n });
    await expectRevert(paying, "ERC721NonexistentToken", { tokenId: 2n });
  });

  it("when the allowance is enough, accrues to the current shares version", async () => {
    const { as, buyer, token } = await withClients(offerFixture);
    const client = await as(buyer);
    const { payer, sharesVersion } = await pay(client, { capsuleId: 1n, token, amount: 1_000n });
    expect({ payer, sharesVersion }).to.deep.equal({ payer: buyer.address, sharesVersion: 1n });
    expect(await getRevenue(client, { capsuleId: 1n, sharesVersion, token })).to.deep.equal({
      total: 1_000n,
      computeAccrued: 200n,
      inboundData: 0n,
      inboundModel: 0n,
    });
  });
});

describe("approvePayment", () => {
  it("when the amount is out of range, names it", async () => {
    const { as, stranger, token } = await withClients(offerFixture);
    await expectInvalid(approvePayment(await as(stranger), { token, amount: -1n }), "amount");
  });

  it("lets the router take this amount", async () => {
    const { as, stranger, token, usd, router } = await withClients(offerFixture);
    await approvePayment(await as(stranger), { token, amount: 7n });
    expect(await usd.allowance(stranger, router)).to.equal(7n);
  });
});
