import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatEvidence, hashEvidence } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { ethers } from "../../grid.ts";
import { COIN, PARAMS, Phase, type Signer } from "../../subnets/support.ts";
import { scored, seats } from "../subnets/support.ts";
import { expectRefusal, runOfValidator, serve, temporaryFolder, write } from "./support.ts";

describe("benefit-grid validator", () => {
  const folder = temporaryFolder();
  let node: Awaited<ReturnType<typeof serve>>;
  let count = 0;

  before(async () => {
    node = await serve();
  });

  after(() => node.close());

  /** Subnet 1 in its epoch 2, and the command with its deployment and a new folder. */
  async function fixture() {
    const given = await seats();
    const deployment = write(folder, "deployment.json", given.deployment);
    const stored = join(folder, `stored-${++count}`);
    const options = ["--rpc", node.rpc, "--deployment", deployment];
    const run = (...argv: string[]) => runOfValidator(...argv, ...options);
    const as = ({ address }: Signer, command: string, ...argv: string[]) =>
      run(command, ...argv, "--subnet", "1", "--from", address);
    const storing = (signer: Signer, command: string, ...argv: string[]) =>
      as(signer, command, ...argv, "--folder", stored);
    const names = () => readdirSync(stored).sort();
    const [one, two, , fourth] = given.validators;
    const scores = (...numbers: number[]) =>
      write(folder, "scores.json", {
        scores: Object.fromEntries(numbers.map((number, i) => [given.miners[i]?.address, number])),
      });
    return { ...given, run, asCommand: as, storing, stored, names, one, two, fourth, scores };
  }

  const refused = (running: ReturnType<typeof runOfValidator>, message: string | RegExp) =>
    expectRefusal(running, message, "validator");

  it("stakes, registers, commits, reveals and is paid", async () => {
    const given = await fixture();
    const { asCommand, storing, fourth, client, hub, goTo, names, scores } = given;
    await removedSlot(given);
    const staked = await asCommand(fourth, "stake", "--amount", "300");
    expect(staked.err).to.match(/^(Sent transaction 0x\w{64}\.\n?){2}$/);
    expect(staked.out).to.match(/^1\. stake 300 coins in subnet 1: they count from epoch 4 on\n2\. register/);
    expect(staked.out).to.match(/Done\. Your weights count from epoch 4 on: commit them from .* UTC on\.$/);
    const early = await asCommand(fourth, "status");
    expect(early.out).to.contain("Stake       0 coins count, 300 coins more from epoch 4 on");
    expect(early.out).to.match(/Next: commit from .* UTC on\. Your stake counts from then on\.$/);
    const useless = await storing(fourth, "commit", scores(1), "--dry-run");
    expect(useless.out).to.contain(
      "They will not count: 0 coins of your stake count in this epoch, and the minimum is 100 coins.",
    );
    expect(await hub.validatorSlotOf(1n, fourth)).to.equal(2n);
    expect((await asCommand(fourth, "stake")).out).to.equal(
      "Validator in slot 2 of subnet 1, with 300 coins staked.",
    );

    await goTo(4n, Phase.Score);
    const committed = await storing(fourth, "commit", scores(0.9, 0.45), "--uri", "ipfs://scores");
    expect(committed.out).to.contain("Weights of epoch 4 of subnet 1, for 2 miners: 65535, 16384, 0.");
    expect(committed.out).not.to.contain("not count");
    expect(committed.out).to.match(
      /Committed\. What reveal needs is in \S+\.json: keep it\.\nReveal them from /,
    );
    expect(names()).to.have.length(1);
    expect((await storing(fourth, "commit", scores(0.9, 0.45), "--uri", "ipfs://scores")).out).to.contain(
      "These weights are committed already.",
    );
    await goTo(4n, Phase.Reveal);
    const revealed = await storing(fourth, "reveal");
    expect(revealed.out).to.match(/^1\. reveal your weights of epoch 4 of subnet 1\nRevealed\. From /);
    const [event] = await hub.queryFilter(hub.filters.WeightsRevealed());
    const source = readFileSync(join(folder, "scores.json"));
    expect(event?.args.slice(3)).to.deep.equal([
      2n,
      "0xffff40000000",
      ethers.keccak256(source),
      "ipfs://scores",
    ]);
    await refused(storing(fourth, "reveal"), "Your weights of epoch 4 are revealed already.");

    await goTo(5n);
    const waiting = await asCommand(fourth, "status");
    expect(waiting.out).to.contain("Waiting     epoch 4 is over: anyone can run it, and reveal does");
    const more = await asCommand(fourth, "stake", "--amount", "1,000.5");
    expect(more.out).to.contain("1. run epoch 4, which is over and waits\n2. stake 1,000.5 coins");
    const status = await asCommand(fourth, "status");
    expect(status.out).to.contain("Stake       300 coins count, 1,000.5 coins more from epoch 6 on");
    expect(status.out).to.contain("Last pay    50 % of each pot of epoch 4, as validator");
    expect((await client.contracts.SubnetHub?.subnetOf(1n))?.lastEpoch).to.equal(4n);
  });

  /** Makes room in the table of validators, in epoch 3: their immunity is over. */
  async function removedSlot({ hub, validators, goTo }: Awaited<ReturnType<typeof fixture>>) {
    await goTo(3n);
    await hub.connect(validators[2]).deregisterValidator(1n);
  }

  describe("stake", () => {
    it("approves the hub if it must, and says the steps before", async () => {
      const given = await fixture();
      const { asCommand, stranger, coin, hub } = given;
      await removedSlot(given);
      await refused(
        asCommand(stranger, "stake"),
        `${stranger.address} has 0 coins, but needs 100 coins to stake.`,
      );
      await coin.mint(stranger, 500n * COIN);
      const tried = await asCommand(stranger, "stake", "--dry-run");
      expect(tried.out.split("\n")).to.deep.equal([
        "1. let the subnet hub take 100 coins",
        "2. stake 100 coins in subnet 1: they count from epoch 4 on",
        "3. register as validator of subnet 1: you cannot unstake for up to 2 epochs",
        "Dry run: nothing was sent.",
      ]);
      expect(await coin.balanceOf(stranger)).to.equal(500n * COIN);
      const { out } = await asCommand(stranger, "stake", "--unsigned");
      expect(JSON.parse(out).map(({ to }: { to: string }) => to)).to.deep.equal([
        await coin.getAddress(),
        await hub.getAddress(),
        await hub.getAddress(),
      ]);
      const json = await asCommand(stranger, "stake", "--json");
      expect(JSON.parse(json.out).sent).to.have.length(3);
      expect(await coin.balanceOf(stranger)).to.equal(400n * COIN);
    });

    it("when registrations are closed, says when they open", async () => {
      const { asCommand, fourth, goTo, hub } = await fixture();
      await goTo(2n, Phase.Answer);
      const { out } = await asCommand(fourth, "stake", "--amount", "200");
      expect(out).to.match(
        /1\. stake 200 coins.*\nYou can register in the next task phase, from .* UTC on: run/,
      );
      expect((await hub.stakeOf(1n, fourth)).added).to.equal(200n * COIN);
    });

    it("when all slots are taken, says what it needs before any coin is staked", async () => {
      const { asCommand, fourth, goTo, hub } = await fixture();
      await refused(
        asCommand(fourth, "stake"),
        "All 3 slots of subnet 1 are taken by validators that cannot be replaced before epoch 3. Try again then.",
      );
      await goTo(3n);
      await refused(
        asCommand(fourth, "stake"),
        "All 3 slots of subnet 1 are taken. To replace the weakest validator, stake more than its 200 coins: see --amount.",
      );
      await asCommand(fourth, "stake", "--amount", "200.00000001");
      expect(await hub.validatorSlotOf(1n, fourth)).to.equal(2n);
    });

    it("when the amount or the subnet is wrong, says so", async () => {
      const { run, asCommand, fourth } = await fixture();
      await refused(
        asCommand(fourth, "stake", "--amount", "99"),
        "Subnet 1 needs 100 coins of a validator. You have 0 coins there: add 100 coins or more.",
      );
      await refused(
        asCommand(fourth, "stake", "--amount", "ten"),
        '--amount needs coins with at most 8 decimals, such as 1500.5, but got "ten".',
      );
      await refused(run("stake", "--subnet", "9"), "There is no subnet 9. Check --subnet and the chain.");
      await refused(run("stake"), "--subnet is missing. See --help.");
    });
  });

  describe("commit", () => {
    it("when all validators have too little stake, says that the epoch will pay nobody", async () => {
      const { storing, validators, hub, goTo, scores } = await fixture();
      const [one, two, three] = validators;
      await goTo(3n);
      await hub.connect(one).unstake(1n, 401n * COIN);
      await hub.connect(two).unstake(1n, 200n * COIN);
      await hub.connect(three).unstake(1n, 1n);
      const { out } = await storing(three, "commit", scores(1), "--dry-run");
      expect(out).to.contain(
        "This epoch will pay nobody: all validators have 299.99999999 coins that count, and 300 coins must reveal weights.",
      );
    });

    it("stores what reveal needs before it sends, and sends the same again after a crash", async () => {
      const { storing, one, hub, names, stored, scores } = await fixture();
      // The transaction was never sent, as after a crash.
      const unsigned = await storing(one, "commit", scores(1, 1), "--unsigned");
      expect(JSON.parse(unsigned.out).to).to.equal(await hub.getAddress());
      const [name = ""] = names();
      expect(names()).to.have.length(1);
      expect(await hub.commitmentOf(1n, one)).to.equal(ethers.ZeroHash);
      await storing(one, "commit", scores(1, 1));
      expect(names()).to.deep.equal([name]);
      const content = JSON.parse(readFileSync(join(stored, name), "utf8"));
      expect(content).to.include({ format: "benefit-grid/reveal/1", uri: "" });
      expect(content.weights).to.deep.equal([65_535, 65_535, 0]);
      expect(name).to.contain((await hub.commitmentOf(1n, one)).slice(2, 18));
    });

    it("when other weights of the epoch are stored, needs --force, and keeps both", async () => {
      const { storing, one, names, scores, goTo, hub } = await fixture();
      await storing(one, "commit", scores(1));
      await refused(
        storing(one, "commit", scores(1, 1)),
        /has other weights of epoch 2\. To replace them, pass --force\.$/,
      );
      await storing(one, "commit", scores(1, 1), "--force");
      expect(names()).to.have.length(2);
      await goTo(2n, Phase.Reveal);
      await storing(one, "reveal");
      const [event] = await hub.queryFilter(hub.filters.WeightsRevealed());
      expect(event?.args.weights).to.equal("0xffffffff0000");
    });

    it("takes weights, and evidence of this validator and epoch", async () => {
      const { storing, asCommand, one, miners, hub, scores } = await fixture();
      const [first, second] = miners;
      const weights = write(folder, "weights.json", {
        weights: { [first.address.toLowerCase()]: 1, [second.address]: 0.5 },
      });
      const shown = await asCommand(one, "commit", weights, "--dry-run");
      expect(shown.out).to.equal(
        "Weights of epoch 2 of subnet 1, for 2 miners: 65535, 32768, 0.\nDry run: nothing was stored or sent.",
      );
      const entry = {
        score: 0.5,
        parts: { mcc: 0.5 },
        dataset: { capsuleId: 1n, version: 1n },
        testSetHash: ethers.id("test set") as `0x${string}`,
      };
      const evidence = {
        chainId: 31_337n,
        hub: await hub.getAddress(),
        subnetId: 1n,
        epoch: 2n,
        validator: one.address,
        entries: [
          { ...entry, miner: first.address, weight: 7n },
          { ...entry, miner: second.address, weight: 9n },
        ],
      };
      const file = write(folder, "evidence.json", formatEvidence(evidence));
      const { out } = await storing(one, "commit", file, "--json");
      expect(JSON.parse(out)).to.include({ epoch: "2" });
      const dry = await asCommand(one, "commit", file, "--dry-run", "--json");
      expect(JSON.parse(dry.out).dryRun).to.deep.equal({
        weights: ["7", "9", "0"],
        evidenceHash: hashEvidence(evidence),
        uri: "",
      });
      const old = write(folder, "old.json", formatEvidence({ ...evidence, epoch: 1n }));
      await refused(asCommand(one, "commit", old), `${old} is evidence with epoch 1, but here it is 2.`);
      await refused(asCommand(one, "commit", scores()), /scores of .* has no miner\.$/);
    });

    it("when the file is wrong, says how", async () => {
      const { asCommand, one, stranger, miners } = await fixture();
      const miner = miners[0]?.address ?? "";
      const commit = (content: string | object) => {
        const file = write(folder, "wrong.json", content);
        return asCommand(one, "commit", file, "--folder", join(folder, "none"));
      };
      await refused(commit("{"), /wrong\.json is not JSON: /);
      await refused(commit("7"), /wrong\.json is not a JSON object\.$/);
      await refused(
        commit({}),
        /needs \{"scores": \{"0x\.\.\.": 0\.9\}\}, \{"weights": \{"0x\.\.\.": 3\}\}, or evidence\.$/,
      );
      await refused(commit({ scores: [1] }), /scores of .* needs numbers by miner/);
      await refused(commit({ scores: { alice: 1 } }), /has alice, which is no address\.$/);
      await refused(commit({ scores: { [miner]: "1" } }), new RegExp(`needs a number for ${miner}\\.$`));
      await refused(commit({ weights: { [miner]: -1 } }), /has -1, which is out of range\.$/);
      await refused(commit({ scores: { [miner]: 1, [miner.toLowerCase()]: 2 } }), /has a miner twice\.$/);
      await refused(
        commit({ scores: { [miner]: -1 } }),
        /gives no miner a weight, so it would have no effect\.$/,
      );
      await refused(
        commit({ scores: { [stranger.address]: 1 } }),
        /which is no miner of subnet 1\. Remove it, or check --subnet\.$/,
      );
      await refused(
        asCommand(one, "commit", "/nowhere.json"),
        "There is no file /nowhere.json. Check its path.",
      );
      await refused(asCommand(one, "commit"), "FILE is missing. See --help.");
    });

    it("when the account is no validator, or it is too late, says so", async () => {
      const { storing, one, stranger, goTo, scores } = await fixture();
      await refused(
        storing(stranger, "commit", scores(1)),
        `${stranger.address} is no validator of subnet 1. Register it first by stake.`,
      );
      await goTo(2n, Phase.Reveal);
      await refused(
        storing(one, "commit", scores(1)),
        /^benefit-grid validator: Weights of epoch 2 can no longer be committed\. Epoch 3 begins in 15 minutes, at /,
      );
    });
  });

  describe("reveal", () => {
    it("when it is too early, says when the phase opens", async () => {
      const { storing, one, scores } = await fixture();
      await storing(one, "commit", scores(1));
      await refused(storing(one, "reveal"), /Epoch 2 is in its task phase\. Reveal from .* UTC to .* UTC\.$/);
    });

    it("when the stored weights are missing, damaged or not the committed ones, says so", async () => {
      const { storing, one, two, names, stored, scores, goTo } = await fixture();
      await refused(storing(two, "reveal"), /has no weights that you committed in epoch 2\. Commit first\.$/);
      await storing(one, "commit", scores(1));
      const [name = ""] = names();
      const file = join(stored, name);
      const content = readFileSync(file, "utf8");
      await goTo(2n, Phase.Reveal);
      await refused(storing(two, "reveal"), /Epoch 3 begins in 15 minutes\.$/);
      writeFileSync(file, content.replace("65535", "1"));
      await refused(
        storing(one, "reveal"),
        /are not those that you committed last\. Commit them again before /,
      );
      writeFileSync(file, "{");
      await refused(
        storing(one, "reveal"),
        `${file} is not a reveal by benefit-grid validator. Restore it from a backup.`,
      );
      rmSync(file);
      await refused(storing(one, "reveal"), /has no weights that you committed in epoch 2/);
    });

    it("runs an earlier epoch first", async () => {
      const given = await fixture();
      const { storing, one, scores, goTo, hub } = given;
      await scored(given, 2n, [undefined, [1n, 1n]]);
      await goTo(3n);
      await storing(one, "commit", scores(1));
      await goTo(3n, Phase.Reveal);
      const { out } = await storing(one, "reveal");
      expect(out).to.contain("1. run epoch 2, which is over and waits\n2. reveal your weights of epoch 3");
      expect((await hub.subnetOf(1n)).lastEpoch).to.equal(2n);
    });
  });

  describe("status", () => {
    it("shows a newcomer the subnet alone", async () => {
      const { run } = await fixture();
      const { out, status } = await run("status", "--subnet", "1");
      expect(status).to.equal(0);
      expect(out).to.match(
        /^Subnet 1, open to every miner\nEpoch {7}2, until .* UTC\nPhase {7}task: validators and miners register, and validators commit test sets\. It ends in 15 minutes, at .* UTC\.$/,
      );
    });

    it("shows stake, slot, weights, pay and the next step", async () => {
      const given = await fixture();
      const { asCommand, storing, one, fourth, token, as, sponsor, usd, hub, goTo, scores } = given;
      await usd.connect(sponsor).approve(hub, 1_000_000n);
      await hub.connect(sponsor).fund(1n, token, 1_000_000n, 2n, 1n);
      const before = await asCommand(one, "status");
      expect(before.out.split("\n").slice(4)).to.deep.equal([
        `You, ${one.address}`,
        "Stake       500 coins count; a validator needs 100 coins",
        "All stakes  1,000 coins count; an epoch pays only if 300 coins or more reveal weights",
        before.out.split("\n").at(7),
        "Slot        0",
        "Weights     none in epoch 2",
        "Last pay    no epoch was run yet",
        "Unclaimed   nothing",
        "",
        before.out.split("\n").at(-1),
      ]);
      expect(before.out).to.match(/Bound {7}until epoch 3 begins, at .* UTC: you cannot unstake before\n/);
      expect(before.out).to.match(/Next: commit before .* UTC\.$/);
      expect((await asCommand(fourth, "status")).out).to.contain("Slot        none: 3 of 3 are taken");
      await storing(one, "commit", scores(1));
      const committed = await asCommand(one, "status");
      expect(committed.out).to.contain("Weights     committed in epoch 2, not revealed yet");
      expect(committed.out).to.match(/Next: reveal from .* UTC on\.$/);
      await goTo(2n, Phase.Reveal);
      await storing(one, "reveal");
      const revealed = await asCommand(one, "status");
      expect(revealed.out).to.contain("Weights     revealed in epoch 2");
      expect(revealed.out).to.match(/Next: wait until .* UTC\. Then epoch 2 can be run\.$/);
      await goTo(3n);
      await hub.runEpoch(1n);
      expect((await asCommand(one, "stake", "--amount", "1")).out).to.match(
        /Done\. Next: commit weights of this epoch before .* UTC\.$/,
      );
      await hub.connect(one).unstake(1n, 11n * COIN);
      const paid = await asCommand(one, "status");
      expect(paid.out).not.to.contain("Bound");
      expect(paid.out).to.contain("Last pay    50 % of each pot of epoch 2, as validator");
      expect(paid.out).to.contain(`Unclaimed   0.5 ${await usd.symbol()} (${token}) as validator in epoch 2`);
      expect(paid.out).to.match(/Unstaking {3}11 coins, withdrawable from .* UTC on/);
      await hub.connect(one).unstake(1n, 450n * COIN);
      expect((await asCommand(one, "status")).out).to.match(
        /Next: stake more, or your weights do not count\.$/,
      );
      const { out } = await asCommand(one, "status", "--json");
      expect(JSON.parse(out)).to.include({ slot: "0", hasRevealed: false, subnetId: "1" });
      expect(await as(one)).to.have.property("addresses");
    });
  });

  it("when a contract refuses, explains it in a sentence", async () => {
    const given = await fixture();
    const { asCommand, fourth, coin, hub } = given;
    await removedSlot(given);
    await coin.mint(fourth, 2n ** 64n);
    await hub.connect(fourth).stake(1n, 2n ** 63n);
    // The sum has more than 64 bits.
    await refused(asCommand(fourth, "stake", "--amount", "92233720368.54775808"), /validator: [A-Z][^(]*\.$/);
  });

  it("explains itself", async () => {
    const help = await runOfValidator("help");
    expect(help.out).to.match(/^Usage: benefit-grid validator <command>\n\n {2}stake --subnet ID/);
    expect(help.out).to.contain("After the epoch anyone can run it: then pay is due.");
    const commit = await runOfValidator("commit", "--help");
    expect(commit.out).to.contain('{"scores": {"0x...": 0.9}}');
    await refused(runOfValidator("score"), "There is no command score. See benefit-grid validator help.");
    expect(PARAMS.minValidatorStake).to.equal(100n * COIN);
  });
});
