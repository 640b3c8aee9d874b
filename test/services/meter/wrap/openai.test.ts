import { serveOpenAi } from "@benefit-grid/meter";
import { expect } from "chai";
import { rejectionOf } from "../../../sdk/clients.ts";
import { countingCall } from "../support.ts";

const USAGE = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };

/** An endpoint that answers with this body, and what it was asked. */
function upstream(body: string | ReadableStream, init?: ResponseInit) {
  const asked: { url: string; headers: Headers; body: Record<string, unknown> }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init_) => {
    const request = new Request(input, init_);
    asked.push({ url: request.url, headers: request.headers, body: JSON.parse(await request.text()) });
    return new Response(body, init);
  };
  const serve = serveOpenAi({
    upstream: "http://model.example/v1",
    apiKey: "key",
    maxAnswerTokens: 50,
    fetch,
  });
  return { asked, serve };
}

function ask(body: unknown, path = "/v1/chat/completions", method = "POST") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Request(`https://meter.example${path}`, { method, ...(method === "POST" && { body: text }) });
}

/** Events cut into chunks at arbitrary places. */
function streamOf(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.slice(i * size, (i + 1) * size),
  );
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts.shift();
      if (part) controller.enqueue(part);
      else controller.close();
    },
  });
}

const event = (data: unknown) => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const delta = (content: string) => event({ choices: [{ delta: { content } }] });

describe("serveOpenAi", () => {
  it("when an answer is whole, counts its total tokens", async () => {
    const { serve, asked } = upstream(JSON.stringify({ choices: [], usage: USAGE }), {
      headers: { "content-type": "application/json", "x-account": "secret" },
    });
    const { call, counted } = countingCall();
    const response = await serve(ask({ messages: [], max_tokens: 10 }), call);
    expect(await response.json()).to.deep.equal({ choices: [], usage: USAGE });
    expect([...response.headers]).to.deep.equal([["content-type", "application/json"]]);
    expect(counted).to.deep.equal([12n]);
    expect(asked[0]?.url).to.equal("http://model.example/v1/chat/completions");
    expect(asked[0]?.headers.get("authorization")).to.equal("Bearer key");
    expect(asked[0]?.body).to.deep.equal({ messages: [], max_tokens: 10, n: 1 });
  });

  it("when a customer asks for more than allowed, limits it", async () => {
    const { serve, asked } = upstream(JSON.stringify({ usage: USAGE }));
    for (const body of [{}, { max_completion_tokens: 999 }, { max_tokens: -1 }, { n: 9, max_tokens: "many" }])
      await serve(ask(body), countingCall().call);
    expect(asked.map(({ body }) => body)).to.deep.equal([
      { max_tokens: 50, n: 1 },
      { max_completion_tokens: 50, n: 1 },
      { max_tokens: 50, n: 1 },
      { max_tokens: 50, n: 1 },
    ]);
  });

  for (const size of [1, 7, 1_000]) {
    it(`when an answer is streamed in chunks of ${size} bytes, counts its usage in all`, async () => {
      const text = `${delta("Hel")}${delta("lo ✓")}${event({ choices: [], usage: USAGE })}${event("[DONE]")}`;
      const { serve, asked } = upstream(streamOf(text, size), {
        headers: { "content-type": "text/event-stream" },
      });
      const { call, counted, isKeptOpen } = countingCall();
      const asking = { messages: [], stream: true, stream_options: { include_usage: false } };
      const response = await serve(ask(asking), call);
      expect(isKeptOpen()).to.equal(true);
      expect(await response.text()).to.equal(text);
      expect(counted).to.deep.equal([1n, 1n, 10n]);
      expect(asked[0]?.body.stream_options).to.deep.equal({ include_usage: true });
    });
  }

  it("when upstream fails, hands its answer on and counts nothing", async () => {
    const { serve } = upstream("overloaded", { status: 529 });
    const { call, counted } = countingCall();
    const response = await serve(ask({}), call);
    expect([response.status, await response.text(), counted]).to.deep.equal([529, "overloaded", []]);
  });

  it("when an answer takes more than the call's most, delivers it and counts no more", async () => {
    const usage = { ...USAGE, total_tokens: 101 };
    const whole = upstream(JSON.stringify({ usage }));
    const first = countingCall();
    expect(await (await whole.serve(ask({}), first.call)).json()).to.deep.equal({ usage });
    const text = `${delta("a").repeat(120)}${event({ choices: [], usage })}`;
    const streamed = upstream(streamOf(text, 50));
    const second = countingCall();
    expect(await (await streamed.serve(ask({ stream: true }), second.call)).text()).to.equal(text);
    const sum = (counted: readonly bigint[]) => counted.reduce((total, units) => total + units, 0n);
    expect([sum(first.counted), sum(second.counted)]).to.deep.equal([100n, 100n]);
  });

  it("when a body is longer than allowed, reads no more of it than that", async () => {
    const { serve, asked } = upstream("{}");
    let read = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        read += 1;
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    const options = { method: "POST", body: endless, duplex: "half" };
    const request = new Request("https://meter.example/v1/completions", options as RequestInit);
    expect((await serve(request, countingCall().call)).status).to.equal(413);
    expect(read).to.be.at.most(13);
    expect(asked).to.deep.equal([]);
  });

  it("when upstream reports no usage, throws", async () => {
    for (const body of ["{}", "no json", JSON.stringify({ usage: { total_tokens: -1 } })]) {
      const { serve } = upstream(body);
      const { call, counted } = countingCall();
      const error = await rejectionOf(serve(ask({}), call) as Promise<unknown>);
      expect([error.name, counted]).to.deep.equal(["UpstreamError", []]);
    }
  });

  it("when a request is not one of the endpoint's, refuses it", async () => {
    const { serve, asked } = upstream("{}");
    const statusOf = async (request: Request) => (await serve(request, countingCall().call)).status;
    expect(await statusOf(ask({}, "/v1/files"))).to.equal(404);
    expect(await statusOf(ask("", "/v1/embeddings", "GET"))).to.equal(404);
    expect(await statusOf(ask("[1]"))).to.equal(400);
    expect(await statusOf(ask("no json"))).to.equal(400);
    expect(await statusOf(ask("x".repeat(1_000_001)))).to.equal(413);
    expect(asked).to.deep.equal([]);
  });
});
