import {
  claimAll,
  pay,
  type SettledEvent,
  settleOpen,
  signVoucher,
  watchClaimed,
  watchPaid,
  watchSettled,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, licenseFixture } from "../../grid.ts";
import { expectInvalid, withClients } from "../clients.ts";

async function watching() {
  const given = await withClients(licenseFixture);
  const client = await given.as(given.meter);
  const user = await given.as(given.buyer);
  const fromBlock = (await ethers.provider.getBlockNumber()) + 1;
  return { ...given, client, user, search: { fromBlock, pollingInterval: 5 } };
}

/** The first events of a watch. */
function firstOf<T>(watch: (onEvents: (events: readonly T[]) => void) => () => void): Promise<readonly T[]> {
  return new Promise((resolve) => {
    const unwatch = watch((events) => {
      unwatch();
      resolve(events);
    });
  });
}

describe("watchClaimed", () => {
  it("when a parameter is malformed, names it", async () => {
    const { client } = await watching();
    const onEvents = () => {};
    await expectInvalid(() => watchClaimed(client, { onEvents, capsuleId: -1n }), "capsuleId");
    await expectInvalid(() => watchClaimed(client, { onEvents, token: "0x1" }), "token");
  });

  it("reports claims in the wanted token alone", async () => {
    const { client, user, token, dataOwner, search, stranger } = await watching();
    await pay(user, { capsuleId: 1n, token, amount: 1_000n });
    const account = dataOwner.address;
    const { hashes } = await claimAll(client, { account, tokens: [{ token, minAmount: 1n }] });
    const others: unknown[] = [];
    const onOthers = (events: readonly unknown[]) => others.push(...events);
    const unwatch = watchClaimed(client, { ...search, token: stranger.address, onEvents: onOthers });
    const [event] = await firstOf((onEvents) =>
      watchClaimed(client, { ...search, token, capsuleId: 1n, onEvents }),
    );
    unwatch();
    expect(event).to.deep.include({ name: "Claimed", hash: hashes[0], removed: false });
    expect((event as { args: { amounts: bigint[] } }).args.amounts).to.deep.equal([400n]);
    expect(others).to.deep.equal([]);
  });
});

describe("watchPaid", () => {
  it("reports payments of the wanted payer", async () => {
    const { client, user, buyer, token, search } = await watching();
    await pay(user, { capsuleId: 1n, token, amount: 1_000n });
    const [event] = await firstOf((onEvents) =>
      watchPaid(client, { ...search, payer: buyer.address, token, capsuleId: 1n, onEvents }),
    );
    expect(event).to.deep.include({ name: "Paid", removed: false });
    expect((event as { args: { amount: bigint } }).args.amount).to.equal(1_000n);
  });
});

describe("watchSettled", () => {
  it("when a parameter is malformed, names it", async () => {
    const { client } = await watching();
    await expectInvalid(() => watchSettled(client, { onEvents: () => {}, meterId: -1n }), "meterId");
  });

  it("reports settlements of the wanted meter", async () => {
    const { client, user, search } = await watching();
    const voucher = await signVoucher(user, { licenseId: 1n, units: 40n, contexts: 1n });
    await settleOpen(client, { meterId: 1n, batches: [{ offerId: 1n, vouchers: [voucher] }] });
    const others: unknown[] = [];
    const onOthers = (events: readonly SettledEvent[]) => others.push(...events);
    const unwatch = watchSettled(client, { ...search, meterId: 2n, onEvents: onOthers });
    const [event] = await firstOf<SettledEvent>((onEvents) =>
      watchSettled(client, { ...search, meterId: 1n, onEvents }),
    );
    unwatch();
    expect(event?.name === "OpenSettled" && event.args).to.deep.include({
      meterId: 1n,
      offerId: 1n,
      units: 40n,
    });
    expect(others).to.deep.equal([]);
  });
});
