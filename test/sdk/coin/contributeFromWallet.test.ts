import {
  contributeFromWallet,
  createClient,
  getContribution,
  InsufficientBalanceError,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert, injectedWallet, rejectionOf, withBatches } from "../clients.ts";
import { lotFixture, RESERVE } from "./support.ts";

const ORDER = { lotId: 1n, amount: RESERVE };

async function fixture() {
  const given = await networkHelpers.loadFixture(lotFixture);
  await given.usd.mint(given.stranger, 10n * RESERVE);
  const { CoinSale } = given.deployment.contracts;
  return { ...given, CoinSale, account: given.stranger.address };
}

describe("contributeFromWallet", () => {
  it("approves the amount if it must, and contributes for the caller", async () => {
    const { client, alicePays, account, usd, CoinSale } = await fixture();
    const { method, payer, programmeId } = await contributeFromWallet(client, ORDER);
    expect({ method, payer, programmeId }).to.deep.equal({
      method: "approval",
      payer: account,
      programmeId: 1n,
    });
    expect((await getContribution(client, { lotId: 1n, buyer: account })).amount).to.equal(RESERVE);
    expect(await usd.allowance(account, CoinSale)).to.equal(0n);
    const given = await contributeFromWallet(alicePays, { ...ORDER, buyer: account });
    expect(given.method).to.equal("allowance");
    expect((await getContribution(client, { lotId: 1n, buyer: account })).amount).to.equal(2n * RESERVE);
  });

  it("when the wallet has batches, does both at once", async () => {
    const { deployment, account } = await fixture();
    const wallet = injectedWallet([account]);
    withBatches(wallet);
    const client = await createClient({ provider: wallet.provider, deployment });
    const { method, payer } = await contributeFromWallet(client, ORDER);
    expect({ method, payer }).to.deep.equal({ method: "batch", payer: account });
  });

  it("when it could not succeed, signs nothing", async () => {
    const { client } = await fixture();
    const poor = await rejectionOf(contributeFromWallet(client, { ...ORDER, amount: 11n * RESERVE }));
    expect(poor).to.be.instanceOf(InsufficientBalanceError);
    await expectInvalid(contributeFromWallet(client, { ...ORDER, amount: 0n }), "amount");
    await expectRevert(contributeFromWallet(client, { ...ORDER, lotId: 9n }), "LotNonexistent", {
      lotId: 9n,
    });
  });
});
