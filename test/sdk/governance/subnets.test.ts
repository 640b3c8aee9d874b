import {
  callToBequeathPot,
  callToCreateSovereignSubnet,
  callToRetireSubnet,
  callToSetDefaultParams,
  callToSetMaxSubnets,
  callToSetSubnetBond,
  fundSubnetFromWallet,
  getPot,
  getQuality,
  getSubnet,
  getSubnetDefaults,
  registerChampion,
  retireSubnet,
  rollOverPot,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { networkHelpers } from "../../grid.ts";
import { COIN, HASH, PARAMS, SECTOR } from "../../subnets/support.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import { emptyHub, oneSubnet } from "../subnets/support.ts";

const DESCRIPTION = { metadataHash: HASH as `0x${string}`, uri: "ipfs://health" };

describe("calls for proposals about subnets", () => {
  it("set the default parameters, the bond and the maximum", async () => {
    const { client, admin } = await emptyHub();
    const params = { ...PARAMS, tempo: 86_400n };
    const calls = [
      callToSetDefaultParams(client, { params }),
      callToSetSubnetBond(client, { bond: 7n * COIN }),
      callToSetMaxSubnets(client, { maximum: 3n }),
    ];
    for (const { target, data } of calls) await admin.sendTransaction({ to: target, data });
    expect(await getSubnetDefaults(client)).to.deep.equal({
      params,
      bond: 7n * COIN,
      openSubnets: 0n,
      maxSubnets: 3n,
    });
    expect(calls.map(({ summary }) => summary)).to.deep.equal([
      `Set the parameters of new subnets: ${Object.entries(params)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ")}`,
      "Set the bond of new subnets to 700000000 base units of the coin",
      "Allow 3 open subnets at the same time",
    ]);
  });

  it("create and retire the sovereign subnet of a sector, where champions register", async () => {
    const { client, admin, champions, as, miners } = await emptyHub();
    const sector = BigInt(SECTOR);
    const create = callToCreateSovereignSubnet(client, { sector, params: PARAMS, ...DESCRIPTION });
    expect(create.summary).to.equal(
      "Create the sovereign subnet of sector 7: epochs of 3600 seconds, 3 validators and 4 champions, described at ipfs://health",
    );
    await admin.sendTransaction({ to: create.target, data: create.data });
    expect(await getSubnet(client, { subnetId: 1n })).to.include({ kind: "sovereign", sector, bond: 0n });
    const quality = { sector, championId: 1n };
    expect(await getQuality(client, quality)).to.deep.equal({ quality: 65_536n, subnetId: 1n });

    await champions.setRewarded(1n, sector, true);
    await champions.setOperator(1n, miners[0]);
    const operating = await as(miners[0]);
    expect(await registerChampion(operating, { subnetId: 1n, championId: 1n })).to.include({ slot: 0n });
    await champions.setOperator(1n, miners[1]);
    const next = await registerChampion(await as(miners[1]), { subnetId: 1n, championId: 1n });
    expect(next).to.include({ slot: 0n });

    const retire = callToRetireSubnet(client, { subnetId: 1n });
    expect(retire.summary).to.equal("Retire the sovereign subnet 1");
    await admin.sendTransaction({ to: retire.target, data: retire.data });
    expect((await getSubnet(client, { subnetId: 1n })).retiredFrom).to.equal(2n);
    const role = `0x${"0".repeat(64)}`;
    const { address: account } = miners[0];
    await expectRevert(retireSubnet(operating, { subnetId: 1n }), "AccessControlUnauthorizedAccount", {
      account,
      neededRole: role,
    });
  });

  it("move a pot without a sponsor from a retired subnet to another", async () => {
    const { client, admin, as, sponsor, creator, hub, token, goTo } = await oneSubnet();
    await hub.connect(creator).create(0, HASH, "ipfs://heir");
    const order = { subnetId: 1n, token, amountPerEpoch: 1_000n };
    await fundSubnetFromWallet(await as(sponsor), order);
    await goTo(2n);
    await rollOverPot(client, { subnetId: 1n, token, epoch: 1n });
    await retireSubnet(await as(creator), { subnetId: 1n });
    await goTo(3n);
    const parameters = { subnetId: 1n, token, epoch: 2n, heirId: 2n };
    const { target, data, summary } = callToBequeathPot(client, parameters);
    expect(summary).to.equal(`Move the pot of token ${token} of epoch 2 from subnet 1 to subnet 2`);
    // The heir is younger than subnet 1: its epoch 3 begins some seconds later.
    await networkHelpers.time.increase(60);
    await admin.sendTransaction({ to: target, data });
    const { epoch } = await hub.clockOf(2n);
    expect((await getPot(client, { subnetId: 2n, token, epoch })).total).to.equal(1_000n);
  });

  it("when called with malformed values, name them", async () => {
    const { client } = await emptyHub();
    const params = { ...PARAMS, tempo: 2n ** 32n };
    const create = { sector: 1n, params: PARAMS, ...DESCRIPTION };
    await expectInvalid(() => callToSetDefaultParams(client, { params }), "params.tempo");
    await expectInvalid(() => callToCreateSovereignSubnet(client, { ...create, params }), "params.tempo");
    await expectInvalid(() => callToCreateSovereignSubnet(client, { ...create, sector: -1n }), "sector");
    await expectInvalid(() => callToSetMaxSubnets(client, { maximum: 2n ** 32n }), "maximum");
    await expectInvalid(() => callToSetSubnetBond(client, { bond: -1n }), "bond");
    const pot = { subnetId: 1n, token: "0x", epoch: 1n, heirId: 2n };
    await expectInvalid(() => callToBequeathPot(client, pot), "token");
  });
});
