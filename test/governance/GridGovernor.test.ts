import { readFileSync } from "node:fs";
import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import {
  activeFixture,
  admission,
  COINS,
  governanceFixture,
  LAST_QUORUM_FLOOR,
  pass,
  proposalOf,
  QUORUM_FLOOR,
  quorumFloorAfter,
  SETTINGS,
  State,
  startedFixture,
  VOTES_START,
  YEAR,
} from "./support.ts";

describe("GridGovernor", () => {
  describe("constructor", () => {
    it("when the settings are out of bounds, reverts as OpenZeppelin does", async () => {
      const { governor, coin, timelock, sale } = await networkHelpers.loadFixture(governanceFixture);
      const deploy = (settings: Partial<typeof SETTINGS>) =>
        ethers.deployContract("GridGovernor", [coin, timelock, sale, { ...SETTINGS, ...settings }]);
      await expect(deploy({ votingPeriod: 0n }))
        .to.be.revertedWithCustomError(governor, "GovernorInvalidVotingPeriod")
        .withArgs(0n);
      await expect(deploy({ quorumNumerator: 101n }))
        .to.be.revertedWithCustomError(governor, "GovernorInvalidQuorumFraction")
        .withArgs(101n, 100n);
      await expect(deploy({ lateQuorumExtension: 7n * DAY + 1n }))
        .to.be.revertedWithCustomError(governor, "GovernorPreventLateQuorumVoteExtensionTooLarge")
        .withArgs(7n * DAY + 1n, 7n * DAY);
    });

    it("when deployed, returns the settings read by wallets and explorers", async () => {
      const { governor, coin, timelock, sale } = await networkHelpers.loadFixture(governanceFixture);
      expect(await governor.name()).to.equal("Benefit Grid Governor");
      expect(await governor.version()).to.equal("1");
      expect(await governor.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await governor.clock()).to.equal(await networkHelpers.time.latest());
      expect(await governor.COUNTING_MODE()).to.equal("support=bravo&quorum=for,abstain");
      expect(await governor.token()).to.equal(await coin.getAddress());
      expect(await governor.timelock()).to.equal(await timelock.getAddress());
      expect(await governor.SALE()).to.equal(sale.address);
      expect(await governor.votingDelay()).to.equal(SETTINGS.votingDelay);
      expect(await governor.votingPeriod()).to.equal(SETTINGS.votingPeriod);
      expect(await governor.proposalThreshold()).to.equal(SETTINGS.proposalThreshold);
      expect(await governor.lateQuorumVoteExtension()).to.equal(SETTINGS.lateQuorumExtension);
      expect(await governor["quorumNumerator()"]()).to.equal(4n);
      expect(await governor.quorumDenominator()).to.equal(100n);
      expect((await governor.eip712Domain()).name).to.equal("Benefit Grid Governor");
      expect(await governor.BALLOT_TYPEHASH()).to.equal(
        ethers.id("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"),
      );
      expect(await governor.EXTENDED_BALLOT_TYPEHASH()).to.equal(
        ethers.id(
          "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)",
        ),
      );
    });

    it("when queried, supports only the interfaces of governor and ERC-165", async () => {
      const { governor } = await networkHelpers.loadFixture(governanceFixture);
      expect(await governor.supportsInterface("0x01ffc9a7")).to.equal(true);
      expect(await governor.supportsInterface("0x65455a86")).to.equal(true);
      expect(await governor.supportsInterface("0xffffffff")).to.equal(false);
    });

    it("when it gets ether or tokens, refuses them: the timelock holds the DAO's assets", async () => {
      const { governor, alice } = await networkHelpers.loadFixture(governanceFixture);
      const nobody = ethers.ZeroAddress;
      for (const deposit of [
        () => alice.sendTransaction({ to: governor, value: 1n }),
        () => governor.onERC721Received(nobody, nobody, 1n, "0x"),
        () => governor.onERC1155Received(nobody, nobody, 1n, 1n, "0x"),
        () => governor.onERC1155BatchReceived(nobody, nobody, [1n], [1n], "0x"),
      ]) {
        await expect(deposit()).to.be.revertedWithCustomError(governor, "GovernorDisabledDeposit");
      }
    });
  });

  describe("startVotes", () => {
    it("when one unit less than 1 % of the schedule circulates, startVotes and propose revert", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { governor, alice } = fixture;
      const { args } = await admission(fixture);
      expect(await governor.VOTES_START()).to.equal(2_099_999_997_690_000n / 100n);
      expect(await governor.circulatingSupply()).to.equal(VOTES_START - 1n);
      expect(await governor.votesStarted()).to.equal(false);
      for (const call of [() => governor.startVotes(), () => governor.connect(alice).propose(...args)]) {
        await expect(call())
          .to.be.revertedWithCustomError(governor, "GovernorVotesNotStarted")
          .withArgs(VOTES_START - 1n, VOTES_START);
      }
    });

    it("when the sale receives more coins, votes do not start", async () => {
      const { governor, coin, sale } = await networkHelpers.loadFixture(governanceFixture);
      await coin.mint(sale, 100n * VOTES_START);
      expect(await governor.votesStarted()).to.equal(false);
    });

    it("when the missing unit is sold, anyone can start votes", async () => {
      const { governor, coin, sale, carol, stranger } = await networkHelpers.loadFixture(governanceFixture);
      await coin.connect(sale).transfer(carol, 1n);
      expect(await governor.votesStarted()).to.equal(true);
      await expect(governor.connect(stranger).startVotes())
        .to.emit(governor, "VotesStarted")
        .withArgs(VOTES_START);
    });

    it("when the first proposal is made, it starts votes", async () => {
      const fixture = await networkHelpers.loadFixture(governanceFixture);
      const { governor, coin, sale, carol, alice } = fixture;
      await coin.connect(sale).transfer(carol, 1n);
      const { args } = await admission(fixture);
      await expect(governor.connect(alice).propose(...args))
        .to.emit(governor, "VotesStarted")
        .withArgs(VOTES_START);
    });

    it("when coins return to the sale, votes stay started and emit no second event", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, coin, carol, sale, alice } = fixture;
      await coin.connect(carol).transfer(sale, 1n);
      expect(await governor.circulatingSupply()).to.equal(VOTES_START - 1n);
      expect(await governor.votesStarted()).to.equal(true);
      await expect(governor.startVotes()).not.to.emit(governor, "VotesStarted");
      await governor.connect(alice).propose(...(await admission(fixture)).args);
    });
  });

  describe("quorum", () => {
    it("when the timepoint is not in the past, reverts with the coin's error", async () => {
      const { governor, coin } = await networkHelpers.loadFixture(governanceFixture);
      const now = BigInt(await networkHelpers.time.latest());
      for (const call of [() => governor.quorum(now), () => governor.pastCirculatingSupply(now)]) {
        await expect(call()).to.be.revertedWithCustomError(coin, "ERC5805FutureLookup").withArgs(now, now);
      }
    });

    it("when few coins circulate, is the floor: at first half of the supply needed to start votes", async () => {
      const { governor } = await networkHelpers.loadFixture(startedFixture);
      expect(await governor.FIRST_QUORUM_FLOOR()).to.equal(QUORUM_FLOOR);
      expect(await governor.LAST_QUORUM_FLOOR()).to.equal(LAST_QUORUM_FLOOR);
      expect(await governor.QUORUM_FLOOR_DECLINE()).to.equal(YEAR);
      await networkHelpers.mine();
      expect(await governor.quorum(await governor.votesStartedAt())).to.equal(QUORUM_FLOOR);
    });

    it("when a year passes, the floor falls each second, and then stays", async () => {
      const { governor } = await networkHelpers.loadFixture(startedFixture);
      const start = await governor.votesStartedAt();
      await networkHelpers.time.increase(2n * YEAR);
      for (const elapsed of [-1n, 0n, 1n, YEAR / 3n, YEAR - 1n, YEAR, YEAR + 1n]) {
        const floor = quorumFloorAfter(elapsed < 0n ? 0n : elapsed);
        expect(await governor.quorumFloor(start + elapsed)).to.equal(floor);
        expect(await governor.quorum(start + elapsed)).to.equal(floor);
      }
      expect(await governor.quorumFloor(start + 2n * YEAR)).to.equal(LAST_QUORUM_FLOOR);
    });

    it("when votes have not started, the floor is the first, at any time", async () => {
      const { governor } = await networkHelpers.loadFixture(governanceFixture);
      expect(await governor.votesStartedAt()).to.equal(0n);
      await networkHelpers.time.increase(2n * YEAR);
      expect(await quorumNow(governor)).to.equal(QUORUM_FLOOR);
      expect(await governor.quorumFloor(0n)).to.equal(QUORUM_FLOOR);
    });

    it("when its snapshot is past, a proposal's quorum stays the same however long it waits", async () => {
      const { governor, proposal } = await networkHelpers.loadFixture(activeFixture);
      const snapshot = await governor.proposalSnapshot(proposal.id);
      const elapsed = snapshot - (await governor.votesStartedAt());
      for (let i = 0; i < 2; i++) {
        expect(await governor.quorum(snapshot)).to.equal(quorumFloorAfter(elapsed));
        await networkHelpers.time.increase(YEAR);
      }
    });

    it("when votes decide, they cost what the table of the decision says", async () => {
      const { governor, coin, carol } = await networkHelpers.loadFixture(startedFixture);
      const start = await governor.votesStartedAt();
      let circulating = VOTES_START;
      const rows = tableOf("docs/adr/0009-votes.md");
      expect(rows).to.have.length(5);
      for (const [percent = 0, coins, ...captured] of rows) {
        const snapshot = await networkHelpers.takeSnapshot();
        const more = (VOTES_START * BigInt(percent * 10)) / 10n - circulating;
        if (more > 0n) await coin.mint(carol, more);
        circulating = await governor.circulatingSupply();
        await networkHelpers.time.increase(2n * YEAR);
        const fraction = (circulating * 4n) / 100n;
        const needed = [];
        for (const elapsed of [0n, YEAR / 2n, YEAR]) {
          const floor = await governor.quorumFloor(start + elapsed);
          needed.push(floor > fraction ? floor : fraction);
        }
        expect(await quorumNow(governor), `${percent} %`).to.equal(needed[2]);
        const inCoins = [circulating, ...needed, circulating / 2n].map((units) =>
          Math.round(Number(units) / Number(COINS)),
        );
        expect(inCoins, `${percent} %`).to.deep.equal([coins, ...captured]);
        await snapshot.restore();
        circulating = VOTES_START;
      }
    });

    it("when the fraction exceeds the floor, is the fraction of the circulating supply, rounded down", async () => {
      const { governor, coin, carol } = await networkHelpers.loadFixture(startedFixture);
      const least = (QUORUM_FLOOR / 4n) * 100n;
      await coin.mint(carol, least - VOTES_START + 75n);
      expect(await quorumNow(governor)).to.equal(((least + 75n) * 4n) / 100n);
      await coin.mint(carol, 10n * VOTES_START);
      expect(await quorumNow(governor)).to.equal(((least + 75n + 10n * VOTES_START) * 4n) / 100n);
    });

    it("when the sale receives coins, stays the same; when it sells them, increases", async () => {
      const { governor, coin, carol, sale } = await networkHelpers.loadFixture(startedFixture);
      await coin.mint(carol, 19n * VOTES_START);
      const before = await quorumNow(governor);
      await coin.mint(sale, 100n * VOTES_START);
      expect(await quorumNow(governor)).to.equal(before);
      await coin.connect(sale).transfer(carol, VOTES_START);
      expect(await quorumNow(governor)).to.equal(before + (4n * VOTES_START) / 100n);
    });

    it("when coins change hands later, past quorums stay the same", async () => {
      const { governor, coin, carol, sale } = await networkHelpers.loadFixture(startedFixture);
      await networkHelpers.mine();
      const then = (await governor.clock()) - 1n;
      await coin.connect(sale).transfer(carol, 5n * VOTES_START);
      await coin.mint(carol, 5n * VOTES_START);
      expect(await governor.pastCirculatingSupply(then)).to.equal(VOTES_START);
    });

    it("when governance raises the fraction, older timepoints keep theirs", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, coin, alice } = fixture;
      await coin.mint(alice, 99n * VOTES_START);
      const change = await ownCall(fixture, "updateQuorumNumerator", [10n]);
      const execute = await pass(fixture, change);
      await expect(execute()).to.emit(governor, "QuorumNumeratorUpdated").withArgs(4n, 10n);
      await networkHelpers.mine();
      const now = (await governor.clock()) - 1n;
      expect(await governor["quorumNumerator()"]()).to.equal(10n);
      expect(await governor["quorumNumerator(uint256)"](now - DAY)).to.equal(4n);
      expect(await governor.quorum(now - DAY)).to.equal(4n * VOTES_START);
      expect(await governor.quorum(now)).to.equal(10n * VOTES_START);
    });
  });

  describe("settings", () => {
    it("when the caller is not the timelock, revert", async () => {
      const { governor, alice } = await networkHelpers.loadFixture(startedFixture);
      const own = governor.connect(alice);
      for (const call of [
        () => own.setVotingDelay(1n),
        () => own.setVotingPeriod(1n),
        () => own.setProposalThreshold(1n),
        () => own.setLateQuorumVoteExtension(1n),
        () => own.updateQuorumNumerator(1n),
        () => own.updateTimelock(alice),
        () => own.relay(alice, 0n, "0x"),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(alice.address);
      }
    });

    it("when a proposal sets them, change", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor } = fixture;
      const set = async (name: SettingName, value: bigint) =>
        (await (await pass(fixture, await ownCall(fixture, name, [value])))()).wait();
      await set("setVotingDelay", 1n);
      await set("setProposalThreshold", COINS);
      await set("setLateQuorumVoteExtension", 0n);
      await set("setVotingPeriod", 5n * DAY);
      expect(await governor.votingDelay()).to.equal(1n);
      expect(await governor.proposalThreshold()).to.equal(COINS);
      expect(await governor.lateQuorumVoteExtension()).to.equal(0n);
      expect(await governor.votingPeriod()).to.equal(5n * DAY);
    });

    it("when a proposal sets another timelock, the new one executes", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, timelock, stranger } = fixture;
      const execute = await pass(fixture, await ownCall(fixture, "updateTimelock", [stranger.address]));
      await expect(execute())
        .to.emit(governor, "TimelockChange")
        .withArgs(await timelock.getAddress(), stranger.address);
      expect(await governor.timelock()).to.equal(stranger.address);
    });

    it("when a proposal relays a call, the governor makes it and bubbles up its revert", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, coin, carol } = fixture;
      await coin.connect(carol).transfer(governor, 1n);
      const back = coin.interface.encodeFunctionData("transfer", [carol.address, 1n]);
      const target = await coin.getAddress();
      const execute = await pass(
        fixture,
        await ownCall(fixture, "relay", [target, 0n, back], "Give it back"),
      );
      await expect(execute()).to.changeTokenBalances(ethers, coin, [governor, carol], [-1n, 1n]);
      const failing = await ownCall(fixture, "relay", [target, 0n, "0xffffffff"], "Call nothing");
      await expect((await pass(fixture, failing))()).to.be.revertedWithCustomError(governor, "FailedCall");
      expect(await governor.state(failing.id)).to.equal(State.Queued);
    });

    it("when votes would start after the last second of 48 bits, nobody can propose", async () => {
      const fixture = await networkHelpers.loadFixture(startedFixture);
      const { governor, alice } = fixture;
      const longest = 2n ** 48n - 1n;
      const execute = await pass(fixture, await ownCall(fixture, "setVotingDelay", [longest]));
      await execute();
      const { args } = await ownCall(fixture, "setVotingDelay", [1n]);
      const now = BigInt(await networkHelpers.time.latest()) + 1n;
      await networkHelpers.time.setNextBlockTimestamp(now);
      await expect(governor.connect(alice).propose(...args))
        .to.be.revertedWithCustomError(governor, "SafeCastOverflowedUintDowncast")
        .withArgs(48n, now + longest);
    });
  });
});

type SettingName =
  | "setVotingDelay"
  | "setVotingPeriod"
  | "setProposalThreshold"
  | "setLateQuorumVoteExtension";
type Governor = Awaited<ReturnType<typeof governanceFixture>>["governor"];

async function quorumNow(governor: Governor) {
  await networkHelpers.mine();
  return await governor.quorum((await governor.clock()) - 1n);
}

/** The numbers in the rows of a document's only table. */
function tableOf(file: string): number[][] {
  const rows = readFileSync(file, "utf8").match(/^\| [\d.]+ %.*$/gm) ?? [];
  return rows.map((row) => (row.match(/[\d.,]+/g) ?? []).map((cell) => Number(cell.replaceAll(",", ""))));
}

/** A proposal with a call of the governor itself. */
async function ownCall({ governor }: { governor: Governor }, name: string, args: unknown[], title = name) {
  const data = new ethers.Interface(governor.interface.fragments).encodeFunctionData(name, args);
  return proposalOf([[await governor.getAddress(), data]], title);
}
