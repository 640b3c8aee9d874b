import type { AddressInfo } from "node:net";
import { createMeter, serveContent, sqliteStore } from "@benefit-grid/meter";
import { fetchContent, withVouchers } from "@benefit-grid/sdk/http";
import { serve as listen, type ServerType } from "@hono/node-server";
import { expect } from "chai";
import { mintParams } from "../../../grid.ts";
import { addOffer } from "../../../licenses/support.ts";
import { rejectionOf } from "../../../sdk/clients.ts";
import { bytesOf, equal, registered } from "./support.ts";

const SIZE = 1_000_001;
const LIMIT = 262_144;
const PLAIN = bytesOf(SIZE);

/** A meter over HTTP, and a customer with a license for the content and three calls more. */
async function started() {
  const given = await registered(PLAIN);
  const { as, buyer, licenses, content } = given;
  const offerId = await addOffer(given, { maxUnits: 10_000_000n });
  const units = BigInt(SIZE + 3 * LIMIT);
  await licenses.connect(buyer).mint(mintParams(offerId, buyer, units), "0x");
  const store = await sqliteStore(":memory:");
  const meter = await createMeter({
    client: given.client,
    store,
    offers: [offerId],
    maxUnits: BigInt(LIMIT),
    serve: await serveContent(content),
    interval: 3_600_000,
  });
  let server: ServerType | undefined;
  const port = await new Promise<number>((resolve) => {
    server = listen({ fetch: meter.fetch, hostname: "127.0.0.1", port: 0 }, (info: AddressInfo) =>
      resolve(info.port),
    );
  });
  const client = await as(buyer);
  const limits = { maxUnits: units, maxUnitsPerCall: BigInt(LIMIT) };
  return {
    url: `http://127.0.0.1:${port}/dataset`,
    client,
    store,
    paid: withVouchers(fetch, { client, licenseId: 1n, contexts: 1n, ...limits }),
    async close() {
      await meter.close();
      await store.close();
      await new Promise((resolve) => server?.close(resolve));
    },
  };
}

function sinkOf() {
  const parts: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
  return { sink, bytes: () => new Uint8Array(Buffer.concat(parts)) };
}

describe("content behind a meter over HTTP", () => {
  it("when a customer downloads it, each byte is counted once and paid by a voucher", async () => {
    const { url, client, store, paid, close } = await started();
    const { sink, bytes } = sinkOf();
    const { size } = await fetchContent(paid, url, { client, capsuleId: 1n, sink, bytesPerRequest: LIMIT });
    expect(size).to.equal(SIZE);
    equal(bytes(), PLAIN);
    const account = await store.account(1n);
    expect([account?.used, account?.voucher?.units]).to.deep.equal([BigInt(SIZE), BigInt(SIZE)]);
    await close();
  });

  it("when a customer leaves and comes back, it pays for what was sent, and gets the rest", async () => {
    const { url, client, store, paid, close } = await started();
    const first = sinkOf();
    const stopping = new AbortController();
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform(part, controller) {
        controller.enqueue(part);
        if (first.bytes().length > 300_000) stopping.abort();
      },
    });
    const piped = counting.readable.pipeTo(first.sink).catch(() => undefined);
    const parameters = { client, capsuleId: 1n, bytesPerRequest: LIMIT };
    const stopped = fetchContent(paid, url, {
      ...parameters,
      sink: counting.writable,
      signal: stopping.signal,
    });
    expect(await rejectionOf(stopped)).to.equal(stopping.signal.reason);
    await piped;
    const have = first.bytes();
    expect(have.length).to.be.within(300_000, SIZE - 1);

    const rest = sinkOf();
    await fetchContent(paid, url, { ...parameters, sink: rest.sink, have });
    equal(new Uint8Array(Buffer.concat([have, rest.bytes()])), PLAIN);
    const account = await store.account(1n);
    // Bytes on the way at the break are sent twice: at most one call's.
    expect(Number(account?.used)).to.be.within(SIZE, SIZE + LIMIT);
    expect(account?.voucher?.units).to.equal(account?.used);
    await close();
  });

  it("when a customer asks by HEAD or with its tag, it pays nothing", async () => {
    const { url, store, paid, close } = await started();
    const head = await paid(url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).to.deep.equal([200, `${SIZE}`]);
    const etag = head.headers.get("etag") ?? "";
    expect((await paid(url, { headers: { "if-none-match": etag } })).status).to.equal(304);
    expect((await paid(url)).status).to.equal(413);
    expect((await store.account(1n))?.used).to.equal(0n);
    await close();
  });
});
