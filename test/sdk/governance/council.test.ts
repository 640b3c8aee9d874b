import {
  callToAdmitLedger,
  callToRemoveSource,
  callToRetireLedger,
  cancelOperation,
  executeCouncilCalls,
  type Hex,
  listCouncilCalls,
  OperationNotFoundError,
  proposeAsCouncil,
  stopSource,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { DELAY, SALT } from "../../governance/support.ts";
import { DAY, ethers, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert, rejectionOf } from "../clients.ts";
import { founded } from "./support.ts";

const NONE: Hex = `0x${"00".repeat(32)}`;

/** With a permitted call of the council, and its client. */
async function office() {
  const dao = await founded();
  const client = await dao.as(dao.council);
  const call = callToAdmitLedger(client, { ledger: await dao.coin.getAddress() });
  return { ...dao, client, call };
}

describe("proposeAsCouncil", () => {
  it("when a parameter can never be valid, names it", async () => {
    const { client, call } = await office();
    await expectInvalid(proposeAsCouncil(client, { calls: [] }), "calls");
    await expectInvalid(proposeAsCouncil(client, { calls: [call], salt: "0x01" }), "salt");
  });

  it("when the caller is not the council, reverts", async () => {
    const { as, alice, call } = await office();
    const proposing = proposeAsCouncil(await as(alice), { calls: [call] });
    await expectRevert(proposing, "GuardianCallerNotCouncil", { caller: alice.address });
  });

  it("when a function is not permitted, reverts", async () => {
    const { client, coin, terms } = await office();
    const { target, data } = callToRetireLedger(client, { ledger: await coin.getAddress() });
    expect(target).to.equal(await terms.getAddress());
    await expectRevert(proposeAsCouncil(client, { calls: [{ target, data }] }), "GuardianCallNotPermitted", {
      target,
      selector: data.slice(0, 10),
    });
  });

  it("returns the operation's id and when it lapses", async () => {
    const { client, call, timelock } = await office();
    const { operationId, lapsesAt } = await proposeAsCouncil(client, { calls: [call], salt: SALT as Hex });
    expect(await timelock.isOperationPending(operationId)).to.equal(true);
    expect(lapsesAt).to.equal(BigInt(await networkHelpers.time.latest()) + DELAY + 14n * DAY);
  });
});

describe("stopSource", () => {
  it("when the address is malformed, names it", async () => {
    const { client } = await office();
    await expectInvalid(stopSource(client, { source: "0x01" }), "source");
  });

  it("when the caller is not the council, reverts", async () => {
    const { as, alice, stranger } = await office();
    const stopping = stopSource(await as(alice), { source: stranger.address });
    await expectRevert(stopping, "GuardianCallerNotCouncil", { caller: alice.address });
  });

  it("when the account is no source, reverts with the mine's error", async () => {
    const { client, alice } = await office();
    const stopping = stopSource(client, { source: alice.address });
    await expectRevert(stopping, "SourceNotAdmitted", { source: alice.address });
  });

  it("stops a source at once, and returns the first round with void reports", async () => {
    const { client, stranger, mine } = await office();
    expect((await stopSource(client, { source: stranger.address })).fromRound).to.equal(1n);
    expect((await mine.sourceOf(stranger)).admitted).to.equal(false);
  });
});

describe("executeCouncilCalls", () => {
  it("when the council never proposed them, says so", async () => {
    const { client } = await office();
    const error = await rejectionOf(executeCouncilCalls(client, { operationId: NONE }));
    expect(error).to.be.instanceOf(OperationNotFoundError);
    expect(error).to.have.property("operationId", NONE);
    await expectInvalid(executeCouncilCalls(client, { operationId: "0x01" }), "operationId");
  });

  for (const salt of [undefined, SALT as Hex]) {
    it(`when they are due, ${salt ? "with" : "without"} a salt, executes them for anyone`, async () => {
      const { as, stranger, client, call, terms, coin } = await office();
      const { operationId } = await proposeAsCouncil(client, { calls: [call], ...(salt && { salt }) });
      await networkHelpers.time.increase(DELAY);
      await executeCouncilCalls(await as(stranger), { operationId, blockRange: 2 });
      expect(await terms.ledgerStatus(coin)).to.equal(1n);
    });
  }

  it("when they were canceled and proposed again in one block, executes them once", async () => {
    const { client, call, guardian, council, terms, coin } = await office();
    const prepared = await proposeAsCouncil.prepare(client, { calls: [call] });
    const at = (await networkHelpers.time.latest()) + 10;
    const before = await networkHelpers.takeSnapshot();
    await networkHelpers.time.setNextBlockTimestamp(at);
    const { operationId } = await proposeAsCouncil(client, { calls: [call] });
    await before.restore();
    const cancel = { to: prepared.to, data: guardian.interface.encodeFunctionData("cancel", [operationId]) };
    const nonce = await council.getNonce();
    await ethers.provider.send("evm_setAutomine", [false]);
    for (const [i, { to, data }] of [prepared, cancel, prepared].entries()) {
      await council.sendTransaction({ to, data, nonce: nonce + i, gasLimit: 1_000_000 });
    }
    await networkHelpers.time.setNextBlockTimestamp(at);
    await networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    const again = await listCouncilCalls(client);
    expect(again.map((one) => one.operationId)).to.deep.equal([operationId, operationId]);
    expect(again[0]?.calls).to.have.length(1);
    await networkHelpers.time.increase(DELAY);
    await executeCouncilCalls(client, { operationId });
    expect(await terms.ledgerStatus(coin)).to.equal(1n);
  });
});

describe("cancelOperation", () => {
  it("when the id is malformed, names it", async () => {
    const { client } = await office();
    await expectInvalid(cancelOperation(client, { operationId: "0x01" }), "operationId");
  });

  it("when the caller is not the council, reverts", async () => {
    const { as, alice } = await office();
    const canceling = cancelOperation(await as(alice), { operationId: NONE });
    await expectRevert(canceling, "GuardianCallerNotCouncil", { caller: alice.address });
  });

  it("cancels waiting calls", async () => {
    const { client, call, timelock } = await office();
    const { operationId } = await proposeAsCouncil(client, { calls: [call] });
    await cancelOperation(client, { operationId });
    expect(await timelock.isOperation(operationId)).to.equal(false);
  });
});

describe("listCouncilCalls", () => {
  it("lists the calls and the state of each", async () => {
    const { client, call, coin, guardian, council } = await office();
    const salts = [1, 2, 3].map((number) => ethers.toBeHex(number, 32) as Hex);
    const ids: Hex[] = [];
    for (const salt of salts) {
      ids.push((await proposeAsCouncil(client, { calls: [call], salt })).operationId);
    }
    const statesNow = async () => (await listCouncilCalls(client)).map(({ state }) => state);
    expect(await statesNow()).to.deep.equal(["Waiting", "Waiting", "Waiting"]);
    const [newest] = await listCouncilCalls(client);
    expect(newest?.operationId).to.equal(ids[2]);
    expect(newest?.eta).to.equal(BigInt(await networkHelpers.time.latest()) + DELAY);
    expect(newest?.calls.map(({ contract, args }) => ({ contract, args }))).to.deep.equal([
      { contract: "TermsRegistry", args: { ledger: await coin.getAddress() } },
    ]);

    await guardian.connect(council).cancel(ids[0] ?? NONE);
    await networkHelpers.time.increase(DELAY);
    await executeCouncilCalls(client, { operationId: ids[1] ?? NONE });
    expect(await statesNow()).to.deep.equal(["Ready", "Executed", "Canceled"]);
    expect((await listCouncilCalls(client)).map(({ eta }) => eta !== undefined)).to.deep.equal([
      true,
      false,
      false,
    ]);
    await networkHelpers.time.increase(15n * DAY);
    expect(await statesNow()).to.deep.equal(["Lapsed", "Executed", "Canceled"]);
  });

  it("when votes have started, emergency calls still wait", async () => {
    const { client, mine, stranger, coin, sale, carol } = await office();
    const call = callToRemoveSource(client, { source: stranger.address });
    await proposeAsCouncil(client, { calls: [call] });
    await coin.connect(sale).transfer(carol, 1n);
    const [{ state, calls } = {}] = await listCouncilCalls(client);
    expect([state, calls?.[0]?.function]).to.deep.equal(["Waiting", "removeSource"]);
    await networkHelpers.time.increase(DELAY);
    const { operationId } = await proposeAsCouncil(client, { calls: [call] });
    await networkHelpers.time.increase(DELAY);
    await executeCouncilCalls(client, { operationId });
    expect((await mine.sourceOf(stranger)).admitted).to.equal(false);
    expect((await listCouncilCalls(client)).map((one) => one.state)).to.deep.equal(["Executed", "Ready"]);
  });

  it("when votes have started, waiting calls have lapsed", async () => {
    const { client, call, coin, sale, carol } = await office();
    await proposeAsCouncil(client, { calls: [call] });
    await coin.connect(sale).transfer(carol, 1n);
    expect((await listCouncilCalls(client)).map(({ state }) => state)).to.deep.equal(["Lapsed"]);
  });
});
