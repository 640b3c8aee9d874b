import { expect } from "chai";
import { ethers, networkHelpers } from "../../../grid.ts";
import { nodeWith, paid, type Settling, settling, startSettler, unitsOf } from "./support.ts";

/** The operator's transactions wait in the node until the test mines. */
async function waiting() {
  const given = await settling();
  await given.keep(await given.open(10n));
  await ethers.provider.send("evm_setAutomine", [false]);
  return given;
}

afterEach(async () => {
  await ethers.provider.send("evm_setAutomine", [true]);
});

async function drop(hash: string | undefined): Promise<void> {
  await ethers.provider.send("hardhat_dropTransaction", [hash]);
}

/** License 4's 10 units are settled, once. */
async function expectSettledOnce(given: Settling): Promise<void> {
  expect(await unitsOf(given.client, 4n)).to.equal(10n);
  expect(await paid(given, 1n)).to.equal(250n);
  expect(await given.store.batchesUnderWay()).to.deep.equal([]);
  expect(await given.store.account(4n)).to.deep.include({ settled: { units: 10n, contexts: 1n } });
}

describe("a settlement's transaction", () => {
  it("is in the store before a node sees it, replacements too", async () => {
    const given = await waiting();
    const stored: (number | undefined)[] = [];
    const looks: Promise<unknown>[] = [];
    const client = await nodeWith(given, (method) => {
      if (method === "broadcastTransaction") {
        const look = given.store.batchesUnderWay();
        looks.push(look.then(([batch]) => stored.push(batch?.transactions.length)));
      }
      return undefined;
    });
    const settler = await startSettler(client, given.store, { replaceAfter: 0 });
    await settler.rounds(2);
    await Promise.all(looks);
    expect(stored).to.deep.equal([1, 2]);
  });

  it("when it waits for long, is replaced at a higher fee, and settles once", async () => {
    const given = await waiting();
    const { run, wallet, store } = given;
    const nonce = await wallet.getNonce();
    const settler = await run({ replaceAfter: 20 });
    await settler.round();
    await new Promise((resolve) => setTimeout(resolve, 25));
    await settler.round();
    const [batch] = await store.batchesUnderWay();
    const [first, second] = (batch?.transactions ?? []).map(({ raw }) => ethers.Transaction.from(raw));
    expect([first?.nonce, second?.nonce]).to.deep.equal([nonce, nonce]);
    expect(second?.data).to.equal(first?.data);
    expect((second?.maxFeePerGas ?? 0n) * 8n >= (first?.maxFeePerGas ?? 0n) * 9n).to.equal(true);
    expect((second?.maxPriorityFeePerGas ?? 0n) * 8n >= (first?.maxPriorityFeePerGas ?? 0n) * 9n).to.equal(
      true,
    );
    await networkHelpers.mine();
    await settler.round();
    await expectSettledOnce(given);
    expect(settler.of("settled")).to.deep.equal([
      { kind: "settled", batchId: batch?.id, hash: second?.hash },
    ]);
    expect(await wallet.getNonce()).to.equal(nonce + 1);
  });

  it("when a higher fee would be above the maximum, is kept, and reported", async () => {
    const given = await waiting();
    const { maxFeePerGas } = await ethers.provider.getFeeData();
    const settler = await given.run({ replaceAfter: 0, maxFeePerGas: maxFeePerGas ?? 0n });
    await settler.round();
    expect(await settler.round()).to.equal("failed");
    expect(settler.errors().map(({ name }) => name)).to.deep.equal(["FeeLimitError"]);
    await networkHelpers.mine();
    await settler.round();
    await expectSettledOnce(given);
  });

  it("when the node lost it, is sent again, unchanged", async () => {
    const given = await waiting();
    const settler = await given.run();
    await settler.round();
    const [sent] = settler.of("sent");
    await drop(sent?.hash);
    await networkHelpers.mine();
    expect(await unitsOf(given.client, 4n)).to.equal(0n);
    await settler.round();
    await networkHelpers.mine();
    await settler.round();
    await expectSettledOnce(given);
    expect(settler.of("settled")[0]?.hash).to.equal(sent?.hash);
  });

  it("when another transaction took its nonce, is sent with another nonce", async () => {
    const given = await waiting();
    const { run, wallet } = given;
    const settler = await run({ confirmations: 2 });
    await settler.round();
    const [sent] = settler.of("sent");
    await drop(sent?.hash);
    await wallet.sendTransaction({ to: given.stranger.address, nonce: sent?.nonce ?? 0 });
    await networkHelpers.mine();
    await settler.round();
    // The other transaction may still vanish.
    expect(settler.of("takenBack")).to.deep.equal([]);
    await networkHelpers.mine();
    await settler.rounds(2);
    expect(settler.of("takenBack").map(({ nonce }) => nonce)).to.deep.equal([sent?.nonce]);
    await networkHelpers.mine(2);
    await settler.round();
    await expectSettledOnce(given);
    expect(settler.of("sent").map(({ nonce }) => nonce)).to.deep.equal([sent?.nonce, (sent?.nonce ?? 0) + 1]);
  });

  it("when a lost transaction of somebody else blocks its nonce, the gap is filled", async () => {
    const given = await waiting();
    const { run, wallet } = given;
    const other = await wallet.sendTransaction({ to: given.stranger.address });
    const settler = await run({ replaceAfter: 0 });
    await settler.round();
    expect(settler.of("sent")[0]?.nonce).to.equal(other.nonce + 1);
    await drop(other.hash);
    await settler.round();
    await networkHelpers.mine();
    await settler.round();
    await expectSettledOnce(given);
  });

  it("when the ledger would refuse it by now, its nonce is used up, and it is sent again later", async () => {
    const given = await owned();
    const { run, setOperator, stranger, meter } = given;
    const settler = await run({ replaceAfter: 0 });
    await settler.round();
    const [sent] = settler.of("sent");
    await drop(sent?.hash);
    await setOperator(stranger.address);
    await networkHelpers.mine();
    await drop(sent?.hash);
    await settler.round();
    expect(settler.of("sent").map(({ cancels }) => cancels)).to.deep.equal([false, true]);
    await networkHelpers.mine();
    await settler.round();
    expect(settler.errors().map(({ name }) => name)).to.include("CallerNotMeterOperator");
    await setOperator(meter.address);
    await networkHelpers.mine();
    await settler.round();
    await networkHelpers.mine();
    await settler.round();
    await expectSettledOnce(given);
  });

  it("when it reverts in its block, the batch waits until the ledger accepts it", async () => {
    const given = await owned();
    const { run, setOperator, stranger, meter } = given;
    const settler = await run();
    await settler.round();
    await setOperator(stranger.address, { maxPriorityFeePerGas: 10n ** 11n, maxFeePerGas: 10n ** 12n });
    await networkHelpers.mine();
    await settler.rounds(2);
    expect(settler.of("takenBack")).to.have.length(1);
    expect(settler.errors().map(({ name }) => name)).to.include("CallerNotMeterOperator");
    await setOperator(meter.address);
    await networkHelpers.mine();
    await settler.round();
    await networkHelpers.mine();
    await settler.round();
    await expectSettledOnce(given);
  });
});

/** As `waiting`. The meter's owner is another account than its operator. */
async function owned() {
  const given = await waiting();
  const { ledger, meter, creator, payee } = given;
  await ledger.connect(meter).transferMeter(1n, creator);
  await networkHelpers.mine();
  await ledger.connect(creator).acceptMeter(1n);
  await networkHelpers.mine();
  const setOperator = (operator: string, fees = {}) =>
    ledger.connect(creator).setMeter(1n, operator, payee, "", fees);
  return { ...given, setOperator };
}

describe("a re-organisation", () => {
  it("when the settlement vanishes before it is final, the same transaction is sent again", async () => {
    const given = await settling();
    const { run, keep, open, wallet } = given;
    await keep(await open(10n));
    const nonce = await wallet.getNonce();
    const before = await networkHelpers.takeSnapshot();
    const settler = await run({ confirmations: 3 });
    await settler.rounds(2);
    expect(await unitsOf(given.client, 4n)).to.equal(10n);
    expect(settler.kinds()).to.deep.equal(["formed", "sent"]);
    await before.restore();
    expect(await unitsOf(given.client, 4n)).to.equal(0n);
    await settler.round();
    await networkHelpers.mine(2);
    await settler.round();
    await expectSettledOnce(given);
    expect(settler.of("settled")[0]?.hash).to.equal(settler.of("sent")[0]?.hash);
    expect(await wallet.getNonce()).to.equal(nonce + 1);
  });

  it("when a final settlement vanishes, its vouchers are settled again", async () => {
    const given = await settling();
    const { run, keep, open } = given;
    await keep(await open(10n));
    const before = await networkHelpers.takeSnapshot();
    await (await run()).rounds(2);
    await expectSettledOnce(given);
    await before.restore();
    const settler = await run();
    await settler.rounds(2);
    expect(settler.kinds()).to.deep.equal(["vanished", "corrected", "formed", "sent", "settled"]);
    await expectSettledOnce(given);
  });

  it("when a final private settlement vanishes, its vouchers are proved and settled again", async () => {
    const given = await settling();
    await given.keepPrivate();
    const before = await networkHelpers.takeSnapshot();
    await (await given.run()).rounds(3);
    expect(await paid(given, 2n)).to.equal(3_750n);
    await before.restore();
    expect(await paid(given, 2n)).to.equal(0n);
    await (await given.run()).rounds(3);
    expect(await paid(given, 2n)).to.equal(3_750n);
  });

  it("while the node is behind, forms no batch", async () => {
    const given = await settling();
    const { run, keep, open } = given;
    const before = await networkHelpers.takeSnapshot();
    await networkHelpers.mine();
    const settler = await run();
    await settler.round();
    await before.restore();
    await keep(await open(10n));
    await settler.round();
    expect(settler.kinds()).to.deep.equal([]);
    await networkHelpers.mine();
    await settler.rounds(2);
    await expectSettledOnce(given);
  });
});
