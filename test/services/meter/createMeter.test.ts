import { type Answer, createMeter, sqliteStore } from "@benefit-grid/meter";
import type { Client } from "@benefit-grid/sdk";
import {
  readVoucherDue,
  type SignedCount,
  USED_HEADER,
  VOUCHER_HEADER,
  withVouchers,
} from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { networkHelpers, WINDOW } from "../../grid.ts";
import { addOffer } from "../../licenses/support.ts";
import { expectInvalid, rejectionOf } from "../../sdk/clients.ts";
import { licensed, refusalOf, request, SECRET, serving, startMeter, URL, vouchersOf } from "./support.ts";

const LIMITS = { contexts: 1n, maxUnits: 900n, maxUnitsPerCall: 100n, secret: SECRET };

async function fixture() {
  const given = await networkHelpers.loadFixture(licensed);
  return { ...given, sign: vouchersOf(given.client) };
}

describe("createMeter", () => {
  describe("given wrong settings", () => {
    it("when there is no offer or a limit is too small, names it", async () => {
      const { client } = await fixture();
      const settings = { client, store: await sqliteStore(":memory:"), offers: [1n], serve: serving(1n) };
      await expectInvalid(createMeter({ ...settings, offers: [], maxUnits: 1n }), "offers");
      await expectInvalid(createMeter({ ...settings, maxUnits: 0n }), "maxUnits");
      await expectInvalid(createMeter({ ...settings, maxUnits: 10n, credit: 9n }), "credit");
    });

    it("when an offer is for another meter or ledger, names it", async () => {
      const given = await fixture();
      const { client, ledger, stranger } = given;
      await ledger.connect(stranger).registerMeter(stranger, stranger, "");
      await addOffer(given, {}, { meterId: 2n });
      const wrong = await rejectionOf(startMeter(client, { offers: [1n, 3n] }));
      expect(wrong.name).to.equal("OfferNotServedError");
      expect(wrong.message).to.equal(
        "Offer 3 is for meter 2, but offer 1 for meter 1. Serve it by a meter of its own.",
      );
    });
  });

  for (const [mode, licenseId] of [
    ["open", 1n],
    ["private", 2n],
  ] as const) {
    describe(`given a customer's session in ${mode} mode`, () => {
      it("when it calls again and again, each call pays the one before", async () => {
        const { client } = await fixture();
        const meter = await startMeter(client);
        const paid = withVouchers((input, init) => meter.fetch(new Request(input, init)), {
          client,
          licenseId,
          ...LIMITS,
        });
        for (let i = 1; i <= 3; i++) {
          const response = await paid(URL, { method: "POST", body: `question ${i}` });
          expect(await response.text()).to.equal(`question ${i}`);
          expect(response.headers.get(USED_HEADER)).to.equal(`${i}00`);
        }
        const account = await meter.store.account(licenseId);
        expect(account?.used).to.equal(300n);
        expect(account?.voucher?.units).to.equal(200n);
        expect(meter.served).to.deep.equal([100n, 100n, 100n]);
        expect([...meter.refused, ...meter.errors]).to.deep.equal([]);
        await meter.close();
      });
    });
  }

  describe("given a request without a valid voucher", () => {
    it("when it has none, answers 401, or as another protocol does", async () => {
      const { client } = await fixture();
      const meter = await startMeter(client);
      expect(await refusalOf(await meter.fetch(request()))).to.deep.equal([401, "VoucherMissing"]);
      const other = await startMeter(client, {
        withoutVoucher: async () => new Response("pay", { status: 402 }),
      });
      expect((await other.fetch(request())).status).to.equal(402);
    });

    it("when its header is malformed, answers 400 with the problem", async () => {
      const { client } = await fixture();
      const meter = await startMeter(client);
      const malformed = new Request(URL, { headers: { [VOUCHER_HEADER]: "%%%" } });
      const response = await meter.fetch(malformed);
      expect(response.headers.get("content-type")).to.equal("application/problem+json");
      expect(await response.json()).to.deep.equal({
        type: "urn:benefit-grid:meter:MessageMalformed",
        title: "MessageMalformed",
        status: 400,
        detail: "The message is not base64url without padding.",
      });
    });

    it("when nobody has its license, answers 403 and asks the chain once", async () => {
      const { client, sign } = await fixture();
      const { calls, ...counted } = counting(client);
      const meter = await startMeter(counted.client);
      const voucher = { ...(await sign(1n, 0n)), licenseId: 77n };
      const atStart = calls();
      expect((await meter.fetch(request(voucher))).status).to.equal(403);
      const once = calls();
      expect(once).to.be.greaterThan(atStart);
      expect(await refusalOf(await meter.fetch(request(voucher)))).to.deep.equal([403, "LicenseUnknown"]);
      expect(calls()).to.equal(once);
    });

    it("when another account signed it, answers 401 and keeps nothing", async () => {
      const { client, as, stranger, sign } = await fixture();
      const meter = await startMeter(client);
      expect((await meter.fetch(request(await sign(1n, 0n)))).status).to.equal(200);
      const forged = await vouchersOf(await as(stranger))(1n, 100n);
      expect(await refusalOf(await meter.fetch(request(forged)))).to.deep.equal([
        401,
        "VoucherSignatureInvalid",
      ]);
      expect((await meter.store.account(1n))?.voucher).to.equal(undefined);
      expect(meter.served).to.deep.equal([100n]);
    });

    it("when its opening is wrong, answers 401", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client);
      const wrong = { ...(await sign(2n, 5n)), units: 6n };
      expect(await refusalOf(await meter.fetch(request(wrong)))).to.deep.equal([
        401,
        "VoucherOpeningInvalid",
      ]);
    });
  });

  describe("given a known license", () => {
    it("when a request comes, asks the node nothing", async () => {
      const { client, sign } = await fixture();
      const { calls, ...counted } = counting(client);
      const meter = await startMeter(counted.client);
      await meter.fetch(request(await sign(1n, 0n)));
      const before = calls();
      expect((await meter.fetch(request(await sign(1n, 100n)))).status).to.equal(200);
      expect(calls()).to.equal(before);
    });

    it("when its voucher does not cover the use so far, asks for one and counts nothing", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client);
      await meter.fetch(request(await sign(1n, 0n)));
      const refused = await meter.fetch(request(await sign(1n, 0n)));
      expect(await readVoucherDue(refused)).to.deep.equal({ licenseId: 1n, used: 100n });
      const half = await sign(1n, 50n);
      const second = await meter.fetch(request(half));
      expect(await readVoucherDue(second)).to.deep.equal({ licenseId: 1n, used: 100n, voucher: half });
      expect((await meter.store.account(1n))?.voucher, "kept although refused").to.deep.equal(half);
      expect(meter.served).to.deep.equal([100n]);
    });

    it("when an older voucher comes, serves within the newest one's credit", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client);
      const [none, newest, older] = await Promise.all([sign(1n, 0n), sign(1n, 100n), sign(1n, 40n)]);
      await meter.fetch(request(none));
      expect((await meter.fetch(request(newest))).status).to.equal(200);
      expect((await readVoucherDue(await meter.fetch(request(older))))?.voucher).to.deep.equal(newest);
      expect((await meter.fetch(request(await sign(1n, 200n)))).status).to.equal(200);
      expect((await meter.store.account(1n))?.used).to.equal(300n);
    });

    it("when its units do not suffice for a call, takes the last voucher and refuses", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client, { maxUnits: 600n, credit: 600n, serve: serving(600n) });
      await meter.fetch(request(await sign(1n, 0n)));
      expect((await meter.fetch(request(await sign(1n, 0n)))).status).to.equal(402);
      expect(await refusalOf(await meter.fetch(request(await sign(1n, 600n))))).to.deep.equal([
        403,
        "LicenseUnitsSpent",
      ]);
      expect((await meter.store.account(1n))?.voucher?.units).to.equal(600n);
    });

    it("when it is topped up, knows by the event", async () => {
      const { client, licenses, buyer, sign } = await fixture();
      const meter = await startMeter(client, { maxUnits: 1_001n, credit: 1_001n });
      expect(await refusalOf(await meter.fetch(request(await sign(1n, 0n))))).to.deep.equal([
        403,
        "LicenseUnitsSpent",
      ]);
      await licenses.connect(buyer).topUp(1n, 100n, 2_500n, "0x");
      await meter.update();
      expect((await meter.fetch(request(await sign(1n, 0n)))).status).to.equal(200);
    });

    it("when it expires or its signer changes, is refused with the reason", async () => {
      const { client, licenses, buyer, stranger, sign } = await fixture();
      const meter = await startMeter(client);
      const [one, two] = [request(await sign(1n, 0n)), request(await sign(2n, 0n))];
      expect((await meter.fetch(one.clone())).status).to.equal(200);
      await licenses.connect(buyer).setSigner(1n, stranger);
      await meter.update();
      expect(await refusalOf(await meter.fetch(one))).to.deep.equal([403, "SignerChanging"]);
      const { expiry } = await licenses.licenseOf(2n);
      await networkHelpers.time.increaseTo(expiry + 1n);
      await meter.update();
      expect(await refusalOf(await meter.fetch(two))).to.deep.equal([403, "LicenseExpired"]);
    });

    it("when its rental ends, the user is refused and later the holder served, without an event", async () => {
      const { client, as, licenses, ledger, meter: operator, buyer, stranger, sign } = await fixture();
      const expires = BigInt(await networkHelpers.time.latest()) + 3_600n;
      await licenses.connect(buyer).setUser(1n, stranger, expires);
      await ledger.connect(operator).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]);
      const meter = await startMeter(client);
      const users = request(await vouchersOf(await as(stranger))(1n, 0n));
      const holders = request(await sign(1n, 100n));
      expect((await meter.fetch(users.clone())).status).to.equal(200);
      await networkHelpers.time.increaseTo(expires);
      await meter.update();
      expect(await refusalOf(await meter.fetch(users))).to.deep.equal([403, "SignerChanging"]);
      await networkHelpers.time.increaseTo(expires + WINDOW + 1n);
      await meter.update();
      expect((await meter.fetch(holders)).status).to.equal(200);
    });

    it("when its rental ends, requests of the same moment read it once", async () => {
      const { client, licenses, ledger, meter: operator, buyer, stranger, sign } = await fixture();
      const expires = BigInt(await networkHelpers.time.latest()) + 3_600n;
      await licenses.connect(buyer).setUser(1n, stranger, expires);
      await ledger.connect(operator).confirmSigners(1n, [{ licenseId: 1n, change: 1n }]);
      const { calls, ...counted } = counting(client);
      const meter = await startMeter(counted.client);
      const fetchMany = async (count: number) => {
        const before = calls();
        const voucher = await sign(1n, 0n);
        const answers = await Promise.all(Array.from({ length: count }, () => meter.fetch(request(voucher))));
        for (const answer of answers) expect(answer.ok).to.equal(false);
        return calls() - before;
      };
      await fetchMany(1);
      // Else the meter reads the rental's event again, and the license with it.
      await networkHelpers.mine(20);
      await meter.update();
      await networkHelpers.time.increaseTo(expires);
      await meter.update();
      expect(await fetchMany(20)).to.be.lessThan(15);
    });

    it("when a context is missing or not allowed, is refused", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client, { contexts: 2n });
      expect(await refusalOf(await meter.fetch(request(await sign(1n, 0n, 1n))))).to.deep.equal([
        403,
        "ContextNotDeclared",
      ]);
      expect(await refusalOf(await meter.fetch(request(await sign(1n, 0n, 8n))))).to.deep.equal([
        403,
        "VoucherContextsNotAllowed",
      ]);
      expect((await meter.fetch(request(await sign(1n, 0n, 3n)))).status).to.equal(200);
    });
  });

  describe("given calls at the same time", () => {
    it("when two come in the same moment and the credit is for one, serves one", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client);
      await meter.fetch(request(await sign(1n, 0n)));
      const voucher = await sign(1n, 100n);
      const answers = await Promise.all([1, 2, 3].map(() => meter.fetch(request(voucher))));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 429, 429]);
      expect((await meter.store.account(1n))?.used).to.equal(200n);
    });

    it("when they take all credit, refuses others until one ends", async () => {
      const { client, sign } = await fixture();
      const { promise, resolve } = Promise.withResolvers<void>();
      const meter = await startMeter(client, {
        credit: 200n,
        serve: async (_request, call) => {
          await promise;
          call.use(50n);
          return new Response("done");
        },
      });
      const voucher = await sign(1n, 0n);
      const two = [1, 2].map(() => meter.fetch(request(voucher)));
      // Both reach the service before the third asks.
      while ((await meter.store.account(1n)) === undefined) await new Promise(setImmediate);
      await new Promise(setImmediate);
      const third = await meter.fetch(request(voucher));
      expect(third.headers.get("retry-after")).to.equal("1");
      expect(await refusalOf(third)).to.deep.equal([429, "TooManyCalls"]);
      resolve();
      expect((await Promise.all(two)).map(({ status }) => status)).to.deep.equal([200, 200]);
      expect((await meter.fetch(request(voucher))).status, "used 100 of 200").to.equal(200);
      expect((await meter.store.account(1n))?.used).to.equal(150n);
    });
  });

  describe("given another gateway on its store", () => {
    it("when a voucher covers too little, shows the units of both", async () => {
      const { client, sign } = await fixture();
      const one = await startMeter(client);
      const other = await startMeter(client, { store: one.store, credit: 200n });
      const none = await sign(1n, 0n);
      await one.fetch(request(none));
      await other.fetch(request(none));
      const refused = await one.fetch(request(none));
      expect(await readVoucherDue(refused)).to.deep.equal({ licenseId: 1n, used: 200n });
    });
  });

  describe("given a service that fails", () => {
    it("when it throws, answers 500, counts nothing and keeps the voucher", async () => {
      const { client, sign } = await fixture();
      let isBroken = false;
      const meter = await startMeter(client, {
        serve: (_request, call) => {
          call.use(10n);
          if (isBroken) throw new Error("out of memory");
          return new Response("fine");
        },
      });
      await meter.fetch(request(await sign(1n, 0n)));
      isBroken = true;
      const voucher = await sign(1n, 10n);
      expect(await refusalOf(await meter.fetch(request(voucher)))).to.deep.equal([500, "ServiceFailed"]);
      expect(await meter.store.account(1n)).to.deep.include({ used: 10n, voucher });
      expect(meter.errors.map(String)).to.deep.equal(["Error: out of memory"]);
    });

    it("when it counts no whole units or too late, gets an error", async () => {
      const { client, sign } = await fixture();
      let late: () => void = () => undefined;
      const meter = await startMeter(client, {
        serve: (_request, call) => {
          late = () => call.use(1n);
          call.use(-1n);
          return new Response("fine");
        },
      });
      expect((await meter.fetch(request(await sign(1n, 0n)))).status).to.equal(500);
      expect((meter.errors[0] as Error).name).to.equal("CallUnitsError");
      expect(late).to.throw().with.property("name", "CallEndedError");
      expect((await meter.store.account(1n))?.used).to.equal(0n);
    });
  });

  describe("given a service that answers without a Response", () => {
    it("when the answer is plain, adds its header, and streams too", async () => {
      const { client, sign } = await fixture();
      const headers = { "content-type": "text/plain" };
      const meter = await startMeter(client, {
        serve: (request, call) => {
          call.use(1n);
          if (request.method === "POST") return { body: "made", status: 201, headers };
          call.keepOpen();
          return { body: "streamed", headers };
        },
      });
      const made = await meter.fetch(request(await sign(1n, 0n)));
      expect([made.status, await made.text()]).to.deep.equal([201, "made"]);
      expect(Object.fromEntries(made.headers)).to.deep.equal({
        ...headers,
        [USED_HEADER.toLowerCase()]: "1",
      });
      const { headers: signed } = request(await sign(1n, 1n));
      const streamed = await meter.fetch(new Request(URL, { headers: signed }));
      expect([streamed.status, await streamed.text()]).to.deep.equal([200, "streamed"]);
      expect((await meter.store.account(1n))?.used).to.equal(2n);
    });

    it("when its status or a header is invalid, answers 500 and counts nothing", async () => {
      const { client, sign } = await fixture();
      const answers = [
        { body: null, status: 600, headers: {} },
        { body: null, status: 200.5, headers: {} },
        { body: null, headers: { "two words": "x" } },
        { body: null, headers: { one: "a\nb" } },
      ];
      const meter = await startMeter(client, {
        serve: (_request, call) => {
          call.use(1n);
          return answers.shift() as Answer;
        },
      });
      while (answers.length > 0) {
        const refused = await meter.fetch(request(await sign(1n, 0n)));
        expect(await refusalOf(refused)).to.deep.equal([500, "ServiceFailed"]);
      }
      expect((await meter.store.account(1n))?.used).to.equal(0n);
      expect((meter.errors[0] as Error).message).to.equal("The answer's status is 600. Use 200 to 599.");
    });
  });

  describe("given a service that counts beyond the call's most", () => {
    it("when it counts one unit too much, gets an error, and the units before stay", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client, {
        serve: (_request, call) => {
          call.use(call.maxUnits - 1n);
          expect(() => call.use(2n))
            .to.throw()
            .with.property(
              "message",
              "`use` got 2, not a bigint from 0 to 1. Raise `maxUnits`, or limit the service to `call.maxUnits`.",
            );
          call.use(1n);
          return new Response("fine");
        },
      });
      expect((await meter.fetch(request(await sign(1n, 0n)))).status).to.equal(200);
      expect((await meter.store.account(1n))?.used).to.equal(100n);
    });
  });

  describe("given a stream", () => {
    it("when its units are known at the end, holds the last chunk until they are stored", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client, {
        serve: (_request, call) => {
          call.keepOpen();
          let left = 3;
          const pull = (controller: ReadableStreamDefaultController) => {
            if (left === 0) {
              call.use(70n);
              controller.close();
            } else controller.enqueue(new TextEncoder().encode(`part ${left--} `));
          };
          return new Response(new ReadableStream({ pull }));
        },
      });
      const response = await meter.fetch(request(await sign(1n, 0n)));
      expect(response.headers.has(USED_HEADER)).to.equal(false);
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const read = async () => new TextDecoder().decode((await reader.read()).value);
      expect([await read(), await read()]).to.deep.equal(["part 3 ", "part 2 "]);
      expect((await meter.store.account(1n))?.used).to.equal(0n);
      expect(await read()).to.equal("part 1 ");
      expect((await meter.store.account(1n))?.used).to.equal(70n);
      expect(meter.served).to.deep.equal([70n]);
    });

    it("when the customer leaves early, counts what it got", async () => {
      const { client, sign } = await fixture();
      const meter = await startMeter(client, {
        serve: (_request, call) => {
          call.keepOpen();
          const pull = (controller: ReadableStreamDefaultController) => {
            call.use(10n);
            controller.enqueue(new Uint8Array(1));
          };
          return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
        },
      });
      const response = await meter.fetch(request(await sign(1n, 0n)));
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      await reader.cancel();
      await meter.close();
      expect((await meter.store.account(1n))?.used).to.equal(20n);
    });

    it("when a customer's session reads or leaves streams and restarts, pays for all of them", async () => {
      const { client } = await fixture();
      const meter = await startMeter(client, {
        credit: 500n,
        serve: (request, call) => {
          if (request.url === URL) {
            call.use(100n);
            return new Response("whole");
          }
          call.keepOpen();
          let left = 2;
          const pull = (controller: ReadableStreamDefaultController) => {
            if (left-- === 0) return controller.close();
            call.use(50n);
            controller.enqueue(new Uint8Array(1));
          };
          return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
        },
      });
      let kept: SignedCount | undefined;
      const store = {
        load: async () => kept,
        save: async (count: SignedCount) => {
          kept = count;
        },
      };
      const fetch: typeof globalThis.fetch = async (input, init) =>
        await meter.fetch(new Request(input, init));
      const start = () => withVouchers(fetch, { client, licenseId: 1n, ...LIMITS, maxUnits: 1_000n, store });
      const first = start();
      const stream = `${URL}/stream`;
      const [read, left, open] = await Promise.all([first(stream), first(stream), first(stream)]);
      await read.arrayBuffer();
      const reader = (left.body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      await reader.cancel();
      expect((await first(URL)).headers.get(USED_HEADER)).to.equal("300");

      const second = start();
      expect((await second(URL)).headers.get(USED_HEADER)).to.equal("400");
      await open.arrayBuffer();
      await (await second(stream)).arrayBuffer();
      for (const used of ["700", "800"]) expect((await second(URL)).headers.get(USED_HEADER)).to.equal(used);
      expect((await meter.store.account(1n))?.voucher?.units).to.equal(700n);
    });
  });

  describe("given a store that fails", () => {
    it("when it cannot write, answers 503, counts nothing, and serves again afterwards", async () => {
      const { client, sign } = await fixture();
      const store = await sqliteStore(":memory:");
      let isFull = false;
      const record: typeof store.record = async (entries) => {
        if (isFull) throw new Error("database or disk is full");
        return await store.record(entries);
      };
      const meter = await startMeter(client, { store: { ...store, record } });
      await meter.fetch(request(await sign(1n, 0n)));
      isFull = true;
      const voucher = await sign(1n, 100n);
      expect(await refusalOf(await meter.fetch(request(voucher)))).to.deep.equal([503, "StoreFailed"]);
      expect((await store.account(1n))?.used).to.equal(100n);
      isFull = false;
      expect((await meter.fetch(request(voucher))).status).to.equal(200);
      expect(await store.account(1n)).to.deep.include({ used: 200n, voucher });
    });
  });

  describe("given a restart", () => {
    it("when the customer lost its count too, it takes it from its own voucher", async () => {
      const { client, sign } = await fixture();
      const store = await sqliteStore(":memory:");
      const before = await startMeter(client, { store });
      await before.fetch(request(await sign(2n, 0n)));
      await before.fetch(request(await sign(2n, 100n)));
      await before.close();
      expect(await refusalOf(await before.fetch(request(await sign(2n, 0n))))).to.deep.equal([
        503,
        "ShuttingDown",
      ]);
      const after = await startMeter(client, { store });
      const paid = withVouchers((input, init) => after.fetch(new Request(input, init)), {
        client,
        licenseId: 2n,
        ...LIMITS,
      });
      const response = await paid(URL, { method: "POST", body: "again" });
      expect([response.status, await response.text()]).to.deep.equal([200, "again"]);
      expect(await store.account(2n)).to.deep.include({ used: 300n });
      expect((await store.account(2n))?.voucher?.units).to.equal(200n);
    });
  });

  it("health: when the chain is silent for too long, says so", async () => {
    const { client } = await fixture();
    const meter = await startMeter(client);
    expect(await meter.health()).to.deep.equal({ ok: true });
    const silent = await startMeter(client, { maxAge: -1 });
    expect(await silent.health()).to.deep.equal({ ok: false, problem: "The chain does not answer." });
    await meter.close();
    expect((await meter.health()).problem).to.equal("The meter is shutting down.");
  });
});

/** A client that counts its calls of the node. */
function counting(client: Client) {
  let calls = 0;
  const provider = new Proxy(client.provider, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        calls += 1;
        return value.apply(target, args);
      };
    },
  });
  return { client: { ...client, provider }, calls: () => calls };
}
