import { readFileSync } from "node:fs";
import { expect } from "chai";
import { EVIDENCE } from "../../commons/support.ts";
import { DELAY, type GovernanceFixture, SETTINGS, VOTES_START } from "../../governance/support.ts";
import { DAY, ethers, networkHelpers } from "../../grid.ts";
import { deployHub } from "../../subnets/support.ts";
import { active, founded, proposed, queued, started, succeeded } from "../governance/support.ts";
import { expectRefusal, run, serve, temporaryFolder, write } from "./support.ts";

type Signer = GovernanceFixture["alice"];

/** As the command prints amounts between a thousand and a million coins. */
function coinsText(units: bigint): string {
  return ethers.formatUnits(units, 8).replace(/^(\d+)(\d{3}\b)/, "$1,$2");
}

describe("benefit-grid dao, the life of a proposal", () => {
  const folder = temporaryFolder();
  let node: Awaited<ReturnType<typeof serve>>;

  before(async () => {
    node = await serve();
  });

  after(() => node.close());

  /** A fixture, and the command with its deployment. */
  async function at<T extends Awaited<ReturnType<typeof started>>>(fixture: () => Promise<T>) {
    const dao = await fixture();
    const deployment = write(folder, "deployment.json", dao.deployment);
    const read = (...argv: string[]) => run(...argv, "--rpc", node.rpc, "--deployment", deployment);
    const as = (signer: Signer, ...argv: string[]) => read(...argv, "--from", signer.address);
    const ledger = await dao.coin.getAddress();
    return { ...dao, read, as, ledger, deployment };
  }

  it("runs from delegation to execution", async () => {
    const { read, as, ledger, alice, bob, carol, terms, coin, governor } = await at(started);
    const delegated = await as(alice, "delegate", "self");
    expect(delegated.out).to.contain(
      `${alice.address} votes with your coins, and now has 139,999.999846 coins`,
    );

    const proposing = [
      "propose",
      "ledger",
      "--admit",
      ledger,
      "--title",
      "A ledger",
      "--description",
      "Audited.",
    ];
    const { out, status } = await as(alice, ...proposing);
    expect(status).to.equal(0);
    expect(out).to.contain(`Admit the ledger ${ledger}.`);
    expect(out).to.contain(`1. TermsRegistry.admitLedger\n   ledger: ${ledger} (FoundationCoin)`);
    expect(out).to.contain("Dry run: succeeds.");
    const id = /Proposal (\d+)/.exec(out)?.[1] ?? "";
    const prefix = id.slice(0, 8);

    await expectRefusal(as(alice, "vote", prefix, "for"), "Voting begins in 24 hours.");
    await networkHelpers.time.increase(DAY + 1n);
    const abstained = await as(bob, "vote", prefix, "abstain", "--reason", "I have no view.");
    expect(abstained.out).to.equal("Voted abstain with 69,999.99992299 coins: A ledger");
    await expectRefusal(as(bob, "vote", prefix, "for"), `${bob.address} has already voted.`);
    await expectRefusal(
      as(carol, "vote", prefix, "for"),
      `You are ${carol.address} and had 0 votes at the snapshot. Delegate before a proposal's snapshot.`,
    );
    await as(alice, "vote", prefix, "for");
    const voting = await as(alice, "status", prefix);
    expect(voting.out).to.match(/^Proposal \d+\nA ledger\n/);
    expect(voting.out).to.contain("State     Active. Voting ends in 7 days.");
    expect(voting.out).to.contain(
      "For       139,999.999846 coins\nAgainst   0 coins\nAbstain   69,999.99992299 coins",
    );
    const [{ args } = { args: undefined }] = await governor.queryFilter(governor.filters.ProposalCreated());
    const needed = coinsText(await governor.quorum(args?.voteStart ?? 0n));
    expect(voting.out).to.contain(
      `Quorum    reached: 99.9 of 49.9 % (209,999.99976899 coins of ${needed} coins)`,
    );
    expect(voting.out).to.contain("You have votes of 139,999.999846 coins and have voted.");
    expect(voting.out).to.contain("\n> Audited.\n");
    await expectRefusal(as(carol, "queue", prefix), "Voting ends in 7 days.");

    await networkHelpers.time.increase(SETTINGS.votingPeriod);
    await expectRefusal(
      as(carol, "execute", prefix),
      "The proposal passed but is not queued yet. Queue it first.",
    );
    expect((await as(carol, "queue", prefix)).out).to.match(
      /^Queued. Can be executed from .* UTC on: A ledger$/,
    );
    await expectRefusal(
      as(carol, "execute", prefix),
      /: The proposal is queued: it can be executed in 2 days, from .* UTC on\.$/,
    );
    await networkHelpers.time.increase(DELAY);
    const executed = await as(carol, "execute", prefix);
    expect(executed.out).to.contain("Dry run: succeeds.\nExecuted: A ledger");
    expect(executed.err).to.match(/^Sent transaction 0x[0-9a-f]{64}\.$/);
    expect(await terms.ledgerStatus(coin)).to.equal(1n);
    const listed = await read("list");
    expect(listed.out).to.match(new RegExp(`^${id.slice(0, 10)}  Executed   voting ended .* UTC  A ledger$`));
    await expectRefusal(as(carol, "execute", prefix), /: The proposal was executed\.$/);
  });

  it("ends a delegation", async () => {
    const { as, alice, coin } = await at(started);
    await as(alice, "delegate", "self");
    const { out } = await as(alice, "delegate", `0x${"00".repeat(20)}`);
    expect(out).to.equal("Nobody votes with your coins.");
    expect(await coin.getVotes(alice)).to.equal(0n);
  });

  it("lets only the proposer propose the same, and cancel it before voting begins", async () => {
    const { as, ledger, alice, bob, governor } = await at(started);
    const { out } = await as(alice, "propose", "ledger", "--admit", ledger, "--json");
    const { proposalId } = JSON.parse(out);
    const [created] = await governor.queryFilter(governor.filters.ProposalCreated());
    expect(created?.args.description).to.equal(`# Admit the ledger ${ledger}\n\n#proposer=${alice.address}`);
    await expectRefusal(
      as(bob, "cancel", proposalId),
      `Only its proposer ${alice.address} can cancel a proposal. You are ${bob.address}.`,
    );
    expect((await as(alice, "cancel", proposalId)).out).to.equal(`Canceled: Admit the ledger ${ledger}`);
    await expectRefusal(
      as(alice, "cancel", proposalId),
      "A proposal can be canceled only before voting begins. This one is canceled.",
    );
  });

  it("joins several calls in one proposal, even calls it cannot try", async () => {
    const { as, ledger, alice } = await at(started);
    const sector = [
      "set-sector",
      "--sector",
      "7",
      "--weight",
      "3",
      "--target",
      "1,000,000",
      "--allowance",
      "50",
    ];
    const period = [
      "call",
      "--to",
      "GridGovernor",
      "--function",
      "setVotingPeriod(uint32)",
      "--args",
      "86400",
    ];
    const joined = ["ledger", "--admit", ledger, "--and", ...sector, "--and", ...period];
    const { out, status } = await as(alice, "propose", ...joined);
    expect(status).to.equal(0);
    expect(out).to.contain("Set sector 7: weight 3, target 1000000 units, allowance 50 units a person.");
    expect(out).to.contain(
      "2. BenefitMine.setSector\n   sector: 7\n   weight: 3\n   target: 1000000\n   allowance: 50",
    );
    expect(out).to.contain("3. GridGovernor.setVotingPeriod\n   newVotingPeriod: 86400");
    expect(out).to.contain("succeeds, except 1 of 3 calls: calls to the governor itself cannot be tried.");
  });

  it("proposes a context of use", async () => {
    const { as, alice } = await at(started);
    const { out } = await as(alice, "propose", "define-context", "--kind", "sector", "--name", "law");
    expect(out).to.contain("Define the sector law as a context of use, permanently.");
    expect(out).to.contain("1. TermsRegistry.defineContext\n   kind: 1\n   name: law");
    expect(out).to.contain("Dry run: succeeds.");
  });

  it("proposes a sovereign subnet, and bond and number of the others", async () => {
    const { alice, deployment: given, coin, champions, timelock } = await at(started);
    const places = await Promise.all([coin, champions, timelock].map((one) => one.getAddress()));
    const hub = await deployHub(...(places as [string, string, string]));
    const all = JSON.parse(readFileSync(given, "utf8"));
    const contracts = { ...all.contracts, SubnetHub: await hub.getAddress() };
    const deployment = write(folder, "subnets.json", { ...all, contracts });
    const propose = (...argv: string[]) =>
      run("propose", ...argv, "--from", alice.address, "--rpc", node.rpc, "--deployment", deployment);
    const sovereign = [
      "sovereign-subnet",
      "--sector",
      "1",
      "--metadata-hash",
      EVIDENCE,
      "--uri",
      "ipfs://health",
    ];
    const bond = ["subnets", "--bond", "50000000000"];
    const { out } = await propose(...sovereign, "--and", ...bond, "--and", "subnets", "--maximum", "128");
    expect(out).to.contain("1. SubnetHub.createSovereign\n   sector: 1\n");
    expect(out).to.contain("   minValidatorStake: 1,000 coins\n");
    expect(out).to.contain("2. SubnetHub.setSubnetBond\n   bond: 500 coins");
    expect(out).to.contain("Allow 128 open subnets at the same time.");
    expect(out).to.contain("Dry run: succeeds.");
    const retired = await propose("retire-subnet", "--subnet", "1");
    expect(retired.out).to.contain("Retire the sovereign subnet 1.");
    expect(retired.err).to.contain("Call 1, SubnetHub.retire, fails");
  });

  it("proposes a sector's part of the platform's leg, for a subnet's feed, an account or nobody", async () => {
    const { alice, bob, deployment: given, coin, commons, timelock } = await at(started);
    const router = await ethers.deployContract("SettlementRouter", [coin, coin, commons, timelock]);
    const feeds = await ethers.deployContract("SubnetFeedFactory", [coin, router]);
    const all = JSON.parse(readFileSync(given, "utf8"));
    const own = { SettlementRouter: await router.getAddress(), SubnetFeedFactory: await feeds.getAddress() };
    const deployment = write(folder, "feeds.json", { ...all, contracts: { ...all.contracts, ...own } });
    const propose = (...rest: string[]) => {
      const about = ["--from", alice.address, "--rpc", node.rpc, "--deployment", deployment];
      return run("propose", "sector-share", "--sector", "7", ...rest, ...about, "--dry-run");
    };
    const feed = await propose("--bps", "2000", "--subnet", "1");
    expect(feed.out).to.contain(
      `Pay ${await feeds.feedOf(1)} 2000 basis points of what applications leave of the platform's leg in sector 7.`,
    );
    expect(feed.out).to.contain("Dry run: succeeds.");
    const account = await propose("--bps", "1", "--account", bob.address);
    expect(account.out).to.contain(`Pay ${bob.address} 1 basis points`);
    expect((await propose("--bps", "0")).out).to.contain("End sector 7's part of the platform's leg.");
    await expectRefusal(propose("--bps", "1"), "--account is missing. See --help.");
  });

  it("when no call can be tried, says so", async () => {
    const { as, alice } = await at(started);
    const period = [
      "call",
      "--to",
      "GridGovernor",
      "--function",
      "setVotingPeriod(uint32)",
      "--args",
      "86400",
    ];
    const { out } = await as(alice, "propose", ...period);
    expect(out).to.contain("Dry run: nothing was tried. Calls to the governor itself cannot be tried.");
    expect(out).not.to.contain("succeeds");
    const json = JSON.parse((await as(alice, "propose", ...period, "--dry-run", "--json")).out);
    expect(json.dryRun.tried).to.equal(0);
  });

  it("when it proposes as the council, checks the council's rules before its calls, by name", async () => {
    const { as, council, usd } = await at(founded);
    const token = await usd.getAddress();
    const currency = ["propose", "currency", "--token", token, "--reserve", "0", "--as-council"];
    const { out, err } = await as(council, ...currency);
    expect(err).to.equal("benefit-grid dao: The council may not propose CoinSale.setCurrency.");
    expect(out).not.to.contain("Dry run");
    await expectRefusal(
      as(council, ...currency, "--dry-run"),
      "The council may not propose CoinSale.setCurrency.",
    );
    const unknown = ["propose", "call", "--to", token, "--function", "mint(address,uint256)"];
    await expectRefusal(
      as(council, ...unknown, "--args", "Guardian", "--args", "1", "--as-council"),
      "The council may not propose TestUSD.mint.",
    );
  });

  it("when the state forbids it, says so before any dry run", async () => {
    const { as, carol, alice, ledger, proposal } = await at(proposed);
    const early = await as(carol, "execute", `${proposal.id}`);
    expect(early).to.deep.include({ status: 1, out: "" });
    expect(early.err).to.equal("benefit-grid dao: Voting begins in 24 hours.");
    const trial = await as(carol, "execute", `${proposal.id}`, "--dry-run");
    expect(trial.out).to.match(/^Voting begins in 24 hours\.\n\n1\. TermsRegistry\.admitLedger/);
    const poor = await as(carol, "propose", "ledger", "--admit", ledger);
    expect(poor.err).to.match(/: A proposer needs votes of 210 coins/);
    expect(poor.out).not.to.contain("Dry run");
    await as(alice, "cancel", `${proposal.id}`);
    const canceled = await as(carol, "execute", `${proposal.id}`, "--dry-run");
    expect(canceled).to.deep.include({ status: 1, out: "" });
    expect(canceled.err).to.equal("benefit-grid dao: The proposal was canceled.");
    expect((await as(carol, "list")).out).not.to.contain("voting");
  });

  it("when all votes are against, says so rather than the missing quorum", async () => {
    const { as, read, bob, governor, proposal } = await at(active);
    await governor.connect(bob).castVote(proposal.id, 0);
    expect((await read("list")).out).to.contain("  Active     voting until ");
    await networkHelpers.time.increase(SETTINGS.votingPeriod);
    await expectRefusal(
      as(bob, "queue", `${proposal.id}`),
      "The proposal was defeated, 100 % against: 0 coins for, 69,999.99992299 coins against.",
    );
    expect((await read("list")).out).to.contain("  Defeated   voting ended ");
  });

  it("when nobody voted, says that the quorum was not reached", async () => {
    const { as, bob, proposal } = await at(active);
    await networkHelpers.time.increase(SETTINGS.votingPeriod);
    await expectRefusal(
      as(bob, "queue", `${proposal.id}`),
      /: The proposal was defeated: quorum not reached: 0 of /,
    );
  });

  it("shows amounts of tokens with decimals and symbol", async () => {
    const { as, alice, usd, coin } = await at(started);
    const token = await usd.getAddress();
    const currency = ["propose", "currency", "--token", token, "--reserve", "1250000", "--dry-run"];
    expect((await as(alice, ...currency)).out).to.contain(
      `   token: ${token} (TestUSD)\n   reserve: 1.25 tUSD`,
    );
    const mint = [
      "propose",
      "call",
      "--to",
      await coin.getAddress(),
      "--function",
      "transfer(address,uint256)",
    ];
    const { out } = await as(alice, ...mint, "--args", "Guardian", "--args", "150000000", "--dry-run");
    expect(out).to.match(/ {3}to: 0x\w{40} \(Guardian\)\n {3}value: 1\.5 coins/);
    const other = ["propose", "currency", "--token", alice.address, "--reserve", "7", "--dry-run"];
    expect((await as(alice, ...other)).out).to.contain("   reserve: 7\n");
  });

  it("decodes calls inside calls, and takes contracts by name", async () => {
    const { as, read, alice, ledger, terms, governor } = await at(started);
    const admit = terms.interface.encodeFunctionData("admitLedger", [ledger]);
    const relay = governor.interface.encodeFunctionData("relay", [await terms.getAddress(), 0n, admit]);
    const batch = ["call", "--to", "GridTimelock", "--function"];
    const signature = "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)";
    const zeros = `0x${"00".repeat(32)}`;
    const args = [
      '["GridGovernor","Guardian"]',
      "[0,5]",
      JSON.stringify([relay, "0x"]),
      zeros,
      zeros,
      "172800",
    ];
    const options = args.flatMap((one) => ["--args", one]);
    const { out } = await as(alice, "propose", ...batch, signature, ...options, "--force");
    const lines = [
      "1. GridTimelock.scheduleBatch",
      `   predecessor: ${zeros}`,
      `   salt: ${zeros}`,
      "   delay: 172800",
      "   1.1. GridGovernor.relay",
      "      1.1.1. TermsRegistry.admitLedger",
      `         ledger: ${ledger} (FoundationCoin)`,
      "   1.2. payment to Guardian",
      "      with 0.000000000000000005 ether",
      "",
    ].join("\n");
    expect(out).to.contain(lines);
    const shown = await read("status", /Proposal (\d+)/.exec(out)?.[1] ?? "");
    expect(shown.out).to.contain(lines.trimEnd());
  });

  it("when a call would fail, names it and sends nothing, unless forced", async () => {
    const { as, ledger, alice, bob, governor } = await at(started);
    const bad = ["propose", "ledger", "--admit", bob.address];
    await expectRefusal(
      as(alice, ...bad),
      /Call 1, TermsRegistry\.admitLedger, fails: .*LedgerNotContract.* Nothing was sent\. To propose anyway, pass --force\./,
    );
    const second = ["propose", "ledger", "--admit", ledger, "--and", "ledger", "--admit", bob.address];
    await expectRefusal(as(alice, ...second), /Call 2, .*This node tries each call alone/);
    expect(await governor.queryFilter(governor.filters.ProposalCreated())).to.have.length(0);
    expect((await as(alice, ...bad, "--force")).status).to.equal(0);
  });

  it("when it is a dry run, sends nothing", async () => {
    const { as, read, ledger, alice, governor, proposal } = await at(queued);
    const { out, err } = await as(alice, "propose", "ledger", "--admit", ledger, "--dry-run", "--json");
    expect(err).to.equal("");
    expect(JSON.parse(out).dryRun).to.deep.include({ ok: true, inSequence: false });
    const waiting = await as(alice, "execute", `${proposal.id}`, "--dry-run");
    expect(waiting).to.include({ status: 0, err: "" });
    expect(waiting.out).to.match(/Dry run: succeeds\.$/);
    expect(await governor.state(proposal.id)).to.equal(5n);
    const listed = JSON.parse((await read("list", "--json")).out);
    expect(listed.proposals).to.have.length(1);
    expect(listed.proposals[0].proposalId).to.equal(`${proposal.id}`);
  });

  it("when votes have started, lets the council propose emergency calls alone", async () => {
    const { as, read, council, ledger, stranger } = await at(started);
    const removing = ["propose", "source", "--remove", stranger.address];
    const { out } = await as(council, ...removing, "--as-council");
    expect(out).to.match(/\nAnyone can execute it from .* UTC to .* UTC\.$/);
    expect((await read("list")).out).to.match(/Waiting +BenefitMine\.removeSource/);
    await expectRefusal(
      as(council, ...removing, "--and", "ledger", "--admit", ledger, "--as-council"),
      "Votes have started: the council may propose emergency calls only, coin holders everything else.",
    );
  });

  it("when votes have not started, says how many coins circulate, and lets the council propose", async () => {
    const { as, read, ledger, alice, council, carol, terms, coin } = await at(founded);
    const proposing = ["propose", "ledger", "--admit", ledger];
    const text =
      "Votes have not started: 0.9 % of the coins circulate, and 1 % is needed. Until then only the guardian's council can propose.";
    await expectRefusal(as(alice, ...proposing), text);
    expect((await as(alice, "status")).out).to.match(new RegExp(`^${text}\nCirculating`));
    await expectRefusal(
      as(alice, ...proposing, "--as-council"),
      `${alice.address} is not the guardian's council.`,
    );
    const { out } = await as(council, ...proposing, "--as-council");
    expect(out).to.match(/\nAnyone can execute it from .* UTC to .* UTC, unless votes start earlier\.$/);
    const id = /Operation (0x[0-9a-f]{64})/.exec(out)?.[1] ?? "";
    const prefix = id.slice(0, 8);
    expect((await read("list")).out).to.equal(
      `No proposals yet.\n\nThe guardian's council:\n${id.slice(0, 12)}  Waiting    TermsRegistry.admitLedger`,
    );
    await expectRefusal(as(carol, "execute", prefix), "It can be executed in 2 days.");
    await networkHelpers.time.increase(DELAY);
    const shown = (await read("status", prefix)).out;
    expect(shown).to.contain("Ready. It can be executed for 14 days.");
    expect(shown).to.contain(`1. TermsRegistry.admitLedger\n   ledger: ${ledger} (FoundationCoin)`);
    expect((await as(carol, "execute", prefix)).out).to.match(/Executed\.$/);
    expect(await terms.ledgerStatus(coin)).to.equal(1n);
    await expectRefusal(as(carol, "execute", prefix), /It was executed\.$/);
  });

  it("when too few votes are for, says how many are missing", async () => {
    const { as, bob, governor, proposal, carol } = await at(active);
    await governor.connect(bob).castVote(proposal.id, 1);
    await networkHelpers.time.increase(SETTINGS.votingPeriod);
    const needed = coinsText(await governor.quorum(await governor.proposalSnapshot(proposal.id)));
    const shares = `33.3 of 49.9 % (69,999.99992299 coins of ${needed} coins)`;
    await expectRefusal(
      as(carol, "queue", `${proposal.id}`),
      `The proposal was defeated: quorum not reached: ${shares}.`,
    );
    await expectRefusal(
      as(carol, "vote", `${proposal.id}`, "for"),
      /^benefit-grid dao: The proposal was defeated: quorum not reached/,
    );
  });

  it("when most votes are against, says how many", async () => {
    const { as, alice, bob, coin, governor, proposal } = await at(proposed);
    await coin.mint(bob, VOTES_START);
    await networkHelpers.time.increase(SETTINGS.votingDelay + 1n);
    await governor.connect(alice).castVote(proposal.id, 1);
    await governor.connect(bob).castVote(proposal.id, 0);
    await networkHelpers.time.increase(SETTINGS.votingPeriod);
    await expectRefusal(
      as(bob, "queue", `${proposal.id}`),
      "The proposal was defeated, 66.6 % against: 139,999.999846 coins for, 279,999.99969199 coins against.",
    );
  });

  it("when a proposer has too few votes, says how many are needed", async () => {
    const { as, ledger, carol } = await at(started);
    await expectRefusal(
      as(carol, "propose", "ledger", "--admit", ledger),
      `A proposer needs votes of 210 coins, and ${carol.address} has 0 coins. Delegate first.`,
    );
  });

  it("when the same is proposed twice, says where the first stands", async () => {
    const { as, ledger, alice } = await at(started);
    const proposing = ["propose", "ledger", "--admit", ledger];
    await as(alice, ...proposing);
    await expectRefusal(as(alice, ...proposing), /: Proposal \d+ already exists, .* it is pending\.$/);
  });

  it("when an id is unknown, ambiguous or no number, says so", async () => {
    const { as, read, alice, proposal, ledger } = await at(proposed);
    await expectRefusal(
      read("status", "0x00"),
      "No operation of the council has an id starting with 0x00. Run list to see all.",
    );
    await expectRefusal(read("status", "abc"), 'A proposal\'s id is a number, but got "abc".');
    const unknown = `${proposal.id}0`;
    await expectRefusal(
      read("status", unknown),
      `No proposal has an id starting with ${unknown}. Run list to see all.`,
    );
    const [first] = `${proposal.id}`;
    await expectRefusal(
      read("status", `${first}`),
      `${first} is too short for an id: write at least 6 digits, as in ${`${proposal.id}`.slice(0, 10)}…`,
    );
    const digits = new Map([[first, 1]]);
    for (let i = 0; Math.max(...digits.values()) < 2; i++) {
      const sent = await as(alice, "propose", "ledger", "--admit", ledger, "--title", `${i}`, "--json");
      const [digit] = JSON.parse(sent.out).proposalId;
      digits.set(digit, (digits.get(digit) ?? 0) + 1);
    }
    const [shared = ""] = [...digits].find(([, count]) => count === 2) ?? [];
    await expectRefusal(
      read("status", shared),
      new RegExp(`2 ids start with ${shared}: \\d{10}…, \\d{10}…\\. Write more digits\\.$`),
    );
  });

  it("shows control characters of strangers as plain text", async () => {
    const { as, read, alice, steward } = await at(started);
    const uri = "ipfs://a\n2. TermsRegistry.admitLedger";
    const programme = ["start-programme", "--kind", "research", "--steward", steward.address, "--uri", uri];
    const words = ["--title", "Good\u001b[2K\rBad", "--description", "1. Nothing.atAll\n\u202eNext: vote"];
    const { out } = await as(alice, "propose", ...programme, "--metadata-hash", EVIDENCE, ...words);
    expect(out).to.contain('   uri: "ipfs://a\\n2. TermsRegistry.admitLedger"\n');
    const shown = (await read("status", /Proposal (\d+)/.exec(out)?.[1] ?? "")).out;
    expect(shown).to.contain("\nGood\ufffd[2K\ufffdBad\n");
    expect(shown).to.contain("\n> 1. Nothing.atAll\n> \ufffdNext: vote\n");
    expect(shown.match(/^\d\. /gm)).to.deep.equal(["1. "]);
  });

  it("lets the council cancel its calls", async () => {
    const { as, council, ledger, alice } = await at(founded);
    const { out } = await as(council, "propose", "ledger", "--admit", ledger, "--as-council");
    const id = /Operation (0x[0-9a-f]{8})/.exec(out)?.[1] ?? "";
    await expectRefusal(as(alice, "cancel", id), `${alice.address} is not the guardian's council.`);
    expect((await as(council, "cancel", id)).out).to.equal("Canceled.");
    await expectRefusal(as(council, "cancel", id), "It was canceled.");
  });

  it("asks for few blocks at once if told to", async () => {
    const { read, proposal } = await at(succeeded);
    const { out } = await read("status", `${proposal.id}`, "--block-range", "2");
    expect(out).to.contain("Succeeded. The proposal passed but is not queued yet.");
    await expectRefusal(read("list", "--block-range", "0"), /^benefit-grid dao: blockRange is 0\./);
  });
});
