import {
  claimAll,
  createClient,
  getCapsule,
  getEscrow,
  getUsage,
  mintLicense,
  pay,
  registerCapsule,
  settleOpen,
  signPermit,
  signVoucher,
  type ViemClient,
  verifyVoucher,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { createPublicClient, createClient as createViemClient, createWalletClient, custom, http } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { hardhat, mainnet } from "viem/chains";
import { connection, offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, rejectionOf, withClients } from "../clients.ts";

const MNEMONIC = "test test test test test test test test test test test junk";
const transport = custom(connection.provider);

/** A client of viem for an account of the chain, by its place. */
const WALLETS: Record<string, (place: number, address: `0x${string}`) => ViemClient> = {
  "an account over JSON-RPC": (_, account) => createWalletClient({ account, chain: hardhat, transport }),
  "a local account": (place) =>
    createWalletClient({
      account: mnemonicToAccount(MNEMONIC, { addressIndex: place }),
      chain: hardhat,
      transport,
    }),
  "a connector's client, without actions": (_, account) =>
    createViemClient({ account, chain: hardhat, transport }),
  "a client without a chain": (place) =>
    createWalletClient({ account: mnemonicToAccount(MNEMONIC, { addressIndex: place }), transport }),
};

async function grid() {
  const given = await withClients(offerFixture);
  const connect = (runner: ViemClient) => createClient({ runner, deployment: given.deployment });
  return { ...given, connect };
}

/** A wallet that answers some methods itself. */
function walletWith(answers: Record<string, () => unknown>) {
  return custom({
    request: async (call: { method: string; params?: unknown[] }) => {
      const answer = answers[call.method];
      return answer ? await answer() : await connection.provider.request(call);
    },
  });
}

describe("createClient given a client of viem", () => {
  for (const [name, walletOf] of Object.entries(WALLETS)) {
    it(`when it has ${name}, buys, signs vouchers, settles and claims`, async () => {
      const { connect, meter, buyer, stranger, dataOwner, token, usd } = await grid();
      const [user, operator, anybody] = [
        await connect(walletOf(4, buyer.address as `0x${string}`)),
        await connect(walletOf(2, meter.address as `0x${string}`)),
        await connect(walletOf(8, stranger.address as `0x${string}`)),
      ];
      const amount = 2_500n;
      const authorization = await signPermit(user, { token, amount, deadline: 2n ** 40n });
      const order = { offerId: 1n, to: buyer.address, units: 100n, maxPrice: amount, authorization };
      const { licenseId, price } = await mintLicense(user, order);
      expect(price).to.equal(amount);
      const voucher = await signVoucher(user, { licenseId, units: 40n, contexts: 1n });
      expect(await verifyVoucher(user, { ...voucher, signer: buyer.address })).to.equal(true);
      const { totals } = await settleOpen(operator, {
        meterId: 1n,
        batches: [{ offerId: 1n, vouchers: [voucher] }],
      });
      expect(totals).to.deep.equal([{ offerId: 1n, units: 40n }]);
      expect((await getUsage(anybody, { licenseId })).units).to.equal(40n);
      const account = dataOwner.address;
      const { paid } = await claimAll(anybody, { account, tokens: [{ token, minAmount: 1n }] });
      expect(await usd.balanceOf(dataOwner))
        .to.equal(paid[0]?.amount)
        .and.to.equal(400n);
    });

    it(`when it has ${name}, and the contract reverts, throws the decoded error`, async () => {
      const { connect, buyer, token } = await grid();
      const client = await connect(walletOf(4, buyer.address as `0x${string}`));
      const paying = pay(client, { capsuleId: 99n, token, amount: 1n });
      await expectRevert(paying, "ERC721NonexistentToken", { tokenId: 99n });
      await expectRevert(getCapsule(client, { capsuleId: 99n }), "ERC721NonexistentToken", { tokenId: 99n });
    });
  }

  it("when it is public, reads and signs nothing", async () => {
    const { connect, stranger } = await grid();
    const client = await connect(createPublicClient({ chain: hardhat, transport }));
    expect(await getEscrow(client, { offerId: 1n })).to.include({ balance: 0n });
    const registering = registerCapsule(client, {
      kind: "data",
      contentHash: `0x${"01".repeat(32)}`,
      uri: "",
      owner: stranger.address,
    });
    await expectInvalid(registering, "client");
  });

  it("when it has a local account without actions, is refused", async () => {
    const { connect } = await grid();
    const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
    await expectInvalid(connect(createViemClient({ account, chain: hardhat, transport })), "runner");
  });

  it("when its chain is not the node's, is refused", async () => {
    const { connect } = await grid();
    const error = await rejectionOf(connect(createPublicClient({ chain: mainnet, transport })));
    expect(error.name).to.equal("ChainChangedError");
  });

  it("when the wallet changes its chain or account later, sends nothing", async () => {
    const { connect, buyer, stranger, token } = await grid();
    const answers: Record<string, () => unknown> = {};
    const account = buyer.address as `0x${string}`;
    const client = await connect(
      createWalletClient({ account, chain: hardhat, transport: walletWith(answers) }),
    );
    answers.eth_accounts = () => [stranger.address];
    const payment = { capsuleId: 1n, token, amount: 1n };
    expect(await rejectionOf(pay(client, payment))).to.have.property("name", "AccountChangedError");
    delete answers.eth_accounts;
    answers.eth_chainId = () => "0x1";
    expect(await rejectionOf(pay(client, payment))).to.have.property("name", "ChainChangedError");
  });

  it("when the node of a local account changes its chain later, sends nothing", async () => {
    const { connect, token } = await grid();
    const answers: Record<string, () => unknown> = {};
    const account = mnemonicToAccount(MNEMONIC, { addressIndex: 4 });
    const client = await connect(
      createWalletClient({ account, chain: hardhat, transport: walletWith(answers) }),
    );
    answers.eth_chainId = () => "0x1";
    const paying = pay(client, { capsuleId: 1n, token, amount: 1n });
    expect(await rejectionOf(paying)).to.have.property("name", "ChainChangedError");
  });

  for (const [name, method] of [
    ["a local account", "eth_sendRawTransaction"],
    ["an account over JSON-RPC", "eth_sendTransaction"],
  ] as const) {
    it(`when ${name} lacks gas, says so`, async () => {
      const { connect, buyer, token } = await grid();
      const lacking = () => {
        const message =
          "insufficient funds for gas * price + value: balance 1, tx cost 91752469487406, overshot 1";
        throw Object.assign(new Error(message), { code: -32000 });
      };
      const local = mnemonicToAccount(MNEMONIC, { addressIndex: 4 });
      const account = name === "a local account" ? local : (buyer.address as `0x${string}`);
      const wallet = createWalletClient({
        account,
        chain: hardhat,
        transport: walletWith({ [method]: lacking }),
      });
      const error = await rejectionOf(pay(await connect(wallet), { capsuleId: 1n, token, amount: 1n }));
      expect(error.name, error.stack).to.equal("InsufficientFundsError");
    });
  }

  it("when the user rejects, says so", async () => {
    const { connect, buyer, token } = await grid();
    const reject = () => {
      throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    };
    const answers = { eth_sendTransaction: reject, eth_signTypedData_v4: reject };
    const account = buyer.address as `0x${string}`;
    const client = await connect(
      createWalletClient({ account, chain: hardhat, transport: walletWith(answers) }),
    );
    const paying = pay(client, { capsuleId: 1n, token, amount: 1n });
    expect(await rejectionOf(paying)).to.have.property("name", "UserRejectedError");
  });

  it("when no node answers, says so", async () => {
    const { deployment } = await grid();
    const unreachable = http("http://127.0.0.1:9", { retryCount: 0 });
    const runner = createPublicClient({ chain: hardhat, transport: unreachable });
    const error = await rejectionOf(createClient({ runner, deployment }));
    expect(error.name, error.stack).to.equal("NodeUnreachableError");
  });
});
