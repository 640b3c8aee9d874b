import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { serveHttp } from "@benefit-grid/meter";
import { expect } from "chai";
import { rejectionOf } from "../../../sdk/clients.ts";
import { countingCall } from "../support.ts";

type Answer = { status?: number; headers?: Record<string, string>; body?: string | Buffer };

/** A service on loopback, and what it was asked. */
async function upstream(answer: Answer = {}) {
  const asked: { request: IncomingMessage; body: string }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ request, body: await text(request) });
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? "answer");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

const URL = "https://meter.example/path?query=1";

describe("serveHttp", () => {
  it("when the unit is a call, passes request and answer on and counts one", async () => {
    const service = await upstream({ headers: { "x-model": "seven", connection: "close" } });
    const { call, counted } = countingCall();
    const headers = { "content-type": "text/plain", "benefit-grid-voucher": "secret", "x-trace": "9" };
    const request = new Request(URL, { method: "POST", body: "question", headers });
    const response = await serveHttp({ upstream: service.url, unit: "call" })(request, call);
    service.close();
    expect([response.status, await response.text(), counted]).to.deep.equal([200, "answer", [1n]]);
    expect(response.headers.get("x-model")).to.equal("seven");
    expect(response.headers.get("connection")).to.equal(null);
    const [{ request: received, body }] = service.asked as [(typeof service.asked)[number]];
    expect([received.method, received.url, body]).to.deep.equal(["POST", "/path?query=1", "question"]);
    expect(received.headers).to.include({ "x-trace": "9", host: new globalThis.URL(service.url).host });
    expect(received.headers).to.not.have.property("benefit-grid-voucher");
  });

  it("when the unit is a byte, counts the bytes that the customer gets", async () => {
    const body = gzipSync("äö".repeat(20));
    const service = await upstream({ headers: { "content-encoding": "gzip" }, body });
    const { call, counted, isKeptOpen } = countingCall();
    const response = await serveHttp({ upstream: service.url, unit: "byte" })(new Request(URL), call);
    expect(isKeptOpen()).to.equal(true);
    expect(response.headers.get("content-encoding")).to.equal(null);
    expect(await response.text()).to.equal("äö".repeat(20));
    service.close();
    expect(counted.reduce((sum, units) => sum + units, 0n)).to.equal(80n);
  });

  it("when the answer is an error, a redirect or empty, counts nothing", async () => {
    for (const [status, unit] of [
      [503, "call"],
      [404, "byte"],
      [302, "call"],
    ] as const) {
      const service = await upstream({ status, headers: { location: "https://elsewhere.example" } });
      const { call, counted } = countingCall();
      const response = await serveHttp({ upstream: service.url, unit })(new Request(URL), call);
      await response.text();
      service.close();
      expect([response.status, counted]).to.deep.equal([status, []]);
    }
  });

  it("when the service does not answer, throws and counts nothing", async () => {
    const service = await upstream();
    service.close();
    const { call, counted } = countingCall();
    const asking = serveHttp({ upstream: service.url, unit: "call" })(new Request(URL), call);
    expect((await rejectionOf(asking as Promise<unknown>)).message).to.equal("fetch failed");
    expect(counted).to.deep.equal([]);
  });
});
