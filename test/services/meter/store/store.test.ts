import {
  type Account,
  AccountNotFoundError,
  type Job,
  type NewBatch,
  NumberOutOfRangeError,
  type Store,
  type StoredBatch,
  StoreVersionError,
} from "@benefit-grid/meter";
import { expect } from "chai";
import { rejectionOf } from "../../../sdk/clients.ts";
import { runNode } from "../processes.ts";
import { MEMORY, sharedDatabases, type TestedDatabase } from "./databases.ts";
import { entry, openVoucher, privateVoucher } from "./vouchers.ts";

const MAX = 2n ** 63n - 1n;
const NOTHING = { units: 0n, contexts: 0n };
const shared = sharedDatabases();

for (const { name, create, open } of [MEMORY, ...shared]) {
  describe(`store on ${name}`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open(await create());
      for (const licenseId of [1n, 2n, 3n])
        await store.open({ licenseId, offerId: licenseId === 3n ? 2n : 1n, settled: NOTHING });
    });
    afterEach(async () => await store.close());

    async function recorded(...entries: Parameters<Store["record"]>[0]): Promise<Account[]> {
      return (await store.record(entries)).map((account) => {
        if (account instanceof Error) throw account;
        return account;
      });
    }

    async function newest(licenseId: bigint) {
      return (await store.account(licenseId))?.voucher;
    }

    const unsettled = async () => (await store.unsettled(10)).map(({ licenseId }) => licenseId);

    async function batched(...vouchers: ReturnType<typeof openVoucher>[]): Promise<string> {
      const id = await store.createBatch({ mode: "open", offers: [{ offerId: 1n, vouchers }] });
      if (id === undefined) throw new Error("The batch was refused.");
      return id;
    }

    describe("open and account", () => {
      it("when a license is new, starts with its settled units as used", async () => {
        const settled = { units: 500n, contexts: 3n, salt: 2n ** 250n };
        const account = { licenseId: 9n, offerId: 1n, used: 500n, voucher: undefined, settled };
        expect(await store.open({ licenseId: 9n, offerId: 1n, settled })).to.deep.equal(account);
        expect(await store.account(9n)).to.deep.equal(account);
      });

      it("when it is open already, returns it unchanged", async () => {
        await recorded(entry(1n, 70n));
        const again = await store.open({ licenseId: 1n, offerId: 1n, settled: { units: 9n, contexts: 1n } });
        expect([again.used, again.settled]).to.deep.equal([70n, NOTHING]);
      });

      it("when a license was never served, finds nothing", async () => {
        expect(await store.account(99n)).to.equal(undefined);
        expect(await store.lastSettled(99n)).to.equal(undefined);
        expect(await store.batch("none")).to.equal(undefined);
      });
    });

    describe("record", () => {
      it("adds up units in any order, and returns accounts in the entries' order", async () => {
        const accounts = await recorded(entry(2n, 5n), entry(1n, 3n), entry(2n, 7n), entry(3n, 0n));
        expect(accounts.map(({ licenseId }) => licenseId)).to.deep.equal([2n, 1n, 2n, 3n]);
        await Promise.all(Array.from({ length: 50 }, () => recorded(entry(1n, 1n), entry(2n, 1n))));
        const used = await Promise.all([1n, 2n, 3n].map(async (id) => (await store.account(id))?.used));
        expect(used).to.deep.equal([53n, 62n, 0n]);
      });

      it("keeps the newest voucher, in whatever order they come", async () => {
        const vouchers = [20n, 50n, 10n, 40n].map((units) => openVoucher(1n, units));
        await recorded(...vouchers.map((voucher) => entry(1n, 0n, voucher)));
        expect(await newest(1n)).to.deep.equal(openVoucher(1n, 50n));
        for (const voucher of vouchers) await recorded(entry(1n, 1n, voucher));
        expect(await newest(1n)).to.deep.equal(openVoucher(1n, 50n));
        expect((await store.account(1n))?.used).to.equal(4n);
      });

      it("when a cover has the same units under another salt, takes it", async () => {
        await recorded(entry(1n, 0n, privateVoucher(1n, 10n, 7n)));
        await recorded(entry(1n, 0n, privateVoucher(1n, 10n, 8n)), entry(2n, 0n, openVoucher(2n, 10n)));
        expect(await newest(1n)).to.deep.equal(privateVoucher(1n, 10n, 8n));
        await recorded(entry(2n, 0n, openVoucher(2n, 10n, 3n)));
        expect(await newest(2n), "an open voucher has no cover").to.deep.equal(openVoucher(2n, 10n));
      });

      it("recordOnce: when a call comes again, adds its units once", async () => {
        const voucher = openVoucher(1n, 50n);
        expect(await store.isRecorded("a")).to.equal(false);
        expect((await store.recordOnce("a", entry(1n, 7n))).isRepeated).to.equal(false);
        const again = await Promise.all([1, 2, 3].map(() => store.recordOnce("a", entry(1n, 7n, voucher))));
        expect(again.map(({ isRepeated }) => isRepeated)).to.deep.equal([true, true, true]);
        expect(again[2]?.account).to.deep.include({ used: 7n, voucher });
        expect((await store.recordOnce("b", entry(1n, 5n))).account.used).to.equal(12n);
        expect(await store.isRecorded("a")).to.equal(true);
      });

      it("recordOnce: when an account does not exist, can be tried again", async () => {
        const error = await rejectionOf(store.recordOnce("c", entry(77n, 4n)));
        expect(error.name).to.equal("AccountNotFoundError");
        expect(await store.isRecorded("c")).to.equal(false);
      });

      it("when some entries have no voucher, leaves those of their accounts", async () => {
        await recorded(entry(1n, 1n, openVoucher(1n, 10n)));
        const accounts = await recorded(entry(1n, 1n), entry(2n, 1n, openVoucher(2n, 4n)));
        expect(accounts.map(({ voucher }) => voucher?.units)).to.deep.equal([10n, 4n]);
      });

      it("when an account does not exist, adds the others of the group", async () => {
        for (const voucher of [undefined, openVoucher(2n, 9n)]) {
          const [first, unknown, last] = await store.record([
            entry(1n, 3n),
            entry(77n, 4n),
            entry(2n, 5n, voucher),
          ]);
          expect(unknown).to.be.instanceOf(AccountNotFoundError).and.have.property("licenseId", 77n);
          expect([first, last].map((one) => (one as Account).licenseId)).to.deep.equal([1n, 2n]);
        }
        expect([(await store.account(1n))?.used, (await store.account(2n))?.used]).to.deep.equal([6n, 10n]);
      });

      it("when a group is empty, does nothing", async () => {
        expect(await store.record([])).to.deep.equal([]);
      });
    });

    describe("numbers", () => {
      it("keeps them exactly up to 2^63 - 1", async () => {
        const voucher = privateVoucher(MAX, MAX - 1n, 2n ** 253n);
        await store.open({ licenseId: MAX, offerId: MAX, settled: { units: 2n ** 53n + 1n, contexts: MAX } });
        await recorded(entry(MAX, MAX - 2n ** 53n - 1n, voucher));
        const account = await store.account(MAX);
        expect(typeof account?.used).to.equal("bigint");
        expect(account).to.deep.equal({
          licenseId: MAX,
          offerId: MAX,
          used: MAX,
          voucher,
          settled: { units: 2n ** 53n + 1n, contexts: MAX },
        });
      });

      it("when one is larger, refuses its entry alone and stores nothing of it", async () => {
        await recorded(entry(1n, MAX - 5n));
        const entries = [
          entry(1n, 6n),
          entry(2n, MAX + 1n),
          entry(2n, -1n),
          entry(2n, 1n, openVoucher(2n, MAX + 1n)),
          entry(MAX + 1n, 1n),
        ];
        for (const bad of entries) {
          const [good, error] = await store.record([entry(3n, 2n), bad]);
          expect((good as Account).licenseId).to.equal(3n);
          expect(error).to.be.instanceOf(NumberOutOfRangeError);
        }
        const accounts = await Promise.all([1n, 2n, 3n].map(async (id) => (await store.account(id))?.used));
        expect(accounts).to.deep.equal([MAX - 5n, 0n, 10n]);
        expect(await newest(2n)).to.equal(undefined);
      });

      it("when one is larger elsewhere, rejects before anything is stored", async () => {
        const settled = { units: MAX + 1n, contexts: 0n };
        const calls = [
          () => store.account(2n ** 64n),
          () => store.open({ licenseId: 8n, offerId: 1n, settled }),
          () => store.correct(1n, settled),
        ];
        for (const call of calls) {
          const error = await rejectionOf(call());
          expect(error, error.stack).to.be.instanceOf(NumberOutOfRangeError);
          expect((error as NumberOutOfRangeError).number > MAX).to.equal(true);
        }
        expect(await store.account(8n)).to.equal(undefined);
        expect((await store.account(1n))?.settled).to.deep.equal(NOTHING);
      });
    });

    describe("unsettled", () => {
      it("lists the longest waiting first, up to a limit", async () => {
        for (const licenseId of [2n, 3n, 1n]) {
          await recorded(entry(licenseId, 1n, openVoucher(licenseId, 5n)));
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        await recorded(entry(2n, 1n, openVoucher(2n, 9n)));
        expect(await unsettled()).to.deep.equal([2n, 3n, 1n]);
        const [first] = await store.unsettled(1);
        expect([first?.voucher.units, first?.licenseId]).to.deep.equal([9n, 2n]);
        expect(Math.abs(Date.now() - (first?.waitingSince ?? 0))).to.be.lessThan(60_000);
      });

      it("when a voucher is not beyond the settled usage, does not list it", async () => {
        await store.open({ licenseId: 8n, offerId: 1n, settled: { units: 50n, contexts: 1n } });
        await store.open({ licenseId: 9n, offerId: 1n, settled: { units: 50n, contexts: 1n, salt: 7n } });
        await recorded(
          entry(8n, 0n, openVoucher(8n, 50n)),
          entry(9n, 0n, privateVoucher(9n, 49n, 8n)),
          entry(1n, 4n),
        );
        expect(await unsettled()).to.deep.equal([]);
        await recorded(entry(9n, 0n, privateVoucher(9n, 50n, 8n)));
        expect(await unsettled(), "a cover can be settled").to.deep.equal([9n]);
      });
    });

    describe("batches", () => {
      const vouchers = [openVoucher(2n, 10n), openVoucher(1n, 20n)];

      beforeEach(async () => {
        await recorded(...vouchers.map((voucher) => entry(voucher.licenseId, 5n, voucher)));
      });

      it("when created, takes its licenses", async () => {
        const before = Date.now();
        const id = await batched(...vouchers);
        expect(await unsettled()).to.deep.equal([]);
        const batch = await store.batch(id);
        expect(batch?.createdAt).to.be.within(before, Date.now());
        expect(batch).to.deep.equal({
          id,
          mode: "open",
          state: "formed",
          createdAt: batch?.createdAt,
          offers: [{ offerId: 1n, vouchers }],
          proof: undefined,
          transactions: [],
          hash: undefined,
          reason: undefined,
        });
        expect(await store.batchesUnderWay()).to.deep.equal([batch]);
      });

      it("when a license is taken, repeated, unknown or not ahead of its settled usage, changes nothing", async () => {
        const attempt = (...of: typeof vouchers) =>
          store.createBatch({ mode: "open", offers: [{ offerId: 1n, vouchers: of }] });
        const [two, one] = vouchers as [(typeof vouchers)[0], (typeof vouchers)[0]];
        expect(await attempt(one, one)).to.equal(undefined);
        expect(await attempt(one, openVoucher(77n, 1n))).to.equal(undefined);
        await batched(one);
        expect(await attempt(two, one)).to.equal(undefined);
        await store.correct(2n, { units: 10n, contexts: 1n });
        expect(await attempt(two)).to.equal(undefined);
        expect((await store.batchesUnderWay()).length).to.equal(1);
        await store.correct(2n, NOTHING);
        expect(await unsettled()).to.deep.equal([2n]);
      });

      it("when two form batches of one license at once, one of them gets it", async () => {
        const both: NewBatch = { mode: "open", offers: [{ offerId: 1n, vouchers }] };
        const ids = await Promise.all(Array.from({ length: 8 }, () => store.createBatch(both)));
        expect(ids.filter((id) => id !== undefined).length).to.equal(1);
      });

      it("changes one that is in the expected state alone", async () => {
        const id = await batched(...vouchers);
        const transaction = { hash: "0x12", nonce: 3, raw: "0xff", maxFeePerGas: 10n ** 20n, sentAt: 99 };
        const proof = { proof: ["1", "22"], sum: 2n ** 254n };
        expect(await store.changeBatch(id, "formed", { state: "proved", proof })).to.equal(true);
        expect(await store.changeBatch(id, "formed", { state: "sent" })).to.equal(false);
        expect(await store.changeBatch(id, "proved", {})).to.equal(true);
        const sent = { state: "sent", transactions: [transaction], hash: "0x12", reason: "waits" } as const;
        expect(await store.changeBatch(id, "proved", sent)).to.equal(true);
        expect(await store.batch(id)).to.deep.include({ ...sent, proof });
        expect(await store.changeBatch("none", "formed", { state: "proved" })).to.equal(false);
      });

      it("when batches settle in the same millisecond, the later one is the last", async () => {
        const real = Date.now;
        const now = real();
        Date.now = () => now;
        try {
          for (const units of [20n, 30n, 40n, 50n]) {
            await recorded(entry(1n, 0n, openVoucher(1n, units)));
            const id = await batched(openVoucher(1n, units));
            await store.settleBatch(id, `0x${units}`);
            expect((await store.lastSettled(1n))?.hash).to.equal(`0x${units}`);
          }
        } finally {
          Date.now = real;
        }
      });

      it("when settled, moves the settled usage, once", async () => {
        const id = await batched(...vouchers);
        await store.settleBatch(id, "0x34");
        await recorded(entry(1n, 0n, openVoucher(1n, 30n)));
        const next = await batched(openVoucher(1n, 30n));
        await store.settleBatch(id, "0x56");
        await store.dropBatch(id, "late");
        expect(await store.batch(id)).to.deep.include({ state: "settled", hash: "0x34", reason: undefined });
        expect((await store.account(1n))?.settled).to.deep.equal({ units: 20n, contexts: 1n });
        expect((await store.account(2n))?.settled).to.deep.equal({ units: 10n, contexts: 1n });
        expect((await store.batchesUnderWay()).map((batch) => batch.id)).to.deep.equal([next]);
        expect((await store.lastSettled(1n))?.id).to.equal(id);
        await store.settleBatch(next, undefined);
        expect((await store.lastSettled(1n))?.hash).to.equal(undefined);
        expect((await store.history(1n)).map((batch) => batch.id)).to.have.members([id, next]);
        expect((await store.settledSince(0)).map((batch) => batch.id)).to.have.members([id, next]);
        expect(await store.settledSince(Date.now() + 60_000)).to.deep.equal([]);
        expect(await unsettled()).to.deep.equal([]);
      });

      it("when a newer voucher came meanwhile, it waits since the batch was formed", async () => {
        const id = await batched(...vouchers);
        await recorded(entry(1n, 0n, openVoucher(1n, 25n)));
        expect(await unsettled()).to.deep.equal([]);
        await store.settleBatch(id, "0x34");
        const [waiting, ...others] = await store.unsettled(10);
        expect(others).to.deep.equal([]);
        expect([waiting?.licenseId, waiting?.settled.units, waiting?.voucher.units]).to.deep.equal([
          1n,
          20n,
          25n,
        ]);
        expect(waiting?.waitingSince).to.equal((await store.batch(id))?.createdAt);
      });

      it("when dropped, gives its licenses back with their age, once", async () => {
        const since = (await store.unsettled(10)).map(({ waitingSince }) => waitingSince);
        const id = await batched(...vouchers);
        await store.dropBatch(id, "stale");
        await store.settleBatch(id, "0x34");
        await store.dropBatch(id, "again");
        expect(await store.batch(id)).to.deep.include({ state: "dropped", reason: "stale", hash: undefined });
        expect((await store.unsettled(10)).map(({ waitingSince }) => waitingSince)).to.deep.equal(since);
        expect((await store.account(1n))?.settled).to.deep.equal(NOTHING);
        expect(await store.lastSettled(1n)).to.equal(undefined);
        expect(await batched(...vouchers)).to.not.equal(id);
      });

      it("when one settles and another drops it at once, does one of both entirely", async () => {
        for (let i = 0n; i < 10n; i++) {
          const [one, two] = [openVoucher(1n, 100n + i), openVoucher(2n, 100n + i)];
          await recorded(entry(1n, 0n, one), entry(2n, 0n, two));
          const id = await batched(one, two);
          await Promise.all([store.settleBatch(id, "0x34"), store.dropBatch(id, "stale")]);
          const isSettled = (await store.batch(id))?.state === "settled";
          expect(await unsettled()).to.deep.equal(isSettled ? [] : [1n, 2n]);
        }
      });

      it("keeps private rows", async () => {
        const voucher = privateVoucher(3n, 10n, 2n ** 252n);
        const oldOpening = { units: 1n, contexts: 1n, salt: 5n };
        const rows = [{ voucher, oldOpening, cap: 2n ** 64n - 1n }];
        const batch: NewBatch = { mode: "private", offers: [{ offerId: 2n, allowedContexts: 7n, rows }] };
        await recorded(entry(3n, 0n, voucher));
        const id = (await store.createBatch(batch)) as string;
        expect((await store.batch(id))?.offers).to.deep.equal(batch.offers);
        await store.settleBatch(id, "0x34");
        expect((await store.account(3n))?.settled).to.deep.equal({
          units: 10n,
          contexts: 1n,
          salt: 2n ** 252n,
        });
      });
    });

    describe("correct", () => {
      it("when the voucher is beyond the chain's usage, it keeps waiting since it came", async () => {
        await recorded(entry(1n, 0n, openVoucher(1n, 20n)));
        const [{ waitingSince } = { waitingSince: 0 }] = await store.unsettled(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await store.correct(1n, { units: 19n, contexts: 1n });
        expect((await store.unsettled(1))[0]?.waitingSince).to.equal(waitingSince);
        await store.correct(1n, { units: 20n, contexts: 1n });
        expect(await unsettled()).to.deep.equal([]);
        await store.correct(1n, { units: 3n, contexts: 1n });
        expect(await unsettled(), "a block was replaced").to.deep.equal([1n]);
        expect((await store.account(1n))?.settled).to.deep.equal({ units: 3n, contexts: 1n });
      });
    });

    describe("lease", () => {
      it("has one holder until it expires", async () => {
        const taken = await Promise.all(["a", "b", "c"].map((holder) => store.lease("settle", holder, 60)));
        expect(taken.filter(Boolean).length).to.equal(1);
        const holder = ["a", "b", "c"][taken.indexOf(true)] as string;
        expect(await store.lease("settle", holder, 60), "extends it").to.equal(true);
        expect(await store.lease("settle", "d", 60)).to.equal(false);
        expect(await store.lease("other", "d", 60), "another lease").to.equal(true);
        await new Promise((resolve) => setTimeout(resolve, 80));
        expect(await store.lease("settle", "d", 60_000)).to.equal(true);
        expect(await store.lease("settle", holder, 60)).to.equal(false);
      });
    });

    describe("totals", () => {
      it("sums up by offer what is unsettled and served on credit", async () => {
        await recorded(
          entry(1n, 30n, openVoucher(1n, 20n)),
          entry(2n, 5n, openVoucher(2n, 10n)),
          entry(3n, 4n),
        );
        const [first, second] = await store.totals();
        expect(first).to.deep.include({ offerId: 1n, licenses: 2, units: 30n, credit: 10n });
        expect(first?.waitingSince).to.equal((await store.unsettled(1))[0]?.waitingSince);
        const rest = { offerId: 2n, licenses: 0, units: 0n, credit: 4n, waitingSince: undefined };
        expect(second).to.deep.equal(rest);
      });

      it("when they pass 2^63, are exact", async () => {
        await recorded(
          entry(1n, MAX, openVoucher(1n, MAX)),
          entry(2n, MAX),
          entry(3n, 0n, openVoucher(3n, 1n)),
        );
        await store.open({ licenseId: 4n, offerId: 1n, settled: NOTHING });
        await recorded(entry(4n, MAX, openVoucher(4n, MAX - 3n)));
        expect((await store.totals())[0]).to.deep.include({ units: 2n * MAX - 3n, credit: MAX + 3n });
      });
    });

    describe("holds", () => {
      it("keep an offer or a license from being settled, until they end or a voucher passes them", async () => {
        const until = Date.now() + 60_000;
        for (const id of [1n, 2n, 3n]) await recorded(entry(id, 1n, openVoucher(id, 5n)));
        await store.hold({ kind: "license", id: 1n, until, units: 5n, reason: "refused" });
        await store.hold({ kind: "offer", id: 2n, until, reason: "failed" });
        expect(await unsettled()).to.deep.equal([2n]);
        await recorded(entry(1n, 1n, openVoucher(1n, 6n)));
        expect(await unsettled()).to.have.members([1n, 2n]);
        await store.hold({ kind: "license", id: 1n, until: Date.now() - 1, reason: "over" });
        const hold = { kind: "offer", id: 2n, until, reason: "failed" };
        expect(await store.holds()).to.deep.equal([hold]);
        await store.release("offer", [2n, 7n]);
        expect(await unsettled()).to.have.members([1n, 2n, 3n]);
      });
    });

    describe("jobs", () => {
      it("are taken by one worker at a time, until it ends them or its time is over", async () => {
        await store.addJob("a");
        await store.addJob("a");
        const taken = await Promise.all([1, 2, 3].map(() => store.takeJob(50)));
        const [job, ...others] = taken.filter((one) => one !== undefined);
        expect(others).to.deep.equal([]);
        expect(job).to.deep.equal({ batchId: "a", attempts: 1 });
        await new Promise((resolve) => setTimeout(resolve, 60));
        const again = await store.takeJob(60_000);
        expect(again).to.deep.equal({ batchId: "a", attempts: 2 });
        expect(await store.hideJob(job as Job, 0), "the first worker has lost it").to.equal(false);
        await store.endJob(job as Job);
        expect(await store.hideJob(again as Job, 0)).to.equal(true);
        await store.endJob(again as Job);
        expect(await store.takeJob(50)).to.equal(undefined);
      });
    });

    describe("texts", () => {
      it("are values, whatever they contain", async () => {
        const hostile = `'; DROP TABLE accounts; --" $1 ?1 \\ \u{1f4a5} ${"x".repeat(100_000)}`;
        await recorded(entry(1n, 0n, { ...openVoucher(1n, 5n), signature: hostile as "0x" }));
        expect((await newest(1n))?.signature).to.equal(hostile);
        expect(await store.lease(hostile, hostile, 1_000)).to.equal(true);
        const id = await batched(openVoucher(1n, 5n));
        await store.changeBatch(id, "formed", { proof: { [hostile]: hostile, digits: "123", sum: 1n } });
        await store.dropBatch(id, hostile);
        const batch = await store.batch(id);
        expect([batch?.proof, batch?.reason]).to.deep.equal([
          { [hostile]: hostile, digits: "123", sum: 1n },
          hostile,
        ]);
        // Chai's matchers here take digits and a bigint for equal.
        const { digits } = (batch as StoredBatch).proof as { digits: unknown };
        expect(typeof digits).to.equal("string");
        await store.dropBatch(await batched(openVoucher(1n, 5n)), "a NUL \0 in it");
      });
    });
  });
}

for (const { name, create, open, execute } of shared) {
  describe(`migrations on ${name}`, () => {
    it("when the store has a newer version, refuses it and changes nothing", async () => {
      const address = await create();
      await (await open(address)).close();
      await execute(address, "UPDATE meter_schema SET version = 9; DROP TABLE leases");
      for (let i = 0; i < 2; i++) {
        const error = await rejectionOf(open(address));
        expect(error, error.stack).to.be.instanceOf(StoreVersionError);
        expect(error).to.have.property("version", 9);
        expect((error as StoreVersionError).known).to.be.lessThan(9);
      }
    });

    it("when processes open a new one at the same time, each gets it", async () => {
      const address = await create();
      const script = "test/services/meter/fixtures/record.ts";
      const results = await Promise.all(
        [1, 2, 3].map(() => runNode(script, { address, license: "1", times: "20" })),
      );
      expect(results.map(({ code, output }) => `${code} ${output}`)).to.deep.equal(Array(3).fill("0 done\n"));
      const store = await open(address);
      expect((await store.account(1n))?.used).to.equal(60n);
      await store.close();
    });

    it("when opened again, has everything", async () => {
      const address = await create();
      await reopened({ open }, address, async (store) => {
        await store.open({ licenseId: 1n, offerId: 1n, settled: NOTHING });
        await store.record([entry(1n, 7n, openVoucher(1n, 5n))]);
      });
      await reopened({ open }, address, async (store) => {
        expect(await store.account(1n)).to.deep.include({ used: 7n, voucher: openVoucher(1n, 5n) });
      });
    });
  });
}

async function reopened(
  { open }: Pick<TestedDatabase, "open">,
  address: string,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await open(address);
  await work(store).finally(() => store.close());
}
