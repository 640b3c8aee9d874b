import { createMeter, postgresStore, sqliteStore } from "@benefit-grid/meter";
import type { AnyVoucher } from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { networkHelpers } from "../../grid.ts";
import { temporaryFolder } from "../../sdk/cli/support.ts";
import { busyLicense, gatewayProcesses, headersOf, LICENSE } from "./gateways.ts";
import { newDatabase } from "./postgres.ts";
import { URL } from "./support.ts";

const REQUESTS = 300;
const AT_ONCE = 24;

type Fetch = (request: Request) => Promise<Response>;

/** Sends requests of 1 to 10 units to the gateways in turn, many at once. Returns the units of those answered. */
async function load(gateways: readonly Fetch[], vouchers: readonly AnyVoucher[]): Promise<bigint[]> {
  const answered = gateways.map(() => 0n);
  let next = 0;
  const customer = async () => {
    for (let i = next++; i < REQUESTS; i = next++) {
      const at = i % gateways.length;
      // Vouchers grow with the requests, and overtake each other.
      const voucher = vouchers[Math.floor((i * vouchers.length) / REQUESTS)] as AnyVoucher;
      const request = new Request(URL, {
        method: "POST",
        headers: headersOf(voucher),
        body: `${(i % 10) + 1}`,
      });
      const response = await (gateways[at] as Fetch)(request);
      expect(response.status).to.equal(200);
      const units = BigInt(await response.text());
      answered[at] = (answered[at] as bigint) + units;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, customer));
  return answered;
}

describe("two gateways on one store", () => {
  const folder = temporaryFolder();

  it("when both serve one license on PostgreSQL, lose and double no unit", async () => {
    const { client, vouchers } = await networkHelpers.loadFixture(busyLicense);
    const address = await newDatabase();
    const stores = await Promise.all([postgresStore(address), postgresStore(address)]);
    const start = async (store: (typeof stores)[0]) =>
      await createMeter({
        client,
        store,
        offers: [1n],
        maxUnits: 10n,
        credit: 10_000n,
        serve: async (request, call) => {
          const units = await request.text();
          call.use(BigInt(units));
          return new Response(units);
        },
      });
    const meters = await Promise.all(stores.map(start));
    const answered = await load(
      meters.map(({ fetch }) => fetch),
      vouchers,
    );
    const account = await stores[0].account(LICENSE);
    expect(answered.every((units) => units > 0n)).to.equal(true);
    expect(account?.used).to.equal(answered.reduce((sum, units) => sum + units));
    expect(account?.voucher).to.deep.equal(vouchers.at(-1));
    for (const meter of meters) await meter.close();
    for (const store of stores) await store.close();
  });

  for (const [name, create, open] of [
    ["a SQLite file", async () => `${folder}/meter.db`, sqliteStore],
    ["PostgreSQL", newDatabase, postgresStore],
  ] as const) {
    it(`when both are processes on ${name}, lose and double no unit`, async () => {
      const given = await networkHelpers.loadFixture(busyLicense);
      const address = await create();
      const processes = await gatewayProcesses(given);
      try {
        const gateways = await Promise.all([processes.start(address), processes.start(address)]);
        const answered = await load(
          gateways.map(
            ({ url }) =>
              ({ headers, body }) =>
                fetch(url, { method: "POST", headers, body, duplex: "half" } as RequestInit),
          ),
          given.vouchers,
        );
        const store = await open(address);
        const account = await store.account(LICENSE);
        await store.close();
        expect(account?.used).to.equal(answered.reduce((sum, units) => sum + units));
        expect(account?.voucher).to.deep.equal(given.vouchers.at(-1));
      } finally {
        await processes.close();
      }
    });
  }
});
