import { createExactPayments, localFacilitator, sqliteExactPayments } from "@benefit-grid/meter";
import { type Address, tokenDomain } from "@benefit-grid/sdk";
import { toExactSigner } from "@benefit-grid/sdk/http";
import { x402Facilitator } from "@x402/core/facilitator";
import { x402ResourceServer } from "@x402/core/server";
import { ExactEvmScheme, toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme as ExactFacilitator } from "@x402/evm/exact/facilitator";
import { ExactEvmScheme as ExactServer } from "@x402/evm/exact/server";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { paymentMiddleware } from "@x402/hono";
import { expect } from "chai";
import { Hono } from "hono";
import { createWalletClient, custom, publicActions } from "viem";
import { hardhat } from "viem/chains";
import { connection } from "../../../grid.ts";
import { atPresent, DAY, exactFixture } from "./support.ts";

const NETWORK = "eip155:31337";

/** Our account in a stock x402 client, which may spend this token. */
async function payer(
  fetch: typeof globalThis.fetch,
  { customer, token }: Awaited<ReturnType<typeof exactFixture>>,
) {
  const client = new x402Client()
    .register("eip155:*", new ExactEvmScheme(await toExactSigner(customer)))
    .setSpendControls({ allowedAssets: [{ network: NETWORK, asset: token, maxAmountPerPayment: "10000" }] });
  return wrapFetchWithPayment(fetch, client);
}

describe("toExactSigner", () => {
  it("lets our client pay a stock x402 server and facilitator", async () => {
    const given = await atPresent(exactFixture);
    const { usd, stranger, payee, buyer, token, customer } = given;
    const transport = custom(connection.provider as never);
    const wallet = createWalletClient({ account: stranger.address as Address, chain: hardhat, transport });
    const signer = toFacilitatorEvmSigner({
      ...wallet.extend(publicActions),
      address: wallet.account.address,
    } as never);
    const facilitator = new x402Facilitator().register(NETWORK, new ExactFacilitator(signer));
    const server = new x402ResourceServer(localFacilitator(facilitator)).register(NETWORK, new ExactServer());
    const { name, version } = await tokenDomain(customer, token as Address);
    const price = { asset: token, amount: "10000", extra: { name, version } };
    const terms = { network: NETWORK, payTo: payee.address, price, maxTimeoutSeconds: DAY } as const;
    const accepts = { scheme: "exact", ...terms } as const;
    const app = new Hono();
    app.use(paymentMiddleware({ "GET /data": { accepts } }, server));
    app.get("/data", (c) => c.text("data"));

    const before = await usd.balanceOf(payee);
    const paid = await payer(async (input, init) => await app.fetch(new Request(input, init)), given);
    const response = await paid("http://other.example/data");
    expect([response.status, await response.text()]).to.deep.equal([200, "data"]);
    const receipt = decodePaymentResponseHeader(response.headers.get("PAYMENT-RESPONSE") ?? "");
    expect(receipt).to.include({ success: true, payer: buyer.address });
    expect((await usd.balanceOf(payee)) - before).to.equal(10_000n);
  });

  it("when the amount is above the client's cap for the token, pays nothing", async () => {
    const given = await atPresent(exactFixture);
    const store = sqliteExactPayments(":memory:");
    const { operator: client, token, usd, buyer } = given;
    const exact = await createExactPayments({ client, store, capsuleId: 1n, token, amountPerCall: 10_001n });
    const before = await usd.balanceOf(buyer);
    const paid = await payer(async (input, init) => exact.required(new Request(input, init)), given);
    const error = await paid("http://meter.example/").catch((reason: Error) => reason);
    expect(String(error)).to.include("rejected by spendControls");
    expect(await usd.balanceOf(buyer)).to.equal(before);
    await store.close();
  });
});
