import { publishVersion } from "@benefit-grid/sdk";
import {
  ContentDeliveryError,
  ContentHashMismatchError,
  type FetchContentParameters,
  fetchContent,
} from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { ethers, offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, rejectionOf, withClients } from "../clients.ts";

const URL = "https://meter.example/dataset";
const CONTENT = Uint8Array.from({ length: 1_000 }, (_, i) => (i * 7) % 251);
const HASH = ethers.sha256(CONTENT) as `0x${string}`;

/** Version 2 of capsule 1 is `content`. */
async function published(content = CONTENT) {
  const { as, creator } = await withClients(offerFixture);
  const client = await as(creator);
  const contentHash = ethers.sha256(content) as `0x${string}`;
  await publishVersion(client, { capsuleId: 1n, contentHash, uri: "https://data.example" });
  return client;
}

type Fault = (request: Request, answer: (init?: ResponseInit) => Response) => Response | undefined;

/** A server of ranges, whose request number `n` is answered by `faults[n]` if there is one. */
function serverOf(content: Uint8Array, faults: Record<number, Fault> = {}) {
  const requests: string[] = [];
  const free: string[] = [];
  const tags = new Set<string | null>();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.headers.get("if-none-match") === request.headers.get("if-match")) {
      free.push(request.url);
      return new Response(null, { status: 304 });
    }
    const range = request.headers.get("range") ?? "";
    tags.add(request.headers.get("if-match"));
    const number = requests.push(range);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? expect.fail(range);
    const start = Number(first);
    const end = Math.min(Number(last) + 1, content.length);
    const answer = (init: ResponseInit = {}) => {
      const headers = { "content-range": `bytes ${start}-${end - 1}/${content.length}` };
      return new Response(content.slice(start, end), { status: 206, headers, ...init });
    };
    const empty = { status: 416, headers: { "content-range": `bytes */${content.length}` } };
    return faults[number]?.(request, answer) ?? (start < end ? answer() : new Response(null, empty));
  };
  return { fetch, requests, free, tags };
}

function sinkOf() {
  const state = { bytes: new Uint8Array(), end: "open" as "open" | "closed" | unknown };
  const sink = new WritableStream<Uint8Array>({
    write: (part) => {
      state.bytes = new Uint8Array(Buffer.concat([state.bytes, part]));
    },
    close: () => {
      state.end = "closed";
    },
    abort: (reason) => {
      state.end = reason;
    },
  });
  return { state, sink };
}

type Options = Partial<FetchContentParameters>;

async function download(server: ReturnType<typeof serverOf>, options: Options = {}, content = CONTENT) {
  const client = await published(content);
  const { state, sink } = sinkOf();
  const parameters = { client, capsuleId: 1n, sink, bytesPerRequest: 300, pause: 1, ...options };
  return { state, result: fetchContent(server.fetch, URL, parameters) };
}

/** Expects that the download fails, and returns the error. The sink is aborted with it. */
async function failing(server: ReturnType<typeof serverOf>, options: Options = {}) {
  const { state, result } = await download(server, options);
  const error = await rejectionOf(result);
  expect(state.end).to.equal(error);
  expect(server.free).to.deep.equal([]);
  return { error, bytes: state.bytes };
}

const THROWN: Fault = () => {
  throw new TypeError("fetch failed");
};

/** Half of the answer's bytes, then a break. */
const BROKEN: Fault = (_, answer) => {
  const { body, status, headers } = answer();
  let sent = 0;
  const half = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      controller.enqueue(part.slice(0, part.length / 2));
      sent += part.length;
    },
    flush: (controller) => controller.error(new Error(`cut off after ${sent}`)),
  });
  return new Response(body?.pipeThrough(half) ?? null, { status, headers });
};

describe("fetchContent", () => {
  it("when bytesPerRequest is not a positive whole number, refuses it", async () => {
    for (const bytesPerRequest of [0, -1, 1.5, Number.NaN]) {
      const { result } = await download(serverOf(CONTENT), { bytesPerRequest });
      await expectInvalid(result, "bytesPerRequest");
    }
  });

  it("when the version does not exist, reverts and asks the server nothing", async () => {
    const server = serverOf(CONTENT);
    const { result } = await download(server, { version: 3n });
    await expectRevert(result, "VersionNonexistent", { capsuleId: 1n, version: 3n });
    expect(server.requests).to.deep.equal([]);
  });

  it("when the content is as on chain, writes it by ranges and closes the sink", async () => {
    const server = serverOf(CONTENT);
    const { state, result } = await download(server);
    expect(await result).to.deep.equal({ version: 2n, contentHash: HASH, size: 1_000 });
    expect(state).to.deep.equal({ bytes: CONTENT, end: "closed" });
    expect(server.requests).to.deep.equal([
      "bytes=0-299",
      "bytes=300-599",
      "bytes=600-899",
      "bytes=900-1199",
    ]);
    // For the last voucher.
    expect(server.free).to.deep.equal([URL, URL]);
    expect([...server.tags]).to.deep.equal([`"${HASH.slice(2)}"`]);
  });

  it("when the content is empty, asks once and checks its hash", async () => {
    const server = serverOf(new Uint8Array());
    const { state, result } = await download(server, {}, new Uint8Array());
    expect(await result).to.include({ contentHash: ethers.sha256("0x"), size: 0 });
    expect([state.end, server.requests.length]).to.deep.equal(["closed", 1]);
  });

  it("when the server answers shorter ranges, continues behind them", async () => {
    const short: Fault = () => {
      const headers = { "content-range": "bytes 0-99/1000" };
      return new Response(CONTENT.slice(0, 100), { status: 206, headers });
    };
    const server = serverOf(CONTENT, { 1: short });
    const { state, result } = await download(server);
    expect((await result).size).to.equal(1_000);
    expect(state.bytes).to.deep.equal(CONTENT);
    expect(server.requests.slice(0, 2)).to.deep.equal(["bytes=0-299", "bytes=100-399"]);
  });

  it("when another byte arrives, names both hashes and aborts the sink", async () => {
    const other = CONTENT.slice();
    other[999] = 255;
    const { error } = await failing(serverOf(other));
    expect(error).to.be.instanceOf(ContentHashMismatchError);
    const actual = ethers.sha256(other);
    expect(error).to.include({ capsuleId: 1n, version: 2n, expected: HASH, actual });
  });

  describe("given a break", () => {
    it("when the server is away or busy for a while, tries again", async () => {
      const busy: Fault = () => new Response("busy", { status: 503 });
      const { state, result } = await download(
        serverOf(CONTENT, { 1: THROWN, 2: busy, 4: busy, 5: THROWN }),
        {
          retries: 2,
        },
      );
      expect((await result).size).to.equal(1_000);
      expect(state.bytes).to.deep.equal(CONTENT);
    });

    it("when a body breaks off, continues with the next missing byte", async () => {
      const server = serverOf(CONTENT, { 2: BROKEN, 3: BROKEN });
      const { state, result } = await download(server, { retries: 1 });
      expect((await result).size).to.equal(1_000);
      expect(state.bytes).to.deep.equal(CONTENT);
      expect(server.requests.slice(1, 4)).to.deep.equal(["bytes=300-599", "bytes=450-749", "bytes=600-899"]);
    });

    it("when a body ends early without an error, continues too", async () => {
      const early: Fault = (_, answer) => {
        const { status, headers } = answer();
        return new Response(CONTENT.slice(0, 10), { status, headers });
      };
      const { state, result } = await download(serverOf(CONTENT, { 1: early }));
      expect((await result).size).to.equal(1_000);
      expect(state.bytes).to.deep.equal(CONTENT);
    });

    it("when it lasts, gives up with the number of bytes received", async () => {
      const server = serverOf(CONTENT, { 2: BROKEN, 3: THROWN, 4: THROWN, 5: THROWN });
      const { error, bytes } = await failing(server, { retries: 2 });
      expect(error).to.be.instanceOf(ContentDeliveryError);
      expect(error).to.include({ url: URL, received: 450, status: undefined });
      expect(bytes).to.deep.equal(CONTENT.slice(0, 450));
      expect(server.requests).to.have.length(4);
    });

    it("when a later download has the beginning, asks for the rest alone and checks all", async () => {
      const server = serverOf(CONTENT);
      const { state, result } = await download(server, { have: new Blob([CONTENT.slice(0, 450)]).stream() });
      expect(await result).to.include({ contentHash: HASH, size: 1_000 });
      expect(state.bytes).to.deep.equal(CONTENT.slice(450));
      expect(server.requests[0]).to.equal("bytes=450-749");
      const { error } = await failing(serverOf(CONTENT), { have: new Uint8Array(450) });
      expect(error).to.be.instanceOf(ContentHashMismatchError);
    });

    it("when the beginning is all of it, asks once for nothing more", async () => {
      const server = serverOf(CONTENT);
      const { state, result } = await download(server, { have: CONTENT });
      expect((await result).size).to.equal(1_000);
      expect(state).to.deep.equal({ bytes: new Uint8Array(), end: "closed" });
      expect(server.requests).to.deep.equal(["bytes=1000-1299"]);
    });
  });

  describe("given a server that answers something else", () => {
    const range = (value: string, body: Uint8Array<ArrayBuffer> = CONTENT.slice(0, 300)): Fault => {
      const headers = { "content-range": value };
      return () => new Response(body, { status: 206, headers });
    };
    const CASES: [string, Fault, string, number][] = [
      [
        "refuses",
        () => new Response("License 1 is spent.", { status: 403 }),
        "403: License 1 is spent.",
        403,
      ],
      ["has another content", () => new Response("", { status: 412 }), "answered 412", 412],
      ["ignores ranges", () => new Response(CONTENT), "answered 200, but no range", 200],
      ["ends before us", () => new Response("", { status: 416 }), "answered 416", 416],
      ["names no range", () => new Response(CONTENT, { status: 206 }), "answered 206, but no range", 206],
      ["sends another range", range("bytes 1-300/1000"), "bytes 1 to 301 of 1000", 206],
      ["sends no byte", range("bytes 0--1/1000"), "no range", 206],
      ["sends too much", range("bytes 0-9/1000"), "sent more than it said", 206],
    ];
    for (const [behaviour, fault, problem, status] of CASES) {
      it(`when it ${behaviour}, fails at once`, async () => {
        const server = serverOf(CONTENT, { 1: fault });
        const { error, bytes } = await failing(server);
        expect(error).to.be.instanceOf(ContentDeliveryError);
        expect(error).to.include({ status, received: 0 });
        expect(error.message).to.contain(problem);
        expect([bytes.length, server.requests.length]).to.deep.equal([0, 1]);
      });
    }

    it("when its content changes its size, fails", async () => {
      const { error } = await failing(serverOf(CONTENT, { 2: range("bytes 300-599/1001") }));
      expect(error.message).to.contain("answered bytes 300 to 600 of 1001");
    });

    it("when fetch throws an error of its own, passes it on", async () => {
      const own = new RangeError("The limit is reached.");
      const throwing: Fault = () => {
        throw own;
      };
      expect((await failing(serverOf(CONTENT, { 2: throwing }))).error).to.equal(own);
    });
  });

  it("when it is aborted, stops in the middle or while it waits", async () => {
    const middle = new AbortController();
    const stopping: Fault = (_, answer) => {
      middle.abort();
      return answer();
    };
    const server = serverOf(CONTENT, { 2: stopping, 3: THROWN });
    const { error } = await failing(server, { signal: middle.signal });
    expect(error).to.equal(middle.signal.reason);

    const waiting = new AbortController();
    setTimeout(() => waiting.abort(), 20);
    const away = serverOf(CONTENT, { 1: THROWN });
    const stopped = await failing(away, { signal: waiting.signal, pause: 600_000 });
    expect(stopped.error).to.equal(waiting.signal.reason);
    expect(away.requests).to.have.length(1);
  });

  it("when the sink fails, stops the download", async () => {
    const server = serverOf(CONTENT);
    const full = new Error("The disk is full.");
    const sink = new WritableStream<Uint8Array>({
      write: () => {
        throw full;
      },
    });
    const { result } = await download(server, { sink });
    expect(await rejectionOf(result)).to.equal(full);
    expect(server.requests).to.have.length(1);
  });
});
