import {
  getLicense,
  signPrivateVoucher,
  signVoucher,
  verifyPrivateVoucher,
  verifyVoucher,
} from "@benefit-grid/sdk";
import {
  type AnyVoucher,
  type CountStore,
  fromHeader,
  MessageFormatError,
  type SignedCount,
  USED_HEADER,
  VOUCHER_HEADER,
  VoucherLimitError,
  voucherDueToMessage,
  voucherFromMessage,
  type WithVouchersParameters,
  withVouchers,
} from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { licenseFixture, Mode, mintParams, networkHelpers } from "../../grid.ts";
import { addOffer } from "../../licenses/support.ts";
import { expectInvalid, rejectionOf, withClients } from "../clients.ts";

const CONTEXTS = 1n;
const SECRET = `0x${"5e".repeat(32)}` as const;

/** License 1 is open, license 2 private. */
async function licensed() {
  const given = await withClients(licenseFixture);
  const { licenses, buyer, as } = given;
  const offerId = await addOffer(given, {}, { mode: Mode.Private });
  await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1_000n), "0x");
  return { ...given, client: await as(buyer) };
}

type Client = Awaited<ReturnType<typeof licensed>>["client"];

/** A meter that counts `cost` units for each call, and serves up to `credit` units beyond the newest voucher. */
function meterOf(client: Client, { cost = 100n, credit = 100n } = {}) {
  const state = {
    used: 0n,
    newest: undefined as AnyVoucher | undefined,
    cost,
    credit,
    bodies: [] as string[],
  };
  const seen: AnyVoucher[] = [];
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { [USED_HEADER]: state.used.toString() } });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const voucher = voucherFromMessage(fromHeader(request.headers.get(VOUCHER_HEADER) ?? ""));
    seen.push(voucher);
    const { signer } = await getLicense(client, voucher);
    const isSigned =
      "usage" in voucher
        ? verifyPrivateVoucher(client, { ...voucher, signer })
        : verifyVoucher(client, { ...voucher, signer });
    if (!isSigned) return answer(403, {});
    if (!state.newest || voucher.units >= state.newest.units) state.newest = voucher;
    const { licenseId } = voucher;
    if (state.used + state.cost > state.newest.units + state.credit)
      return answer(402, voucherDueToMessage({ licenseId, used: state.used, voucher: state.newest }));
    state.bodies.push(await request.text());
    state.used += state.cost;
    return answer(200, "served");
  };
  return { state, fetch, units: () => seen.map(({ units }) => units), seen };
}

const STREAM = "https://meter.example/stream";

/** The meter, with streams that are counted at their end. `countBroken` counts those that broke. */
function streaming(meter: ReturnType<typeof meterOf>) {
  const { state } = meter;
  let broken = 0n;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const response = await meter.fetch(request);
    if (!request.url.startsWith(STREAM) || response.status !== 200) return response;
    state.used -= state.cost;
    let left = 2;
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          request.signal.addEventListener("abort", () => {
            broken += 1n;
            controller.error(request.signal.reason);
          });
        },
        pull(controller) {
          if (left-- > 0) return controller.enqueue(new TextEncoder().encode("part "));
          state.used += state.cost;
          controller.close();
        },
        cancel() {
          broken += 1n;
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body);
  };
  const countBroken = () => {
    state.used += broken * state.cost;
    broken = 0n;
  };
  return { ...meter, fetch, countBroken };
}

const LIMITS = { contexts: CONTEXTS, maxUnits: 900n, maxUnitsPerCall: 100n, secret: SECRET };

function storeOf(kept?: SignedCount): CountStore & { kept: SignedCount | undefined } {
  const store = {
    kept,
    load: async () => store.kept,
    save: async (count: SignedCount) => {
      store.kept = count;
    },
  };
  return store;
}

async function ask(paid: typeof globalThis.fetch, body = "question") {
  return (await paid("https://meter.example/ask", { method: "POST", body })).status;
}

async function limitOf(action: Promise<unknown>): Promise<VoucherLimitError> {
  const error = await rejectionOf(action);
  expect(error, error.stack).to.be.instanceOf(VoucherLimitError);
  return error as VoucherLimitError;
}

describe("withVouchers", () => {
  it("when a limit is out of range, names it", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const wrong: [Partial<WithVouchersParameters>, string][] = [
      [{ licenseId: 0n }, "licenseId"],
      [{ contexts: 1n << 32n }, "contexts"],
      [{ maxUnits: -1n }, "maxUnits"],
      [{ maxUnitsPerCall: 1n << 64n }, "maxUnitsPerCall"],
    ];
    for (const [change, name] of wrong)
      await expectInvalid(() => withVouchers(fetch, { client, licenseId: 1n, ...LIMITS, ...change }), name);
  });

  for (const [mode, licenseId] of [
    ["open", 1n],
    ["private", 2n],
  ] as const) {
    it(`pays each call with the next one, in ${mode} mode`, async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = meterOf(client);
      const paid = withVouchers(meter.fetch, { client, licenseId, ...LIMITS });
      for (let i = 0; i < 3; i++) expect(await ask(paid, `question ${i}`)).to.equal(200);
      expect(meter.units()).to.deep.equal([0n, 100n, 200n]);
      expect(meter.state.bodies).to.deep.equal(["question 0", "question 1", "question 2"]);
      expect(meter.seen.every((voucher) => "usage" in voucher === (mode === "private"))).to.equal(true);
    });
  }

  it("when the meter asks for more, signs for it once and repeats the request with its body", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client, { credit: 200n });
    const hiding: typeof globalThis.fetch = async (input, init) => {
      const response = await meter.fetch(input, init);
      if (response.status === 200) response.headers.delete(USED_HEADER);
      return response;
    };
    const paid = withVouchers(hiding, { client, licenseId: 1n, ...LIMITS });
    for (let i = 0; i < 4; i++) expect(await ask(paid, `question ${i}`)).to.equal(200);
    expect(meter.units()).to.deep.equal([0n, 0n, 0n, 200n, 200n]);
    expect(meter.state.bodies).to.deep.equal(["question 0", "question 1", "question 2", "question 3"]);
  });

  it("when the meter counts more than the calls allow, signs nothing", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client);
    const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS });
    await ask(paid);
    meter.state.used = 101n;
    for (let i = 0; i < 3; i++) {
      const error = await limitOf(ask(paid));
      expect([error.licenseId, error.units, error.allowed, error.limit]).to.deep.equal([
        1n,
        101n,
        100n,
        "maxUnitsPerCall",
      ]);
    }
    expect(meter.units().every((units) => units <= 100n)).to.equal(true);
  });

  it("when all units are signed for, signs no more", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client);
    const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS, maxUnits: 150n });
    expect([await ask(paid), await ask(paid)]).to.deep.equal([200, 200]);
    const error = await limitOf(ask(paid));
    expect([error.units, error.allowed, error.limit]).to.deep.equal([200n, 150n, "maxUnits"]);
  });

  it("when calls run at the same time, allows each of them", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client, { credit: 300n });
    const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS });
    expect(await Promise.all([1, 2, 3].map(() => ask(paid)))).to.deep.equal([200, 200, 200]);
    expect(await ask(paid)).to.equal(200);
    expect(meter.units()).to.deep.equal([0n, 0n, 0n, 300n]);
    expect(meter.state.used).to.equal(400n);
  });

  it("when it restarts with its store, goes on", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client, { credit: 200n });
    const store = storeOf();
    const start = () => withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS, store });
    for (let i = 0; i < 4; i++) expect(await ask(start())).to.equal(200);
    expect(meter.units()).to.deep.equal([0n, 0n, 0n, 200n, 200n]);
    expect(store.kept).to.deep.equal({ units: 200n, contexts: CONTEXTS, calls: 2 });
  });

  it("when it lost its count, takes it from its own newest voucher at the meter", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    for (const licenseId of [1n, 2n]) {
      const meter = meterOf(client);
      const before = withVouchers(meter.fetch, { client, licenseId, ...LIMITS });
      for (let i = 0; i < 3; i++) await ask(before);
      const after = withVouchers(meter.fetch, { client, licenseId, ...LIMITS });
      expect(await ask(after)).to.equal(200);
      expect(meter.units().slice(3)).to.deep.equal([0n, 300n]);
    }
  });

  it("when it was used in other contexts before, keeps them in each voucher", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    for (const licenseId of [1n, 2n]) {
      for (const store of [storeOf(), undefined]) {
        const meter = meterOf(client);
        const start = (contexts: bigint) =>
          withVouchers(meter.fetch, { client, licenseId, ...LIMITS, contexts, ...(store && { store }) });
        const first = start(2n);
        for (let i = 0; i < 2; i++) expect(await ask(first)).to.equal(200);
        const second = start(1n);
        for (let i = 0; i < 3; i++) expect(await ask(second)).to.equal(200);
        const newest = meter.seen.filter(({ units }) => units > 100n).map(({ contexts }) => contexts);
        expect(newest).to.deep.equal([3n, 3n, 3n]);
      }
    }
  });

  it("when the shown voucher is another's or forged, takes nothing from it", async () => {
    const { client, as, stranger } = await networkHelpers.loadFixture(licensed);
    const other = await as(stranger);
    const use = { units: 800n, contexts: CONTEXTS };
    const forged = [
      await signVoucher(other, { ...use, licenseId: 1n }),
      await signVoucher(client, { ...use, licenseId: 2n }),
      await signPrivateVoucher(other, { ...use, licenseId: 1n, secret: SECRET }),
    ];
    for (const voucher of forged) {
      const due = voucherDueToMessage({ licenseId: 1n, used: 800n, voucher });
      const lying = async () =>
        new Response(JSON.stringify(due), { status: 402, headers: { [USED_HEADER]: "800" } });
      const store = storeOf();
      const error = await limitOf(ask(withVouchers(lying, { client, licenseId: 1n, ...LIMITS, store })));
      expect([error.units, error.allowed, store.kept?.units]).to.deep.equal([800n, 0n, 0n]);
    }
  });

  it("when the answer is malformed or of another protocol, says so or hands it on", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const store = storeOf();
    const answering = (body: string, headers: Record<string, string>) =>
      withVouchers(async () => new Response(body, { status: 402, headers }), {
        client,
        licenseId: 1n,
        ...LIMITS,
        store,
      });
    const malformed: [string, string][] = [
      ["no JSON", ""],
      ["{}", "/version"],
      [JSON.stringify(voucherDueToMessage({ licenseId: 2n, used: 1n })), "/licenseId"],
      [
        JSON.stringify({ version: 1, licenseId: "1", used: "1", voucher: { version: 1 } }),
        "/voucher/licenseId",
      ],
    ];
    for (const [body, pointer] of malformed) {
      const error = await rejectionOf(ask(answering(body, { [USED_HEADER]: "1" })));
      expect(error, error.stack).to.be.instanceOf(MessageFormatError);
      expect((error as MessageFormatError).pointer).to.equal(pointer);
    }
    expect(await ask(answering("{}", {}))).to.equal(402);
    const covered = JSON.stringify(voucherDueToMessage({ licenseId: 1n, used: 0n }));
    expect(await ask(answering(covered, { [USED_HEADER]: "0" }))).to.equal(402);
    expect(store.kept?.calls, "none of these calls was served").to.equal(0);
  });

  it("when the meter refuses again and again, allows it no more for that", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const store = storeOf();
    let used = 0n;
    const greedy = async () => {
      const due = voucherDueToMessage({ licenseId: 1n, used });
      return new Response(JSON.stringify(due), { status: 402, headers: { [USED_HEADER]: `${used}` } });
    };
    const paid = withVouchers(greedy, { client, licenseId: 1n, ...LIMITS, store });
    for (let i = 0; i < 5; i++) {
      used = BigInt(i) * 100n;
      await ask(paid).catch(() => undefined);
    }
    expect(store.kept).to.deep.equal({ units: 0n, contexts: 0n, calls: 0 });
    used = 100n;
    store.kept = { units: 0n, contexts: 0n, calls: 1 };
    expect(await ask(withVouchers(greedy, { client, licenseId: 1n, ...LIMITS, store }))).to.equal(402);
    expect(store.kept).to.deep.equal({ units: 100n, contexts: CONTEXTS, calls: 0 });
  });

  it("when the wallet refuses to sign, sends nothing and asks it again at the next call", async () => {
    const { client, buyer } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client);
    let refusals = 1;
    const signer = Object.create(buyer) as typeof buyer;
    signer.signTypedData = async (...message) => {
      if (refusals-- > 0) throw new Error("The user said no.");
      return await buyer.signTypedData(...message);
    };
    const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS, signer });
    expect((await rejectionOf(ask(paid))).message).to.equal("The user said no.");
    expect(meter.units()).to.deep.equal([]);
    expect(await ask(paid)).to.equal(200);
  });

  it("when the network fails, keeps the call among those that may have used units", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client);
    let isDown = false;
    const flaky: typeof globalThis.fetch = async (input, init) => {
      const response = await meter.fetch(input, init);
      if (isDown) throw new TypeError("fetch failed");
      return response;
    };
    const paid = withVouchers(flaky, { client, licenseId: 1n, ...LIMITS });
    isDown = true;
    expect((await rejectionOf(ask(paid))).message).to.equal("fetch failed");
    isDown = false;
    expect(await ask(paid)).to.equal(200);
    expect(meter.state.used).to.equal(200n);
  });

  describe("given streamed answers", () => {
    it("when a stream is read to its end, pays it with a later call", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = streaming(meterOf(client, { credit: 300n }));
      const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS });
      for (let i = 0; i < 2; i++) {
        expect(await (await paid(`${STREAM}?${i}`)).text()).to.equal("part part ");
        for (let j = 0; j < 2; j++) expect(await ask(paid)).to.equal(200);
      }
      expect(meter.units()).to.deep.equal([0n, 0n, 200n, 300n, 300n, 500n]);
      expect(meter.state.used).to.equal(600n);
    });

    it("when a later answer shows a stream's count, allows its other units no more", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = streaming(meterOf(client, { cost: 40n, credit: 300n }));
      const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS });
      await (await paid(STREAM)).text();
      for (let i = 0; i < 2; i++) expect(await ask(paid)).to.equal(200);
      meter.state.used = 281n;
      meter.state.credit = 0n;
      const error = await limitOf(ask(paid));
      expect([error.units, error.allowed]).to.deep.equal([281n, 120n]);
    });

    it("when a call ends before the stream does, still allows the stream", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = streaming(meterOf(client, { credit: 300n }));
      const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS });
      const stream = await paid(STREAM);
      for (let i = 0; i < 2; i++) expect(await ask(paid)).to.equal(200);
      await stream.text();
      for (let i = 0; i < 4; i++) expect(await ask(paid)).to.equal(200);
      expect(meter.units()).to.deep.equal([0n, 0n, 100n, 200n, 400n, 500n, 600n]);
    });

    it("when an answer is older than a stream's end, keeps the stream's allowance", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = streaming(meterOf(client, { credit: 300n }));
      const late = Promise.withResolvers<void>();
      const slow: typeof globalThis.fetch = async (input, init) => {
        const request = new Request(input, init);
        const response = await meter.fetch(request);
        if (request.url.endsWith("slow")) await late.promise;
        return response;
      };
      const paid = withVouchers(slow, { client, licenseId: 1n, ...LIMITS });
      const stream = await paid(STREAM);
      const older = paid("https://meter.example/slow");
      while (meter.state.used < 100n) await new Promise(setImmediate);
      await stream.text();
      late.resolve();
      expect((await older).headers.get(USED_HEADER)).to.equal("100");
      for (let i = 0; i < 3; i++) expect(await ask(paid)).to.equal(200);
      expect(meter.units()).to.deep.equal([0n, 0n, 100n, 300n, 400n]);
    });

    it("when several run at the same time, allows each of them", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = streaming(meterOf(client, { credit: 400n }));
      const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS });
      const streams = await Promise.all([1, 2, 3].map(() => paid(STREAM)));
      expect(await ask(paid)).to.equal(200);
      expect(await ask(paid)).to.equal(200);
      await Promise.all(streams.map((stream) => stream.text()));
      for (let i = 0; i < 2; i++) expect(await ask(paid)).to.equal(200);
      expect(meter.units()).to.deep.equal([0n, 0n, 0n, 0n, 100n, 200n, 600n]);
    });

    it("when it is left early or breaks, allows its units whenever the meter counts them", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const leaving: ((stream: Response, stop: AbortController) => Promise<unknown>)[] = [
        async ({ body }) => await body?.cancel(),
        async (stream, stop) => {
          stop.abort();
          expect((await rejectionOf(stream.text())).name).to.equal("AbortError");
        },
      ];
      for (const leave of leaving) {
        const meter = streaming(meterOf(client, { credit: 300n }));
        const paid = withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS });
        const stop = new AbortController();
        await leave(await paid(STREAM, { signal: stop.signal }), stop);
        for (let i = 0; i < 3; i++) expect(await ask(paid)).to.equal(200);
        meter.countBroken();
        for (let i = 0; i < 3; i++) expect(await ask(paid)).to.equal(200);
        expect(meter.units()).to.deep.equal([0n, 0n, 100n, 200n, 300n, 500n, 600n]);
      }
    });

    it("when the request is stopped before its answer, allows its units later", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = meterOf(client, { credit: 300n });
      const stopped: typeof globalThis.fetch = async () => {
        throw new DOMException("stopped", "AbortError");
      };
      let isStopped = true;
      const paid = withVouchers((...given) => (isStopped ? stopped : meter.fetch)(...given), {
        client,
        licenseId: 1n,
        ...LIMITS,
      });
      await rejectionOf(ask(paid));
      isStopped = false;
      for (let i = 0; i < 2; i++) expect(await ask(paid)).to.equal(200);
      meter.state.used += 100n;
      for (let i = 0; i < 3; i++) expect(await ask(paid)).to.equal(200);
      expect(meter.units()).to.deep.equal([0n, 100n, 200n, 400n, 500n]);
    });

    it("when it restarts between, allows open and left streams", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const meter = streaming(meterOf(client, { credit: 400n }));
      const store = storeOf();
      const start = () => withVouchers(meter.fetch, { client, licenseId: 1n, ...LIMITS, store });
      const first = start();
      const open = await first(STREAM);
      await (await first(STREAM)).body?.cancel();
      for (let i = 0; i < 2; i++) expect(await ask(first)).to.equal(200);
      expect(store.kept).to.deep.equal({ units: 100n, contexts: CONTEXTS, calls: 3 });
      const after = start();
      for (let i = 0; i < 2; i++) expect(await ask(after)).to.equal(200);
      await open.text();
      meter.countBroken();
      for (let i = 0; i < 3; i++) expect(await ask(after)).to.equal(200);
      expect(meter.state.used).to.equal(900n);
      expect(meter.units().at(-1)).to.equal(800n);
    });

    it("when the meter lies, it gets no more than each call allows, also by restarts", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      for (const isLeft of [false, true]) {
        const store = storeOf();
        let calls = 0n;
        let signed = 0n;
        // Claims as much as is signed: in headers, in 402, and for each stream again.
        const lying: typeof globalThis.fetch = async (input, init) => {
          const request = new Request(input, init);
          const { units } = voucherFromMessage(fromHeader(request.headers.get(VOUCHER_HEADER) ?? ""));
          signed = units;
          expect(Number(units), `voucher after ${calls} calls`).to.be.at.most(Number(calls * 100n));
          if (request.url.startsWith(STREAM)) {
            calls += 1n;
            return new Response("part");
          }
          const used = /claim=(\d+)/.exec(request.url)?.[1] ?? "";
          const headers = { [USED_HEADER]: used };
          if (!request.url.includes("due")) {
            calls += 1n;
            return new Response("served", { headers });
          }
          const due = voucherDueToMessage({ licenseId: 1n, used: BigInt(used) });
          return new Response(JSON.stringify(due), { status: 402, headers });
        };
        const start = () =>
          withVouchers(lying, { client, licenseId: 1n, ...LIMITS, maxUnits: 1n << 40n, store });
        let paid = start();
        const open: Response[] = [];
        for (let i = 0; i < 40; i++) {
          const stream = await paid(STREAM);
          if (i % 3 === 0) await (isLeft ? stream.body?.cancel() : stream.text());
          else open.push(stream);
          const most = calls * 100n;
          // A part of the limit, a unit more than it, and all of it.
          for (const claim of [most - 50n, most + 1n, most]) {
            if (i % 5 === 4) paid = start();
            await paid(`https://meter.example/due?claim=${claim}`).catch(() => undefined);
          }
          await paid(`https://meter.example/ask?claim=${most + 100n + BigInt(i % 2)}`);
          if (i % 4 === 3) await open.shift()?.text();
        }
        expect(Number(signed)).to.be.greaterThan(3_000);
      }
    });

    it("keeps address, status and headers of the answer", async () => {
      const { client } = await networkHelpers.loadFixture(licensed);
      const answer = new Response("part", { status: 201, statusText: "Made", headers: { etag: "1" } });
      Object.defineProperty(answer, "url", { value: STREAM });
      const paid = withVouchers(async () => answer, { client, licenseId: 1n, ...LIMITS });
      const { url, status, statusText, headers, ok } = await paid(STREAM);
      expect([url, status, statusText, headers.get("etag"), ok]).to.deep.equal([
        STREAM,
        201,
        "Made",
        "1",
        true,
      ]);
    });
  });

  it("when HEAD is answered by 402 without a body, takes the count from its header", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = meterOf(client, { cost: 0n, credit: 0n });
    const headOf: typeof globalThis.fetch = async (input, init) => {
      const { status, headers } = await meter.fetch(input, init);
      return new Response(null, { status, headers });
    };
    const store = storeOf({ units: 0n, contexts: 0n, calls: 1 });
    const paid = withVouchers(headOf, { client, licenseId: 1n, ...LIMITS, store });
    meter.state.used = 100n;
    expect((await paid(STREAM, { method: "HEAD" })).status).to.equal(200);
    expect(meter.units()).to.deep.equal([0n, 100n]);
    meter.state.used = 301n;
    const error = await limitOf(paid(STREAM, { method: "HEAD" }));
    expect([error.units, error.limit]).to.deep.equal([301n, "maxUnitsPerCall"]);
  });
});
