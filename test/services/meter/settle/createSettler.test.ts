import { createSettler, createStoreQueue, type SettleReport } from "@benefit-grid/meter";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { DAY, networkHelpers } from "../../../grid.ts";
import { serve } from "../../../sdk/cli/support.ts";
import { expectInvalid } from "../../../sdk/clients.ts";
import { AT_ONCE, commitmentOf, nodeWith, paid, prove, settling, startSettler, unitsOf } from "./support.ts";

describe("createSettler", () => {
  it("when there is no offer or no signer, refuses it", async () => {
    const { client, store } = await settling();
    const queue = createStoreQueue({ store });
    await expectInvalid(createSettler({ client, store, queue, offers: [] }), "offers");
    const reader = { ...client, runner: client.provider };
    await expectInvalid(createSettler({ client: reader, store, queue, offers: [1n] }), "client");
  });

  it("settles open vouchers, and the newest of each license only", async () => {
    const given = await settling();
    const { client, store, keep, open, run } = given;
    await keep(await open(4n));
    await keep(await open(10n));
    const settler = await run();
    await settler.rounds(3);
    expect(settler.kinds()).to.deep.equal(["formed", "sent", "settled"]);
    expect(await unitsOf(client, 4n)).to.equal(10n);
    expect(await paid(given, 1n)).to.equal(250n);
    const [sent] = settler.of("sent");
    expect(await store.lastSettled(4n)).to.include({ state: "settled", hash: sent?.hash });
    expect(await store.account(4n)).to.deep.include({ settled: { units: 10n, contexts: 1n } });
  });

  it("settles private vouchers by a proof, and a cover with the next", async () => {
    const given = await settling();
    const { client, keep, keepPrivate, sign, run } = given;
    await keepPrivate();
    const settler = await run();
    await settler.rounds(3);
    expect(settler.errors()).to.deep.equal([]);
    expect(settler.kinds()).to.deep.equal(["formed", "proved", "sent", "settled"]);
    expect(await paid(given, 2n)).to.equal(150n * 25n);

    const cover = await sign(2n, 50n, { cover: 1n });
    await keep(cover);
    await settler.rounds(2);
    expect(settler.kinds()).to.have.length(4);
    const voucher = await sign(1n, 1_000n, { contexts: 5n });
    await keep(voucher);
    await settler.rounds(3);
    expect(await commitmentOf(client, 1n)).to.equal(voucher.usage);
    expect(await commitmentOf(client, 2n)).to.equal(cover.usage);
    expect(await paid(given, 2n)).to.equal(1_050n * 25n);
  });

  it("when vouchers are new and few, they wait", async () => {
    const { keep, open, run, client } = await settling();
    await keep(await open(10n));
    const rules = { maxAge: 3_600_000 };
    const patient = await run({ ...rules, minUnits: 11n, minValue: 251n });
    await patient.rounds(2);
    expect(patient.kinds()).to.deep.equal([]);
    let units = 10n;
    for (const enough of [{ minUnits: 10n }, { minValue: 250n }, { maxRows: 1 }, { maxAge: 0 }]) {
      const settler = await run({ ...rules, ...enough });
      await settler.rounds(2);
      expect(await unitsOf(client, 4n)).to.equal(units);
      units += 10n;
      await keep(await open(units));
    }
  });

  it("reads the licenses of a batch by one request", async () => {
    const given = await settling();
    await given.keepPrivate();
    const { rpc, close } = await serve();
    const requests: number[] = [];
    class Counting extends JsonRpcProvider {
      override async _send(payload: Parameters<JsonRpcProvider["_send"]>[0]) {
        const calls = Array.isArray(payload) ? payload : [payload];
        const licenseOf = given.licenses.interface.getFunction("licenseOf").selector;
        requests.push(calls.filter((call) => JSON.stringify(call).includes(licenseOf)).length);
        return await super._send(payload);
      }
    }
    const provider = new Counting(rpc, 31337, { cacheTimeout: -1 });
    const client = await given.as(given.wallet.connect(provider));
    const settler = await startSettler(client, given.store);
    await settler.round();
    expect(settler.errors()).to.deep.equal([]);
    expect(settler.kinds()).to.deep.equal(["formed"]);
    // For their deadlines, then for the batch: both licenses at once.
    expect(requests.filter((count) => count > 0)).to.deep.equal([2, 2]);
    provider.destroy();
    close();
  });

  it("when a window ends within a day, settles at once", async () => {
    const { keep, open, run, client, licenses } = await settling();
    await keep(await open(10n));
    const { settleBy } = await licenses.deadlinesOf(4n);
    await networkHelpers.time.increaseTo(settleBy - DAY - 60n);
    const settler = await run({ maxAge: 3_600_000 });
    await settler.rounds(2);
    expect(settler.kinds()).to.deep.equal([]);
    await networkHelpers.time.increaseTo(settleBy - DAY);
    // The deadline is known from the look before.
    await settler.rounds(2);
    expect(await unitsOf(client, 4n)).to.equal(10n);
  });

  it("when a license is over, reports its voucher as lost, and settles the others", async () => {
    const { keep, open, run, licenses, sign, store } = await settling();
    const { settleBy } = await licenses.deadlinesOf(4n);
    await keep(await open(10n));
    await keep(await sign(3n, 7n));
    await networkHelpers.time.increaseTo(settleBy + 1n);
    const settler = await run();
    await settler.rounds(2);
    expect(settler.of("lost")).to.deep.include({
      kind: "lost",
      licenseId: 4n,
      units: 10n,
      reason: "its settlement window is over",
    });
    expect(await store.unsettled(9)).to.deep.equal([]);
  });
});

describe("a lone private voucher", () => {
  const lone = async () => {
    const given = await settling();
    await given.keep(await given.sign(3n, 7n));
    const { settleBy } = await given.licenses.deadlinesOf(3n);
    return { ...given, settleBy };
  };

  it("waits, and is reported once", async () => {
    const { run, settleBy } = await lone();
    const settler = await run({ allowLone: true });
    await settler.rounds(3);
    expect(settler.reports).to.deep.equal([
      { kind: "lone", offerId: 3n, licenseId: 3n, settleBy, urgent: false },
    ]);
  });

  it("when it was reported, is not read from the chain again while it waits", async () => {
    const given = await lone();
    let calls = 0;
    const client = await nodeWith(given, (method) => {
      if (method === "call") calls += 1;
      return undefined;
    });
    const settler = await startSettler(client, given.store);
    await settler.rounds(2);
    calls = 0;
    await settler.rounds(5);
    // One a round: whether the ledger is retired.
    expect(calls).to.equal(5);
    await given.keep(await given.sign(1n, 100n));
    await settler.rounds(1);
    expect(settler.of("lone").map(({ licenseId }) => licenseId)).to.deep.equal([3n, 1n]);
  });

  it("when its window ends within a day, is reported and left, unless the operator allows it", async () => {
    const { run, settleBy, client, sign } = await lone();
    await networkHelpers.time.increaseTo(settleBy - DAY);
    const strict = await run();
    await strict.rounds(3);
    expect(strict.reports).to.deep.equal([
      { kind: "lone", offerId: 3n, licenseId: 3n, settleBy, urgent: true },
    ]);
    const settler = await run({ allowLone: true });
    await settler.rounds(3);
    expect(settler.errors()).to.deep.equal([]);
    expect(await commitmentOf(client, 3n)).to.equal((await sign(3n, 7n)).usage);
  });
});

describe("start", () => {
  it("settles by itself until close, proofs included", async () => {
    const { keepPrivate, keep, open, client, store, sign } = await settling();
    await keepPrivate();
    await keep(await open(10n));
    const queue = createStoreQueue({ store, interval: 1 });
    let count = 0;
    let finished = () => {};
    const both = new Promise<void>((resolve) => {
      finished = resolve;
    });
    const onReport = ({ kind }: SettleReport) => {
      if (kind === "settled") count += 1;
      if (count === 2) finished();
    };
    const settings = { ...AT_ONCE, offers: [1n, 2n], prove, interval: 1, onReport };
    const settler = await createSettler({ client, store, queue, ...settings });
    settler.start();
    await both;
    await settler.close();
    await queue.close();
    expect(await unitsOf(client, 4n)).to.equal(10n);
    expect(await commitmentOf(client, 2n)).to.equal((await sign(2n, 50n)).usage);
  });
});
