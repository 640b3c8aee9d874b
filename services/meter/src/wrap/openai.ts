import { createParser } from "eventsource-parser";
import { UpstreamError } from "../errors.ts";
import type { Call, ServeResponse } from "../serve.ts";
import { readText } from "./readText.ts";

export type ServeOpenAiParameters = {
  /** Base address of the OpenAI-compatible endpoint, such as "http://127.0.0.1:8000/v1". */
  readonly upstream: string;
  /** Sent upstream instead of the customer's. @default none */
  readonly apiKey?: string;
  /** Tokens of one answer, at most. Customers may ask for fewer. */
  readonly maxAnswerTokens: number;
  /** Bytes of a request's body, at most. @default 1,000,000 */
  readonly maxBytes?: number;
  /** Metered units of an answer. @default its total tokens */
  readonly units?: (usage: Usage) => bigint;
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch;
};

/** Tokens of an answer, as OpenAI-compatible endpoints report them. */
export type Usage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
};

const PATHS = ["/chat/completions", "/completions", "/embeddings"];
const HEADERS = ["content-type", "cache-control"];

/**
 * Serves an OpenAI-compatible endpoint: chat completions, completions and embeddings. Their `usage` becomes metered
 * units, up to the call's `maxUnits`: choose it above the longest prompt and answer. A stream reports its usage at the
 * end. Until then each event counts as one unit, so a customer that leaves early owes about the tokens it got.
 *
 * @example
 * ```ts
 * const serve = serveOpenAi({ upstream: "http://127.0.0.1:8000/v1", maxAnswerTokens: 2_000 });
 * ```
 */
export function serveOpenAi(parameters: ServeOpenAiParameters): ServeResponse {
  const { maxBytes = 1_000_000 } = parameters;
  return async (request, call) => {
    const path = PATHS.find((one) => new URL(request.url).pathname.endsWith(one));
    if (!path || request.method !== "POST") return problem(404, `There is only POST ${PATHS.join(", ")}.`);
    const body = await readText(request, maxBytes);
    if (body === undefined) return problem(413, `The request has more than ${maxBytes} bytes.`);
    const asked = parseObject(body);
    if (!asked) return problem(400, "The request is not a JSON object.");
    const answer = await ask(parameters, path, withLimits(asked, path, parameters.maxAnswerTokens));
    if (!answer.ok) return copy(answer, answer.body);
    return asked.stream === true ? stream(answer, call, parameters) : await whole(answer, call, parameters);
  };
}

type Json = Record<string, unknown>;

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** The customer may set fewer tokens and one answer. It must not switch off what is counted. */
function withLimits(asked: Json, path: string, most: number): Json {
  if (path === "/embeddings") return asked;
  const names = ["max_tokens", "max_completion_tokens"].filter((name) => asked[name] !== undefined);
  const limited = (names.length > 0 ? names : ["max_tokens"]).map((name) => [
    name,
    atMost(asked[name], most),
  ]);
  const counted = asked.stream === true ? { stream_options: { include_usage: true } } : {};
  return { ...asked, ...Object.fromEntries(limited), ...counted, n: 1 };
}

function atMost(value: unknown, most: number): number {
  return typeof value === "number" && value > 0 && value < most ? value : most;
}

async function ask(parameters: ServeOpenAiParameters, path: string, body: Json): Promise<Response> {
  const { upstream, apiKey, fetch = globalThis.fetch } = parameters;
  const headers = {
    "content-type": "application/json",
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
  };
  return await fetch(`${upstream}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function whole(answer: Response, call: Call, parameters: ServeOpenAiParameters): Promise<Response> {
  const text = await answer.text();
  call.use(unitsOf(parseObject(text)?.usage, call, parameters));
  return copy(answer, text);
}

function stream(answer: Response, call: Call, parameters: ServeOpenAiParameters): Response {
  if (!answer.body) throw new UpstreamError("answered without a body");
  call.keepOpen();
  let counted = 0n;
  const decoder = new TextDecoder();
  const events = createParser({ onEvent: ({ data }) => count(data) });
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      events.feed(decoder.decode(chunk, { stream: true }));
      controller.enqueue(chunk);
    },
  });

  function count(data: string): void {
    const event = parseObject(data);
    if (!event) return;
    const total = event.usage ? unitsOf(event.usage, call, parameters) : counted + 1n;
    if (total <= counted || total > call.maxUnits) return;
    call.use(total - counted);
    counted = total;
  }

  return copy(answer, answer.body.pipeThrough(counter));
}

/** An answer that was made is delivered. Units above the call's most are the operator's loss. */
function unitsOf(usage: unknown, { maxUnits }: Call, { units = totalOf }: ServeOpenAiParameters): bigint {
  const { total_tokens: total } = (usage ?? {}) as Partial<Usage>;
  if (!Number.isSafeInteger(total) || (total as number) < 0) throw new UpstreamError("reported no `usage`");
  const due = units(usage as Usage);
  return due < maxUnits ? due : maxUnits;
}

function totalOf({ total_tokens }: Usage): bigint {
  return BigInt(total_tokens);
}

/** Upstream's other headers may name its host or its account. */
function copy(answer: Response, body: BodyInit | null): Response {
  const kept = HEADERS.flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  return new Response(body, { status: answer.status, headers: kept });
}

function problem(status: number, message: string): Response {
  return Response.json({ error: { message, type: "invalid_request_error" } }, { status });
}
