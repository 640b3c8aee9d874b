import { postgresStore, type Store, StoreUnavailableError } from "@benefit-grid/meter";
import { expect } from "chai";
import { Client, types } from "pg";
import { rejectionOf } from "../../../sdk/clients.ts";
import { newDatabase } from "../postgres.ts";
import { startProxy } from "../proxy.ts";
import { entry, openVoucher } from "./vouchers.ts";

const NOTHING = { units: 0n, contexts: 0n };

describe("postgresStore", () => {
  let address: string;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let store: Store;
  let beside: Client;

  beforeEach(async () => {
    address = await newDatabase();
    proxy = await startProxy(address);
    store = await postgresStore(proxy.url);
    for (const licenseId of [1n, 2n, 3n]) await store.open({ licenseId, offerId: 1n, settled: NOTHING });
    beside = new Client({ connectionString: address });
    await beside.connect();
  });
  afterEach(async () => {
    await beside.end();
    await store.close();
    proxy.close();
  });

  const used = async (licenseId = 1n) => (await store.account(licenseId))?.used;

  async function expectUnavailable(action: Promise<unknown>): Promise<void> {
    const error = await rejectionOf(action);
    expect(error, error.stack).to.be.instanceOf(StoreUnavailableError);
  }

  it("when the server is away, says so, and connects again at the next call", async () => {
    proxy.cut();
    await expectUnavailable(store.record([entry(1n, 5n)]));
    await expectUnavailable(store.account(1n));
    await expectUnavailable(postgresStore(proxy.url));
    proxy.restore();
    await store.record([entry(1n, 3n)]);
    expect(await used()).to.equal(3n);
  });

  it("when the server ends its connections, connects again", async () => {
    await beside.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    );
    const results = await Promise.allSettled([store.record([entry(1n, 1n)]), store.record([entry(1n, 1n)])]);
    const added = results.filter(({ status }) => status === "fulfilled").length;
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).to.be.instanceOf(StoreUnavailableError);
    expect(await used()).to.equal(BigInt(added));
  });

  it("when the connection breaks before the commit, adds nothing", async () => {
    proxy.loseAnswerTo("UPDATE accounts");
    await expectUnavailable(store.record([entry(1n, 5n), entry(2n, 5n)]));
    expect([await used(1n), await used(2n)]).to.deep.equal([0n, 0n]);
  });

  it("when the answer to a commit is lost, asks the server and returns its accounts", async () => {
    proxy.loseAnswerTo("COMMIT");
    const [account] = await store.record([entry(1n, 5n)]);
    expect(account).to.have.property("used", 5n);
    expect(await used()).to.equal(5n);
  });

  it("when two transactions wait for each other, repeats the one that the server ends", async () => {
    for (let i = 0; i < 5; i++) {
      await beside.query("BEGIN");
      await beside.query("UPDATE accounts SET used = used + 1 WHERE license_id = 2");
      const recording = store.record([entry(1n, 1n), entry(2n, 1n)]);
      await waitForLock(beside);
      // Whichever of both is ended, it is repeated.
      await beside
        .query("UPDATE accounts SET used = used + 1 WHERE license_id = 1")
        .then(() => beside.query("COMMIT"))
        .catch(async () => {
          await beside.query("ROLLBACK");
          await beside.query("UPDATE accounts SET used = used + 1 WHERE license_id IN (1, 2)");
        });
      await recording;
    }
    expect([await used(1n), await used(2n)]).to.deep.equal([10n, 10n]);
  });

  it("when the database is serializable, repeats what could not be serialized", async () => {
    const name = new URL(address).pathname.slice(1);
    await beside.query(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
    const stores = await Promise.all([postgresStore(address), postgresStore(address)]);
    const calls = Array.from({ length: 10 }, (_, i) =>
      (stores[i % 2] as Store).record([entry(1n, 1n), entry(2n, 1n, openVoucher(2n, BigInt(i)))]),
    );
    await Promise.all(calls);
    expect([await used(1n), await used(2n)]).to.deep.equal([10n, 10n]);
    for (const one of stores) await one.close();
  });

  it("when the database confirms before it writes, asks it to write first", async () => {
    const name = new URL(address).pathname.slice(1);
    await beside.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await beside.query(
      `CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN
         IF current_setting('synchronous_commit') = 'off' THEN RAISE 'not durable'; END IF; RETURN NEW;
       END $$ LANGUAGE plpgsql`,
    );
    await beside.query(
      "CREATE TRIGGER durable BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    const other = await postgresStore(address);
    await other.record([entry(1n, 1n)]);
    await other.close();
    expect(await used()).to.equal(1n);
  });

  it("when the program parses large numbers otherwise, changes nothing of it", async () => {
    const { rows } = await beside.query("SELECT CAST(7 AS BIGINT) AS number");
    expect(rows).to.deep.equal([{ number: "7" }]);
    expect(types.getTypeParser(types.builtins.INT8)("7")).to.equal("7");
  });

  it("adds a thousand entries in a few round trips", async () => {
    const entries = Array.from({ length: 1_000 }, (_, i) => entry(BigInt((i % 3) + 1), 1n));
    await store.record(entries);
    const trips = proxy.trips();
    await store.record(entries);
    expect(proxy.trips() - trips).to.be.lessThan(20);
    expect(await used(1n)).to.equal(668n);
  });
});

/** Waits until another connection waits for a lock. */
async function waitForLock(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
