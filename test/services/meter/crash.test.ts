import { execFileSync } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { type Account, postgresStore, type Store, sqliteStore } from "@benefit-grid/meter";
import { type AnyVoucher, USED_HEADER } from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { Client } from "pg";
import { networkHelpers } from "../../grid.ts";
import { temporaryFolder } from "../../sdk/cli/support.ts";
import { busyLicense, type GatewayProcess, gatewayProcesses, headersOf, LICENSE } from "./gateways.ts";
import { newDatabase } from "./postgres.ts";
import { startProxy } from "./proxy.ts";
import { licensed, refusalOf, request, startMeter, vouchersOf } from "./support.ts";

const ROUNDS = 4;
const ANSWERS = 80;
const AT_ONCE = 16;

type Processes = Awaited<ReturnType<typeof gatewayProcesses>>;
type Open = (address: string) => Promise<Store>;

async function ask({ url }: GatewayProcess, voucher: AnyVoucher, units: bigint): Promise<Response> {
  return await fetch(url, { method: "POST", headers: headersOf(voucher), body: `${units}` });
}

async function accountIn(open: Open, address: string): Promise<Account> {
  const store = await open(address);
  const account = await store.account(LICENSE);
  await store.close();
  return account as Account;
}

describe("a gateway", () => {
  const folder = temporaryFolder();

  async function withProcesses(work: (given: Awaited<ReturnType<typeof start>>) => Promise<void>) {
    const given = await start();
    await work(given).finally(() => given.processes.close());
  }

  async function start() {
    const given = await networkHelpers.loadFixture(busyLicense);
    const processes: Processes = await gatewayProcesses(given);
    return { ...given, processes };
  }

  for (const [name, create, open] of [
    ["a SQLite file", async () => `${folder}/killed.db`, sqliteStore],
    ["PostgreSQL", newDatabase, postgresStore],
  ] as const) {
    it(`when killed during requests, has stored on ${name} all that it answered`, async () => {
      await withProcesses(async ({ processes, vouchers }) => {
        const address = await create();
        let answered = 0n;
        let lost = 0n;
        let newest = 0n;
        for (let round = 0; round < ROUNDS; round++) {
          const gateway = await processes.start(address);
          let answers = 0;
          let isUp = true;
          const customer = async (_: unknown, at: number) => {
            for (let i = at; isUp; i += AT_ONCE) {
              const units = BigInt((i % 10) + 1);
              const voucher = vouchers[round * 10 + Math.min(9, Math.floor(i / 20))] as AnyVoucher;
              const before = answered;
              try {
                const response = await ask(gateway, voucher, units);
                expect(response.status).to.equal(200);
                expect(BigInt(await response.text())).to.equal(units);
                expect(BigInt(response.headers.get(USED_HEADER) ?? 0) >= before + units).to.equal(true);
                answered += units;
                newest = voucher.units > newest ? voucher.units : newest;
                answers++;
              } catch (error) {
                if (!(error instanceof TypeError)) throw error;
                lost += units;
                return;
              }
              if (answers === ANSWERS) {
                isUp = false;
                await gateway.kill();
              }
            }
          };
          await Promise.all(Array.from({ length: AT_ONCE }, customer));
          const { used, voucher } = await accountIn(open, address);
          expect(used >= answered, `${used} stored, ${answered} answered`).to.equal(true);
          expect(used <= answered + lost, `${used} stored, ${answered} answered, ${lost} lost`).to.equal(
            true,
          );
          expect((voucher?.units ?? 0n) >= newest).to.equal(true);
        }
        expect(lost > 0n, "calls were in flight").to.equal(true);
      });
    });
  }

  it("when its disk is full, answers 503, counts nothing, and serves again with space", async () => {
    await withProcesses(async ({ processes, vouchers }) => {
      const address = `${folder}/full.db`;
      const gateway = await processes.start(address, 0);
      const [first, second] = vouchers as [AnyVoucher, AnyVoucher];
      // A limit of file sizes has the same effect as a full disk: each write fails.
      const limit = (bytes: string) =>
        execFileSync("prlimit", ["--pid", `${gateway.child.pid}`, `--fsize=${bytes}:unlimited`]);
      expect((await ask(gateway, first, 3n)).status).to.equal(200);
      for (let i = 0; i < 3; i++) {
        limit("1");
        const responses = await Promise.all([first, second, second].map((one) => ask(gateway, one, 7n)));
        for (const response of responses) {
          expect(response.headers.get("retry-after")).to.equal("1");
          expect(await refusalOf(response)).to.deep.equal([503, "StoreFailed"]);
        }
        expect(await accountIn(sqliteStore, address)).to.deep.include({
          used: 3n + BigInt(i),
          voucher: first,
        });
        limit("unlimited");
        expect((await ask(gateway, first, 1n)).headers.get(USED_HEADER)).to.equal(`${4 + i}`);
      }
    });
  });

  it("when one license's account is gone, serves the others of the same moment", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const address = `${folder}/gone.db`;
    const store = await sqliteStore(address);
    const meter = await startMeter(client, { store });
    const sign = vouchersOf(client);
    const requests = await Promise.all(
      [1n, 2n].map(async (licenseId) => {
        const voucher = await sign(licenseId, 500n);
        return async () => await meter.fetch(request(voucher));
      }),
    );
    for (const send of requests) expect((await send()).status).to.equal(200);
    const database = new DatabaseSync(address);
    database.exec("DELETE FROM accounts WHERE license_id = 1");
    database.close();
    const responses = await Promise.all(requests.map((send) => send()));
    expect(responses.map(({ status }) => status)).to.deep.equal([503, 200]);
    expect((await store.account(2n))?.used).to.equal(200n);
    await meter.close();
    await store.close();
  });

  it("when a call's voucher cannot be stored, counts nothing, although the store is back at its end", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const store = await sqliteStore(":memory:");
    const record: Store["record"] = async (entries) => {
      if (entries.some(({ voucher }) => voucher)) throw new Error("The disk is full.");
      return await store.record(entries);
    };
    const serve = async (_: Request, call: { use: (units: bigint) => void }) => {
      call.use(50n);
      await pause(20);
      return new Response("answer");
    };
    const meter = await startMeter(client, { store: { ...store, record }, serve });
    const response = await meter.fetch(request(await vouchersOf(client)(1n, 500n)));
    expect(await refusalOf(response)).to.deep.equal([503, "StoreFailed"]);
    expect((await store.account(1n))?.used).to.equal(0n);
  });

  it("when its database is away or read-only, answers 503, counts nothing, and serves again later", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const address = await newDatabase();
    const proxy = await startProxy(address);
    const store = await postgresStore(proxy.url);
    const meter = await startMeter(client, { store });
    const voucher = await vouchersOf(client)(1n, 500n);
    expect((await meter.fetch(request(voucher))).status).to.equal(200);
    const refuses = async () => {
      const responses = await Promise.all([1, 2].map(() => meter.fetch(request(voucher))));
      for (const response of responses) expect(await refusalOf(response)).to.deep.equal([503, "StoreFailed"]);
    };

    proxy.cut();
    await refuses();
    expect((await meter.health()).ok).to.equal(false);
    proxy.restore();
    expect((await meter.fetch(request(voucher))).headers.get(USED_HEADER)).to.equal("200");

    const name = new URL(address).pathname.slice(1);
    await execute(address, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await endConnections(address);
    await refuses();
    await execute(
      address,
      "SET default_transaction_read_only = off",
      `ALTER DATABASE ${name} RESET default_transaction_read_only`,
    );
    await endConnections(address);
    // The gateway notices its ended connections by requests that fail.
    for (let i = 0; i < 20 && (await meter.fetch(request(voucher))).status !== 200; i++) await pause(50);
    const used = meter.served.reduce((sum, units) => sum + units);
    expect((await store.account(1n))?.used).to.equal(used);
    expect(used).to.equal(300n);
    await meter.close();
    await store.close();
    proxy.close();
  });
});

async function execute(connectionString: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function endConnections(address: string): Promise<void> {
  const others = "datname = current_database() AND pid <> pg_backend_pid()";
  await execute(address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
}
