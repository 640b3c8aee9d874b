import { expect } from "chai";
import { DAY, ethers, impersonate, networkHelpers } from "../grid.ts";
import { DELAY, SALT, statesBitmap } from "./support.ts";

const GRACE = 14n * DAY;
const NONE = ethers.ZeroHash;
const OperationState = { Unset: 0n, Waiting: 1n, Ready: 2n, Done: 3n } as const;

/** A timelock whose proposer may call a counter of calls, a token's approval. */
async function timelockFixture() {
  const [proposer, stranger] = await ethers.getSigners();
  if (!proposer || !stranger) throw new Error("Two accounts are needed.");
  const timelock = await ethers.deployContract("GridTimelock", [
    DELAY,
    [proposer],
    [ethers.ZeroAddress],
    ethers.ZeroAddress,
  ]);
  const token = await ethers.deployContract("PlainToken", [18]);
  const data = token.interface.encodeFunctionData("approve", [stranger.address, 7n]);
  const call = [await token.getAddress(), 0n, data, NONE, SALT] as const;
  const batch = [[call[0], call[0]], [0n, 0n], [data, data], NONE, SALT] as [
    string[],
    bigint[],
    string[],
    string,
    string,
  ];
  return { timelock, token, proposer, stranger, call, batch };
}

/** `timelockFixture` with the call scheduled, and its times. */
async function scheduledFixture() {
  const fixture = await networkHelpers.loadFixture(timelockFixture);
  const { timelock, call } = fixture;
  await timelock.schedule(...call, DELAY);
  const id = await timelock.hashOperation(...call);
  const readyAt = await timelock.getTimestamp(id);
  return { ...fixture, id, readyAt, last: readyAt + GRACE };
}

describe("GridTimelock", () => {
  describe("schedule and scheduleBatch", () => {
    it("when the caller is no proposer, revert", async () => {
      const { timelock, stranger, call, batch } = await networkHelpers.loadFixture(timelockFixture);
      const role = await timelock.PROPOSER_ROLE();
      const own = timelock.connect(stranger);
      for (const act of [() => own.schedule(...call, DELAY), () => own.scheduleBatch(...batch, DELAY)]) {
        await expect(act())
          .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
          .withArgs(stranger.address, role);
      }
    });

    it("when the delay is too short, or lists have different lengths, revert", async () => {
      const { timelock, call, batch } = await networkHelpers.loadFixture(timelockFixture);
      await expect(timelock.schedule(...call, DELAY - 1n))
        .to.be.revertedWithCustomError(timelock, "TimelockInsufficientDelay")
        .withArgs(DELAY - 1n, DELAY);
      const [targets, , payloads] = batch;
      await expect(timelock.scheduleBatch(targets, [0n], payloads, NONE, SALT, DELAY))
        .to.be.revertedWithCustomError(timelock, "TimelockInvalidOperationLength")
        .withArgs(2n, 2n, 1n);
    });

    it("when an operation with the id exists, even an expired one, revert", async () => {
      const { timelock, call, id, last } = await networkHelpers.loadFixture(scheduledFixture);
      for (const at of [undefined, last + 1n]) {
        if (at) await networkHelpers.time.increaseTo(at);
        await expect(timelock.schedule(...call, DELAY))
          .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
          .withArgs(id, statesBitmap(OperationState.Unset));
      }
    });
  });

  describe("execute and executeBatch", () => {
    it("when a predecessor is not done, reverts", async () => {
      const { timelock, call } = await networkHelpers.loadFixture(timelockFixture);
      const [target, value, data] = call;
      await timelock.schedule(target, value, data, SALT, NONE, DELAY);
      await networkHelpers.time.increase(DELAY);
      await expect(timelock.execute(target, value, data, SALT, NONE))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexecutedPredecessor")
        .withArgs(SALT);
    });

    it("when a call fails without a reason, reverts", async () => {
      const { timelock, token } = await networkHelpers.loadFixture(timelockFixture);
      const unknown = [await token.getAddress(), 0n, "0xffffffff", NONE, NONE] as const;
      await timelock.schedule(...unknown, DELAY);
      await networkHelpers.time.increase(DELAY);
      await expect(timelock.execute(...unknown)).to.be.revertedWithCustomError(timelock, "FailedCall");
    });

    it("when executed in the first or last second, anyone can", async () => {
      const { timelock, token, stranger, call, id, readyAt, last } =
        await networkHelpers.loadFixture(scheduledFixture);
      for (const second of [readyAt, last]) {
        const snapshot = await networkHelpers.takeSnapshot();
        await networkHelpers.time.setNextBlockTimestamp(second);
        await timelock.connect(stranger).execute(...call);
        expect(await token.allowance(timelock, stranger)).to.equal(7n);
        expect(await timelock.isOperationDone(id)).to.equal(true);
        await networkHelpers.time.increaseTo(last + 1n);
        expect(await timelock.getOperationState(id)).to.equal(OperationState.Done);
        await snapshot.restore();
      }
    });

    it("when executed a second too early or too late, reverts: it is not ready", async () => {
      const { timelock, call, id, readyAt, last } = await networkHelpers.loadFixture(scheduledFixture);
      expect(await timelock.GRACE()).to.equal(GRACE);
      for (const second of [readyAt - 1n, last + 1n]) {
        await networkHelpers.time.setNextBlockTimestamp(second);
        await expect(timelock.execute(...call))
          .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
          .withArgs(id, statesBitmap(OperationState.Ready));
      }
      await networkHelpers.mine();
      expect(await timelock.getOperationState(id)).to.equal(OperationState.Waiting);
      expect(await timelock.isOperationReady(id)).to.equal(false);
      expect(await timelock.getTimestamp(id)).to.equal(readyAt);
    });

    it("when a batch expires, reverts too", async () => {
      const { timelock, batch } = await networkHelpers.loadFixture(timelockFixture);
      await timelock.scheduleBatch(...batch, DELAY);
      const id = await timelock.hashOperationBatch(...batch);
      await networkHelpers.time.setNextBlockTimestamp((await timelock.getTimestamp(id)) + GRACE + 1n);
      await expect(timelock.executeBatch(...batch))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(id, statesBitmap(OperationState.Ready));
    });
  });

  describe("cancel", () => {
    it("when an operation has expired, a canceller removes it", async () => {
      const { timelock, id, last } = await networkHelpers.loadFixture(scheduledFixture);
      await networkHelpers.time.increaseTo(last + 1n);
      expect(await timelock.isOperationPending(id)).to.equal(true);
      await expect(timelock.cancel(id)).to.emit(timelock, "Cancelled").withArgs(id);
      expect(await timelock.isOperation(id)).to.equal(false);
    });
  });

  describe("updateDelay", () => {
    it("when the caller is not the timelock, reverts", async () => {
      const { timelock, proposer } = await networkHelpers.loadFixture(timelockFixture);
      await expect(timelock.updateDelay(1n))
        .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
        .withArgs(proposer.address);
    });

    it("when the delay changes, scheduled operations keep their times", async () => {
      const { timelock, id, readyAt, call } = await networkHelpers.loadFixture(scheduledFixture);
      await timelock.connect(await impersonate(timelock)).updateDelay(60n * DAY);
      expect(await timelock.getMinDelay()).to.equal(60n * DAY);
      expect(await timelock.getTimestamp(id)).to.equal(readyAt);
      await networkHelpers.time.setNextBlockTimestamp(readyAt + GRACE + 1n);
      await expect(timelock.execute(...call)).to.be.revertedWithCustomError(
        timelock,
        "TimelockUnexpectedOperationState",
      );
    });
  });

  describe("roles and receivers", () => {
    it("when deployed, only the timelock has the admin role", async () => {
      const { timelock, proposer } = await networkHelpers.loadFixture(timelockFixture);
      const admin = await timelock.DEFAULT_ADMIN_ROLE();
      expect(await timelock.hasRole(admin, timelock)).to.equal(true);
      expect(await timelock.hasRole(admin, proposer)).to.equal(false);
      expect(await timelock.hasRole(await timelock.EXECUTOR_ROLE(), ethers.ZeroAddress)).to.equal(true);
      expect(await timelock.hasRole(await timelock.CANCELLER_ROLE(), proposer)).to.equal(true);
      expect(await timelock.getRoleAdmin(await timelock.PROPOSER_ROLE())).to.equal(admin);
    });

    it("when the timelock grants, revokes or an account renounces a role, the role changes", async () => {
      const { timelock, proposer, stranger } = await networkHelpers.loadFixture(timelockFixture);
      const role = await timelock.PROPOSER_ROLE();
      const asTimelock = timelock.connect(await impersonate(timelock));
      await asTimelock.grantRole(role, stranger);
      await asTimelock.revokeRole(role, proposer);
      expect([await timelock.hasRole(role, stranger), await timelock.hasRole(role, proposer)]).to.deep.equal([
        true,
        false,
      ]);
      await expect(timelock.renounceRole(role, stranger)).to.be.revertedWithCustomError(
        timelock,
        "AccessControlBadConfirmation",
      );
      await timelock.connect(stranger).renounceRole(role, stranger);
      expect(await timelock.hasRole(role, stranger)).to.equal(false);
    });

    it("when tokens are sent, accepts them, and knows the interfaces for it", async () => {
      const { timelock, stranger } = await networkHelpers.loadFixture(timelockFixture);
      const { interface: abi } = timelock;
      expect(await timelock.onERC721Received.staticCall(stranger, stranger, 1n, "0x")).to.equal(
        abi.getFunction("onERC721Received").selector,
      );
      expect(await timelock.onERC1155Received.staticCall(stranger, stranger, 1n, 1n, "0x")).to.equal(
        abi.getFunction("onERC1155Received").selector,
      );
      expect(await timelock.onERC1155BatchReceived.staticCall(stranger, stranger, [1n], [1n], "0x")).to.equal(
        abi.getFunction("onERC1155BatchReceived").selector,
      );
      expect(await timelock.supportsInterface("0x4e2312e0")).to.equal(true);
      await expect(stranger.sendTransaction({ to: timelock, value: 1n })).to.changeEtherBalance(
        ethers,
        timelock,
        1n,
      );
    });
  });
});
