import {
  ContractNotFoundError,
  callToSetSectorShare,
  createFeed,
  getFeed,
  getPot,
  getSectorShare,
  getWithdrawable,
  pourFeed,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { feedFixture } from "../../subnets/feeds.ts";
import { SECTOR } from "../../subnets/support.ts";
import { expectInvalid, expectRevert, rejectionOf, withClients } from "../clients.ts";

const sector = BigInt(SECTOR);

async function feeding() {
  const given = await withClients(feedFixture);
  return { ...given, client: await given.as(given.stranger), address: await given.feed.getAddress() };
}

describe("feeds of subnets", () => {
  it("earn by their sector, are created once, and pour into the pots", async () => {
    const { client, earn, token, address } = await feeding();
    expect(await getFeed(client, { subnetId: 1n })).to.deep.equal({ feed: address, isCreated: false });
    await earn();
    expect(await getWithdrawable(client, { account: address, token })).to.equal(35n);
    expect(await rejectionOf(pourFeed(client, { feed: address, token }))).to.be.instanceOf(
      ContractNotFoundError,
    );

    expect((await createFeed(client, { subnetId: 1n })).feed).to.equal(address);
    expect(await getFeed(client, { subnetId: 1n })).to.deep.equal({ feed: address, isCreated: true });
    await expectRevert(createFeed(client, { subnetId: 1n }), "FeedExists", { subnetId: 1n, feed: address });

    expect(await pourFeed(client, { feed: address, token })).to.include({ amount: 35n, epoch: 1n });
    expect(await getPot(client, { subnetId: 1n, token, epoch: 1n })).to.deep.equal({
      total: 35n,
      sponsored: 35n,
    });
    await expectRevert(pourFeed(client, { feed: address, token }), "FeedEmpty", { subnetId: 1n, token });
  });

  it("pour into the Commons once the subnet is retired", async () => {
    const { client, earn, feeds, subnets, admin, token, address, goTo } = await feeding();
    await feeds.create(1);
    await earn();
    await subnets.connect(admin).retire(1);
    await goTo(2n);
    expect(await pourFeed(client, { feed: address, token })).to.include({ amount: 35n, epoch: undefined });
  });

  it("when called with malformed values, name them", async () => {
    const { client, token, address } = await feeding();
    await expectInvalid(getFeed(client, { subnetId: 2n ** 32n }), "subnetId");
    await expectInvalid(createFeed(client, { subnetId: -1n }), "subnetId");
    // Ids begin with 1: what subnet 0 earned would be lost.
    await expectInvalid(getFeed(client, { subnetId: 0n }), "subnetId");
    await expectInvalid(createFeed(client, { subnetId: 0n }), "subnetId");
    await expectInvalid(pourFeed(client, { feed: "0x", token }), "feed");
    await expectInvalid(pourFeed(client, { feed: address, token: "0x" }), "token");
  });
});

describe("getSectorShare and callToSetSectorShare", () => {
  it("read and change a sector's part of the platform's leg", async () => {
    const { client, admin, address, commons } = await feeding();
    expect(await getSectorShare(client, { sector })).to.deep.equal({ account: address, bps: 5_000n });
    const account = await commons.getAddress();
    const set = callToSetSectorShare(client, { sector, bps: 100n, account });
    expect(set.summary).to.equal(
      `Pay ${account} 100 basis points of what applications leave of the platform's leg in sector 7`,
    );
    await admin.sendTransaction({ to: set.target, data: set.data });
    expect(await getSectorShare(client, { sector })).to.deep.equal({ account, bps: 100n });
    const end = callToSetSectorShare(client, { sector, bps: 0n });
    expect(end.summary).to.equal("End sector 7's part of the platform's leg");
    await admin.sendTransaction({ to: end.target, data: end.data });
    expect(await getSectorShare(client, { sector })).to.deep.equal({ account: undefined, bps: 0n });
  });

  it("when called with malformed values, name them", async () => {
    const { client, address: account } = await feeding();
    await expectInvalid(getSectorShare(client, { sector: 65_536n }), "sector");
    await expectInvalid(() => callToSetSectorShare(client, { sector: -1n, bps: 1n, account }), "sector");
    await expectInvalid(() => callToSetSectorShare(client, { sector, bps: 65_536n, account }), "bps");
    await expectInvalid(() => callToSetSectorShare(client, { sector, bps: 1n } as never), "account");
  });
});
