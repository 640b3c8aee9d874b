import {
  type Client,
  claimRewards,
  explainReward,
  fundSubnetFromWallet,
  getQuality,
  NotFoundError,
  RecordMismatchError,
  registerMiner,
} from "@benefit-grid/sdk";
import { YUMA_ONE } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { Interface, type Log } from "ethers";
import { HASH, PARAMS, Phase, SECTOR, type Signer } from "../../subnets/support.ts";
import { expectRevert, rejectionOf } from "../clients.ts";
import { EVIDENCE, emptyHub, run, type Seats, seats, URI } from "./support.ts";

const POT = 1_000_000n;

/** Epochs 2 and 3 with pots, run. In epoch 3 the third validator reveals, and the fourth miner is new. */
async function twoEpochs() {
  const fixture = await seats();
  const { as, sponsor, token, miners } = fixture;
  const order = { subnetId: 1n, token, amountPerEpoch: POT, epochs: 2n };
  await fundSubnetFromWallet(await as(sponsor), order);
  await run(fixture, 2n, [
    [3n, 1n, 0n],
    [2n, 2n, 0n],
  ]);
  await registerMiner(await as(miners[3] as Signer), { subnetId: 1n });
  await run(fixture, 3n, [[1n, 3n, 0n, 9n], undefined, [1n, 1n, 1n]]);
  return fixture;
}

function explain({ client }: Pick<Seats, "client">, epoch: bigint, account: Signer | undefined) {
  return explainReward(client, { subnetId: 1n, epoch, account: account?.address ?? "" });
}

/** The same client, whose node changes the logs. */
function withLogs(client: Client, change: (log: Log) => object): Client {
  const getLogs = async (filter: object) =>
    (await client.provider.getLogs(filter)).map((log) => ({ ...log, ...change(log) }));
  const provider = new Proxy(client.provider, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target);
      if (key === "getLogs") return getLogs;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...client, provider };
}

describe("explainReward", () => {
  it("tells a miner whose weights paid it, and how much", async () => {
    const fixture = await twoEpochs();
    const { miners, validators, client, token } = fixture;
    const { reasons, payments, validators: all, ...rest } = await explain(fixture, 2n, miners[0]);
    const turnout = 800n * 10n ** 8n;
    expect(rest).to.deep.include({ kind: "open", previousEpoch: undefined, turnout });
    expect(all.map(({ stake, hasRevealed, isPermitted }) => [stake, hasRevealed, isPermitted])).to.deep.equal(
      [
        [500n * 10n ** 8n, true, true],
        [300n * 10n ** 8n, true, true],
        [200n * 10n ** 8n, false, true],
      ],
    );
    const [reason] = reasons;
    if (reason?.role !== "miner") throw new Error("Expected a miner.");
    expect(reason).to.include({ slot: 0n, index: 3n, account: miners[0]?.address });
    // 500 of 800 active coins back 3/4. The consensus of the majority is 3/4.
    const three = (3n * YUMA_ONE) / 4n;
    const evidence = { evidenceHash: EVIDENCE, uri: URI, miner: miners[0]?.address };
    expect(reason.consensus).to.equal(three);
    expect(reason.weights).to.deep.equal([
      { ...evidence, validator: validators[0]?.address, weight: 3n, fraction: three, clipped: three },
      {
        ...evidence,
        validator: validators[1]?.address,
        weight: 2n,
        fraction: YUMA_ONE / 2n,
        clipped: YUMA_ONE / 2n,
      },
    ]);
    const [payment] = payments;
    expect(payment).to.include({ token, pot: POT, isClaimed: false, hash: undefined });
    expect(payment?.amount).to.equal((POT * reason.share) / YUMA_ONE);
    const order = { subnetId: 1n, epoch: 2n, token, accounts: [miners[0]?.address ?? ""] };
    const { amount, hash } = await claimRewards(client, order);
    const [paid] = (await explain(fixture, 2n, miners[0])).payments;
    expect(paid).to.deep.equal({ ...payment, isClaimed: true, hash });
    expect(paid?.amount).to.equal(amount);
    const inParts = { subnetId: 1n, epoch: 2n, account: miners[0]?.address ?? "", blockRange: 3 };
    expect((await explainReward(client, inParts)).payments).to.deep.equal([paid]);
  });

  it("tells a validator its bonds before and after", async () => {
    const fixture = await twoEpochs();
    const { validators, miners } = fixture;
    const first = await explain(fixture, 2n, validators[0]);
    const second = await explain(fixture, 3n, validators[0]);
    expect(second.previousEpoch).to.equal(2n);
    const [[before], [after]] = [first.reasons, second.reasons];
    if (before?.role !== "validator" || after?.role !== "validator") throw new Error("Expected a validator.");
    expect(after.weights.map(({ weight }) => weight)).to.deep.equal([1n, 3n, 0n, 9n]);
    // The new miner's weight does not count.
    expect(after.weights.map(({ fraction }) => fraction)).to.deep.equal([
      YUMA_ONE / 4n,
      (3n * YUMA_ONE) / 4n,
      0n,
      0n,
    ]);
    expect(after.bonds.map(({ miner }) => miner)).to.deep.equal(
      miners.slice(0, 4).map(({ address }) => address),
    );
    expect(after.bonds.map(({ before: bond }) => bond)).to.deep.equal([
      ...before.bonds.map(({ after: bond }) => bond),
      0n,
    ]);
    expect(before.bonds[0]?.after).to.equal(65_535n);
    expect(after.share > 0n).to.equal(true);
  });

  it("tells a validator that did not reveal that it is paid nothing", async () => {
    const fixture = await twoEpochs();
    const { reasons, payments, validators } = await explain(fixture, 3n, fixture.validators[1]);
    const [reason] = reasons;
    if (reason?.role !== "validator") throw new Error("Expected a validator.");
    expect(reason).to.include({ share: 0n });
    expect(reason.dividend > 0n, "its earlier bonds").to.equal(true);
    expect(reason.validator).to.deep.equal(validators[1]);
    expect(reason.validator).to.include({ hasRevealed: false, stakeFraction: 0n, evidenceHash: undefined });
    expect([reason.weights, payments]).to.deep.equal([[], []]);
  });

  it("when too little stake revealed weights, tells that nobody is paid and bonds stay", async () => {
    const fixture = await twoEpochs();
    await run(fixture, 4n, [undefined, undefined, [1n, 1n, 1n]]);
    const [before] = (await explain(fixture, 3n, fixture.validators[0])).reasons;
    const { reasons, turnout, params, payments } = await explain(fixture, 4n, fixture.validators[0]);
    const [reason] = reasons;
    if (before?.role !== "validator" || reason?.role !== "validator")
      throw new Error("Expected a validator.");
    expect([turnout, params.minTotalStake]).to.deep.equal([200n * 10n ** 8n, 300n * 10n ** 8n]);
    expect([reason.share, reason.dividend, payments]).to.deep.equal([0n, 0n, []]);
    expect(reason.bonds.map(({ after }) => after)).to.deep.equal(before.bonds.map(({ after }) => after));
    const [miner] = (await explain(fixture, 4n, fixture.miners[0])).reasons;
    expect(miner).to.include({ share: 0n, consensus: 0n, incentive: 0n });
    expect(miner?.weights.map(({ weight }) => weight)).to.deep.equal([1n]);
  });

  it("when an account is validator and miner, tells both, without its weight for itself", async () => {
    const fixture = await seats();
    const [validator] = fixture.validators;
    await registerMiner(await fixture.as(validator), { subnetId: 1n });
    await run(fixture, 2n, [
      [1n, 1n],
      [1n, 1n],
    ]);
    await run(fixture, 3n, [
      [1n, 0n, 0n, 7n],
      [1n, 0n, 0n, 1n],
    ]);
    const { reasons } = await explain(fixture, 3n, validator);
    expect(reasons.map(({ role, slot }) => [role, slot])).to.deep.equal([
      ["validator", 0n],
      ["miner", 3n],
    ]);
    expect(reasons[1]?.weights.map(({ fraction }) => fraction)).to.deep.equal([0n, YUMA_ONE / 2n]);
  });

  it("when the subnet is sovereign, tells that validators alone are paid", async () => {
    const fixture = await emptyHub();
    const { hub, admin, champions, validators, miners, goTo } = fixture;
    await hub.connect(admin).createSovereign(SECTOR, PARAMS, HASH, "");
    for (const [i, miner] of miners.slice(0, 2).entries()) {
      await champions.setOperator(i + 1, miner);
      await champions.setRewarded(i + 1, SECTOR, true);
      await hub.connect(miner).registerChampion(1n, i + 1);
    }
    await hub.connect(validators[0]).stake(1n, PARAMS.minTotalStake);
    await hub.connect(validators[0]).registerValidator(1n);
    await goTo(2n);
    await run(fixture, 2n, [[4n, 1n]]);
    const { kind, reasons } = await explain(fixture, 2n, miners[1]);
    const [reason] = reasons;
    if (reason?.role !== "miner") throw new Error("Expected a miner.");
    expect([kind, reason.share, reason.incentive]).to.deep.equal(["sovereign", 0n, YUMA_ONE / 5n]);
    const [dividend] = (await explain(fixture, 2n, validators[0])).reasons;
    expect(dividend?.share).to.equal(YUMA_ONE);
    const quality = await getQuality(fixture.client, { sector: BigInt(SECTOR), championId: 2n });
    expect(quality).to.deep.equal({ quality: 65_536n / 4n, subnetId: 1n });
  });

  it("when the account had no slot or the epoch was not run, says so", async () => {
    const fixture = await twoEpochs();
    const stranger = await rejectionOf(explain(fixture, 2n, fixture.stranger));
    expect(stranger).to.be.instanceOf(NotFoundError);
    expect(stranger.message).to.contain("It had no slot in that epoch");
    await expectRevert(explain(fixture, 4n, fixture.miners[0]), "RecordNonexistent", {
      subnetId: 1n,
      epoch: 4n,
    });
    await fixture.goTo(4n, Phase.Answer);
  });

  it("when the chain's numbers differ, names the first that does", async () => {
    const fixture = await twoEpochs();
    const { client, hub, miners } = fixture;
    const abi = new Interface(hub.interface.fragments);
    const forged = (name: string, change: (args: unknown[]) => void) =>
      withLogs(client, (log) => {
        const event = abi.parseLog(log);
        if (event?.name !== name) return {};
        const args = event.args.toArray(true);
        change(args);
        return { data: abi.encodeEventLog(event.fragment, args).data };
      });
    const others = {
      "consensus[0]": forged("WeightsRevealed", (args) => {
        args[4] = "0x000100030000";
      }),
      "incentives[1]": forged("EpochRun", (args) => {
        (args[10] as bigint[])[1] = 1n;
      }),
      "dividends[0]": forged("EpochRun", (args) => {
        (args[11] as bigint[])[0] = 1n;
      }),
    };
    for (const [field, liar] of Object.entries(others)) {
      const error = await rejectionOf(explain({ ...fixture, client: liar }, 2n, miners[0]));
      expect(error, error.stack).to.be.instanceOf(RecordMismatchError);
      expect(error).to.include({ field, subnetId: 1n, epoch: 2n, code: "RECORD_MISMATCH" });
    }
    const { token } = fixture;
    await claimRewards(client, { subnetId: 1n, epoch: 2n, token, accounts: [miners[0]?.address ?? ""] });
    const wrongClaim = forged("ShareClaimed", (args) => {
      args[5] = 1n;
    });
    const error = await rejectionOf(explain({ ...fixture, client: wrongClaim }, 2n, miners[0]));
    expect(error).to.include({ field: `payment of index 3 in ${token}`, actual: 1n });
  });
});
