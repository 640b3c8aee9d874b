import { mintTestUSD, TestChainOnlyError } from "@benefit-grid/sdk";
import { expect } from "chai";
import { gridFixture } from "../../grid.ts";
import { expectInvalid, rejectionOf, withClients } from "../clients.ts";

describe("mintTestUSD", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const client = await as(stranger);
    await expectInvalid(mintTestUSD(client, { to: stranger.address, amount: 0n }), "amount");
    await expectInvalid(mintTestUSD(client, { to: "0x00", amount: 1n }), "to");
  });

  it("when the chain's money has value, refuses with its id", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const client = { ...(await as(stranger)), chainId: 1n };
    const error = await rejectionOf(mintTestUSD(client, { to: stranger.address, amount: 1n }));
    expect(error).to.be.instanceOf(TestChainOnlyError);
    expect(error).to.include({ code: "TEST_CHAIN_ONLY", chainId: 1n, contract: "TestUSD" });
    expect(error.message).to.equal("Chain 1 is not a test chain. Connect to one, such as Sepolia.");
  });

  it("when the deployment has no TestUSD, says so", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const { addresses, ...client } = await as(stranger);
    const { TestUSD: _, ...others } = addresses;
    const minting = mintTestUSD({ ...client, addresses: others }, { to: stranger.address, amount: 1n });
    await expectInvalid(minting, "client");
  });

  it("mints on a test chain, for anyone", async () => {
    const { as, stranger, application, usd } = await withClients(gridFixture);
    await mintTestUSD(await as(stranger), { to: application.address, amount: 5_000_000n });
    expect(await usd.balanceOf(application)).to.equal(5_000_000n);
  });
});
