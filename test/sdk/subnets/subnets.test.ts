import {
  approveStake,
  createSubnet,
  deregisterMiner,
  deregisterValidator,
  getQuality,
  getSubnet,
  getSubnetClock,
  getSubnetDefaults,
  listMiners,
  listSubnets,
  listValidators,
  registerMiner,
  registerValidator,
  retireSubnet,
  stake,
  unstake,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { BOND, COIN, FEE, HASH, HOUR, PARAMS, Phase } from "../../subnets/support.ts";
import { expectRevert } from "../clients.ts";
import { emptyHub, oneSubnet, seats } from "./support.ts";

const DESCRIPTION = { metadataHash: HASH as `0x${string}`, uri: "ipfs://subnet" };

describe("createSubnet", () => {
  it("creates a subnet against its bond, with inherited parameters", async () => {
    const { as, creator, stranger, hub, coin, client } = await emptyHub();
    const defaults = await getSubnetDefaults(client);
    expect(defaults).to.deep.equal({ params: PARAMS, bond: BOND, openSubnets: 0n, maxSubnets: 64n });
    const own = await as(creator);
    expect(await createSubnet(own, DESCRIPTION)).to.include({ subnetId: 1n, bond: BOND });

    await coin.mint(stranger, BOND);
    await expectRevert(createSubnet(client, DESCRIPTION), "ERC20InsufficientAllowance", {
      spender: await hub.getAddress(),
      allowance: 0n,
      needed: BOND,
    });
    await approveStake(client, { amount: BOND });
    const { subnetId } = await createSubnet(client, { ...DESCRIPTION, parentId: 1n });
    expect(await getSubnet(client, { subnetId })).to.deep.include({
      kind: "open",
      creator: stranger.address,
      sector: undefined,
      parentId: 1n,
      retiredFrom: undefined,
      pendingEpoch: undefined,
      lastEpoch: undefined,
      bond: BOND,
      params: PARAMS,
    });
  });

  it("when the parent does not exist, reverts", async () => {
    const { as, creator } = await emptyHub();
    const calling = createSubnet(await as(creator), { ...DESCRIPTION, parentId: 7n });
    await expectRevert(calling, "SubnetNonexistent", { subnetId: 7n });
  });
});

describe("retireSubnet", () => {
  it("ends the subnet after its epoch and returns the bond", async () => {
    const { as, creator, client, stranger } = await oneSubnet();
    const refused = { subnetId: 1n, caller: stranger.address };
    await expectRevert(retireSubnet(client, { subnetId: 1n }), "CallerNotSubnetCreator", refused);
    const { fromEpoch, bond } = await retireSubnet(await as(creator), { subnetId: 1n });
    expect([fromEpoch, bond]).to.deep.equal([2n, BOND]);
    expect(await getSubnet(client, { subnetId: 1n })).to.include({ retiredFrom: 2n, bond: 0n });
  });
});

describe("listSubnets", () => {
  it("shows the newest with their descriptions", async () => {
    const { as, creator, client } = await oneSubnet();
    const own = await as(creator);
    await createSubnet(own, { ...DESCRIPTION, uri: "ipfs://other" });
    await retireSubnet(own, { subnetId: 1n });
    const all = await listSubnets(client);
    expect(all.map(({ subnetId, uri, isRetired }) => [subnetId, uri, isRetired])).to.deep.equal([
      [1n, "ipfs://subnet", true],
      [2n, "ipfs://other", false],
    ]);
    expect(await listSubnets(client, { limit: 1 })).to.deep.equal(all.slice(1));
  });
});

describe("getSubnetClock", () => {
  it("shows epoch, phase and their ends", async () => {
    const { client, goTo, startOf } = await oneSubnet();
    await goTo(3n, Phase.Score);
    const start = await startOf(3n, Phase.Task);
    expect(await getSubnetClock(client, { subnetId: 1n })).to.deep.equal({
      epoch: 3n,
      phase: "score",
      endsAt: start + (3n * HOUR) / 4n,
      starts: {
        task: start,
        answer: start + HOUR / 4n,
        score: start + HOUR / 2n,
        reveal: start + (3n * HOUR) / 4n,
      },
      epochEndsAt: start + HOUR,
      secondsLeft: HOUR / 4n,
    });
    await expectRevert(getSubnetClock(client, { subnetId: 9n }), "SubnetNonexistent", { subnetId: 9n });
  });
});

describe("the tables of a subnet", () => {
  it("list validators with their stakes, and miners", async () => {
    const { client, validators, miners } = await seats();
    expect(await listValidators(client, { subnetId: 1n })).to.deep.equal(
      [500n, 300n, 200n].map((coins, i) => ({
        slot: BigInt(i),
        account: validators[i]?.address,
        registeredAt: 1n,
        immuneUntil: 1n + PARAMS.immunity,
        revealedAt: undefined,
        stake: coins * COIN,
      })),
    );
    expect(await listMiners(client, { subnetId: 1n })).to.deep.equal(
      [0, 1, 2].map((i) => ({
        slot: BigInt(i),
        account: miners[i]?.address,
        registeredAt: 1n,
        incentive: 0n,
        championId: undefined,
      })),
    );
    for (const list of [listValidators, listMiners])
      await expectRevert(list(client, { subnetId: 9n }), "SubnetNonexistent", { subnetId: 9n });
  });

  it("lose who deregisters, and gain who registers", async () => {
    const { client, as, validators, miners, goTo } = await seats();
    const [first, , , fourth] = validators;
    const [miner] = miners;
    const bound = { subnetId: 1n, account: first.address, immuneUntil: 3n };
    const order = { subnetId: 1n, amount: 1n };
    await expectRevert(unstake(await as(first), order), "ValidatorBound", bound);
    await expectRevert(deregisterValidator(await as(first), { subnetId: 1n }), "ValidatorBound", bound);
    await goTo(3n);
    expect(await deregisterValidator(await as(first), { subnetId: 1n })).to.include({ slot: 0n });
    expect(await deregisterMiner(await as(miner), { subnetId: 1n })).to.include({ slot: 0n });
    expect((await listValidators(client, { subnetId: 1n })).map(({ slot }) => slot)).to.deep.equal([1n, 2n]);
    expect((await listMiners(client, { subnetId: 1n })).map(({ slot }) => slot)).to.deep.equal([1n, 2n]);

    const own = await as(fourth);
    await expectRevert(registerValidator(own, { subnetId: 1n }), "StakeBelowMinimum", {
      subnetId: 1n,
      account: fourth.address,
      staked: 0n,
      minimum: PARAMS.minValidatorStake,
    });
    await stake(own, { subnetId: 1n, amount: PARAMS.minValidatorStake });
    expect(await registerValidator(own, { subnetId: 1n })).to.include({ slot: 0n, epoch: 3n });
    expect(await registerMiner(await as(miner), { subnetId: 1n })).to.include({
      slot: 0n,
      epoch: 3n,
      fee: FEE,
    });
  });
});

describe("getQuality", () => {
  it("when the sector has no sovereign subnet, is 1", async () => {
    const { client } = await oneSubnet();
    const place = { sector: 7n, championId: 1n };
    expect(await getQuality(client, place)).to.deep.equal({ quality: 65_536n, subnetId: undefined });
  });
});
