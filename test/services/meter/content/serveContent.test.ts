import { StoredContentError, serveContent } from "@benefit-grid/meter";
import { ContentHashMismatchError } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerParams, registration, terms } from "../../../grid.ts";
import { addOffer } from "../../../licenses/support.ts";
import { rejectionOf } from "../../../sdk/clients.ts";
import { bytesOf, callOf, encrypted, equal, FIRST, OTHER, random, served } from "./support.ts";

const SIZE = FIRST + OTHER + 1_000;
const PLAIN = bytesOf(SIZE);

describe("serveContent", () => {
  it("when the method is neither GET nor HEAD, answers 405", async () => {
    const { ask } = await served(PLAIN);
    const { status, headers, used } = await ask({}, { method: "POST" });
    expect([status, headers.get("allow"), used]).to.deep.equal([405, "GET, HEAD", 0n]);
  });

  describe("given a license of another offer", () => {
    it("when the offer is of another capsule, answers 403 and reads nothing", async () => {
      const given = await served(PLAIN);
      await given.terms.connect(given.creator).publish(registration(), terms(), await offerParams(given));
      given.stored.reads = [];
      const { status, used } = await given.ask({}, { offerId: 2n });
      expect([status, used, given.stored.reads]).to.deep.equal([403, 0n, []]);
    });

    it("when it is another offer of the capsule, delivers", async () => {
      const given = await served(PLAIN);
      const offerId = await addOffer(given, {}, {});
      expect((await given.ask({ range: "bytes=0-0" }, { offerId })).status).to.equal(206);
    });

    it("when the operator names the offers, these alone count", async () => {
      const { ask } = await served(PLAIN, { offers: [7n] });
      expect((await ask({ range: "bytes=0-0" }, { offerId: 7n })).status).to.equal(206);
      expect((await ask({ range: "bytes=0-0" })).status).to.equal(403);
    });
  });

  describe("given no Range", () => {
    for (const size of [0, 1, FIRST, FIRST + 1, FIRST + OTHER, SIZE]) {
      it(`when the content has ${size} bytes, delivers and counts all`, async () => {
        const { ask, contentHash } = await served(bytesOf(size));
        const { status, headers, body, used } = await ask();
        expect([status, used]).to.deep.equal([200, BigInt(size)]);
        equal(body, bytesOf(size));
        const digest = Buffer.from(contentHash.slice(2), "hex").toString("base64");
        expect(Object.fromEntries(headers)).to.deep.equal({
          "accept-ranges": "bytes",
          "cache-control": "private, no-transform",
          "content-length": `${size}`,
          "content-type": "application/octet-stream",
          etag: `"${contentHash.slice(2)}"`,
          "repr-digest": `sha-256=:${digest}:`,
        });
      });
    }

    it("when the content is longer than a call may be, answers 413 with the limit", async () => {
      const { ask } = await served(PLAIN, {}, BigInt(SIZE - 1));
      const { status, headers, body, used } = await ask();
      expect([status, headers.get("accept-ranges"), used]).to.deep.equal([413, "bytes", 0n]);
      expect(headers.get("content-type")).to.equal("application/problem+json");
      expect(JSON.parse(new TextDecoder().decode(body))).to.deep.equal({
        type: "urn:benefit-grid:meter:RangeNeeded",
        title: "RangeNeeded",
        status: 413,
        detail: `The content has ${SIZE} bytes. Ask by Range for at most ${SIZE - 1} at once.`,
      });
    });
  });

  describe("given HEAD", () => {
    it("describes the whole content for free, whatever the range and the limit", async () => {
      const { ask } = await served(PLAIN, { contentType: "text/csv" }, 10n);
      const { status, headers, body, used } = await ask({ range: "bytes=5-6" }, { method: "HEAD" });
      expect([status, body.length, used]).to.deep.equal([200, 0, 0n]);
      expect(headers.get("content-length")).to.equal(`${SIZE}`);
      expect(headers.get("content-type")).to.equal("text/csv");
      expect(headers.has("content-range")).to.equal(false);
    });
  });

  describe("given a Range", () => {
    const RANGES: [string, number, number][] = [
      ["bytes=0-0", 0, 1],
      ["bytes=0-", 0, SIZE],
      [`bytes=0-${FIRST - 1}`, 0, FIRST],
      [`bytes=${FIRST - 1}-${FIRST}`, FIRST - 1, FIRST + 1],
      [`bytes=${FIRST}-${FIRST + OTHER - 1}`, FIRST, FIRST + OTHER],
      [`bytes=${FIRST + OTHER}-`, FIRST + OTHER, SIZE],
      [`bytes=${SIZE - 1}-`, SIZE - 1, SIZE],
      [`bytes=10-${SIZE + 100}`, 10, SIZE],
      ["bytes=-1", SIZE - 1, SIZE],
      [`bytes=-${SIZE + 1}`, 0, SIZE],
      ["BYTES = 1-2", 1, 3],
    ];
    it("when it can be met, delivers and counts exactly these bytes", async () => {
      const { ask } = await served(PLAIN);
      for (const [range, start, end] of RANGES) {
        const { status, headers, body, used } = await ask({ range });
        expect([range, status, used]).to.deep.equal([range, 206, BigInt(end - start)]);
        expect(headers.get("content-range")).to.equal(`bytes ${start}-${end - 1}/${SIZE}`);
        expect(headers.get("content-length")).to.equal(`${end - start}`);
        equal(body, PLAIN.slice(start, end));
      }
    });

    it("when ranges are random, each is the slice of the content, from the needed segments alone", async () => {
      const { ask, stored } = await served(PLAIN);
      const next = random(99);
      for (let i = 0; i < 300; i++) {
        const near = [0, FIRST, FIRST + OTHER, SIZE][next(4)] ?? 0;
        const start = Math.min(Math.max(next(2) ? near - 3 + next(6) : next(SIZE), 0), SIZE - 1);
        const end = Math.min(start + 1 + (next(2) ? next(5) : next(SIZE)), SIZE);
        stored.reads = [];
        const { body, used } = await ask({ range: `bytes=${start}-${end - 1}` });
        expect(used, `${start}-${end}`).to.equal(BigInt(end - start));
        equal(body, PLAIN.slice(start, end));
        const segments = Math.floor((end + 39) / OTHER) - Math.floor((start + 40) / OTHER) + 1;
        const read = stored.reads.reduce((sum, each) => sum + each.end - each.start, 0);
        expect(read).to.be.at.most(segments * 65_536);
      }
    });

    const REFUSED = [
      `bytes=${SIZE}-`,
      `bytes=${SIZE}-${SIZE + 5}`,
      "bytes=-0",
      "bytes=2-1",
      "bytes=0-1,3-4",
      "bytes=0-1, 0-1",
      "bytes=-",
      "bytes=",
      "bytes=a-b",
      "bytes=1-2x",
      "bytes=0x1-2",
    ];
    it("when it is unsatisfiable, malformed or several, answers 416 and counts nothing", async () => {
      const { ask } = await served(PLAIN);
      for (const range of REFUSED) {
        const { status, headers, used } = await ask({ range });
        expect([range, status, used]).to.deep.equal([range, 416, 0n]);
        expect(headers.get("content-range")).to.equal(`bytes */${SIZE}`);
      }
    });

    it("when the content is empty, answers 416", async () => {
      const { ask } = await served(new Uint8Array());
      for (const range of ["bytes=0-0", "bytes=0-", "bytes=-1"]) {
        expect((await ask({ range })).status, range).to.equal(416);
      }
    });

    it("when its unit is unknown, ignores it", async () => {
      const { ask } = await served(bytesOf(10));
      expect(await ask({ range: "lines=1-2" })).to.include({ status: 200, used: 10n });
    });

    it("when it is longer than a call may be, delivers its first bytes", async () => {
      const { ask } = await served(PLAIN, {}, 100n);
      const { status, headers, body, used } = await ask({ range: "bytes=50-" });
      expect([status, used]).to.deep.equal([206, 100n]);
      expect(headers.get("content-range")).to.equal(`bytes 50-149/${SIZE}`);
      expect(headers.get("content-length")).to.equal("100");
      equal(body, PLAIN.slice(50, 150));
    });
  });

  describe("given preconditions", () => {
    const CASES: [Record<string, string>, number][] = [
      [{ "if-none-match": "ETAG" }, 304],
      [{ "if-none-match": "W/ETAG" }, 304],
      [{ "if-none-match": '"other", ETAG' }, 304],
      [{ "if-none-match": "*" }, 304],
      [{ "if-none-match": '"other"' }, 200],
      [{ "if-none-match": "ETAG", range: "bytes=0-0" }, 304],
      [{ "if-match": "ETAG", range: "bytes=0-0" }, 206],
      [{ "if-match": "*" }, 200],
      [{ "if-match": "W/ETAG" }, 412],
      [{ "if-match": '"other"', "if-none-match": "ETAG" }, 412],
      [{ "if-range": "ETAG", range: "bytes=0-0" }, 206],
      [{ "if-range": "W/ETAG", range: "bytes=0-0" }, 200],
      [{ "if-range": '"other"', range: "bytes=99999999-" }, 200],
      [{ "if-range": "Wed, 21 Oct 2026 07:28:00 GMT", range: "bytes=0-0" }, 200],
    ];
    it("answers each as RFC 9110 says", async () => {
      const { ask, contentHash } = await served(bytesOf(100));
      const etag = `"${contentHash.slice(2)}"`;
      for (const [given, expected] of CASES) {
        const entries = Object.entries(given).map(([name, value]) => [name, value.replace("ETAG", etag)]);
        const { status, headers, body, used } = await ask(Object.fromEntries(entries));
        const bytes = { 200: 100, 206: 1 }[status] ?? 0;
        expect([given, status, used]).to.deep.equal([given, expected, BigInt(bytes)]);
        expect(headers.get("etag")).to.equal(etag);
        if (status === 304) expect(body).to.have.length(0);
      }
    });
  });

  describe("given a customer that leaves", () => {
    it("counts the pieces taken, and stops reading", async () => {
      const { serve } = await served(PLAIN);
      const { state, call } = callOf();
      const { body } = await serve(new Request("https://meter.example/"), call);
      const reader = body?.getReader() ?? expect.fail("no body");
      expect(state).to.deep.equal({ used: 0n, isOpen: true });
      await reader.read();
      await reader.cancel();
      expect(state.used).to.equal(BigInt(FIRST));
    });
  });

  describe("given a file that changes under the server", () => {
    it("when the first segment is damaged, throws and counts nothing", async () => {
      const { serve, stored } = await served(PLAIN);
      stored.bytes = await encrypted(PLAIN);
      const { state, call } = callOf();
      const error = await rejectionOf(async () => serve(new Request("https://meter.example/"), call));
      expect(error).to.be.instanceOf(StoredContentError);
      expect(state).to.deep.equal({ used: 0n, isOpen: false });
    });

    it("when a later segment is damaged, breaks the body off and counts what was sent", async () => {
      const { serve, stored } = await served(PLAIN);
      stored.bytes = stored.bytes.slice();
      stored.bytes[65_536 + 10] = (stored.bytes[65_536 + 10] ?? 0) ^ 1;
      const { state, call } = callOf();
      const response = await serve(new Request("https://meter.example/"), call);
      expect(await rejectionOf(response.arrayBuffer())).to.be.instanceOf(StoredContentError);
      expect(state.used).to.equal(BigInt(FIRST));
    });
  });

  describe("given an earlier check", () => {
    it("when it is trusted, reads only the header at the start", async () => {
      const { content, stored } = await served(PLAIN);
      stored.reads = [];
      await serveContent({ ...content, verify: false });
      expect(stored.reads).to.deep.equal([{ start: 0, end: 40 }]);
      await serveContent(content);
      expect(stored.reads).to.have.length(3);
    });

    it("when it is not, refuses to serve another content", async () => {
      const { content } = await served(PLAIN);
      const serving = serveContent({ ...content, version: 1n });
      expect(await rejectionOf(serving)).to.be.instanceOf(ContentHashMismatchError);
    });
  });
});
