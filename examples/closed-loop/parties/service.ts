import type { AddressInfo } from "node:net";
import { type Call, createMeter, type Meter, type Store, sqliteStore } from "@benefit-grid/meter";
import type { Opening } from "@benefit-grid/sdk";
import { createVoucherVerifier, type Implementation } from "@benefit-grid/sdk/meter";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type Citation, QuestionError, type Retrieval } from "../answers/retrieval.ts";
import type { Catalog } from "./catalog.ts";

/** Most tokens of a question and its answer. A license needs as many units left to ask. */
export const MAX_ANSWER_UNITS = 400n;

const MAX_BODY_BYTES = 16_384;
/** Pause between the meter's looks at the chain, milliseconds. A top-up counts after the next look. */
const LOOK_EVERY = 500;

/** The service's JSON. The meter's count is in a header. */
export type Reply = { readonly text: string; readonly citations: readonly Citation[] };

export type Service = {
  readonly endpoint: string;
  /** Code of the signature checks: native or JavaScript. */
  readonly implementation: Implementation;
  readonly offerIds: readonly bigint[];
  /** The meter's accounts and vouchers. */
  readonly store: Store;
  /** The meter's own knowledge: openings of settled usage words, and the questions. */
  readonly books: () => Promise<Books>;
  /** The passages cited by its answers so far. The curator of the corpus asks for them. */
  readonly cited: () => readonly Citation[];
  readonly close: () => Promise<void>;
};

type Books = { readonly openings: Map<bigint, Opening>; readonly texts: readonly string[] };

/** Serves answers over HTTP on loopback: `POST /ask` with the question as text, paid by a license's vouchers. */
export async function startService(
  { operator: { client }, offerIds }: Pick<Catalog, "operator" | "offerIds">,
  retrieval: Retrieval,
): Promise<Service> {
  const { chainId, addresses } = client;
  const verifier = await createVoucherVerifier({ chainId, ledger: addresses.UsageLedger });
  const store = await sqliteStore(":memory:");
  const desk = createDesk(retrieval);
  const meter = await createMeter({
    client,
    store,
    offers: offerIds,
    verifier,
    maxUnits: MAX_ANSWER_UNITS,
    interval: LOOK_EVERY,
    serve: desk.serve,
    onError: console.error,
  });
  const { server, port } = await listen(mount(meter));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    implementation: verifier.implementation,
    offerIds,
    store,
    books: async () => ({ openings: await openingsOf(store, desk.licenseIds), texts: [...desk.texts] }),
    cited: () => [...desk.cited],
    close: async () => {
      await new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
      await meter.close();
      await store.close();
    },
  };
}

/** Answers questions, and remembers them. GET and HEAD ask nothing and are free. */
function createDesk(retrieval: Retrieval) {
  const licenseIds = new Set<bigint>();
  const texts: string[] = [];
  const cited: Citation[] = [];

  async function answer(request: Request, call: Call): Promise<Response> {
    const question = await request.text();
    const { text, citations, units } = retrieval.answer(question);
    if (BigInt(units) > MAX_ANSWER_UNITS) {
      return refuse(413, `Question and answer have ${units} tokens, more than ${MAX_ANSWER_UNITS}.`);
    }
    call.use(BigInt(units));
    licenseIds.add(call.licenseId);
    texts.push(question);
    cited.push(...citations);
    return Response.json({ text, citations } satisfies Reply);
  }

  return {
    licenseIds,
    texts,
    cited,
    serve: async (request: Request, call: Call): Promise<Response> => {
      if (request.method !== "POST") return new Response(null, { status: 204 });
      return await answer(request, call).catch((error) => {
        if (error instanceof QuestionError) return refuse(400, error.message);
        throw error;
      });
    },
  };
}

function mount(meter: Meter): Hono {
  const app = new Hono();
  const onError = () => refuse(413, "The request is too long.");
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError }));
  // Hono handles HEAD as GET.
  app.on(["POST", "GET"], "/ask", (c) => meter.fetch(c.req.raw));
  app.notFound(() => refuse(404, "There is only POST /ask."));
  return app;
}

/** Nothing is counted. In the meter's format, problem details (RFC 9457). */
function refuse(status: number, detail: string): Response {
  return Response.json(
    { status, detail },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}

function listen(app: Hono): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) =>
      resolve({ server, port }),
    );
    server.on("error", reject);
  });
}

async function openingsOf(store: Store, licenseIds: Iterable<bigint>): Promise<Map<bigint, Opening>> {
  const openings = new Map<bigint, Opening>();
  for (const licenseId of licenseIds) {
    const settled = (await store.account(licenseId))?.settled;
    // Unsettled accounts have no salt.
    if (settled?.salt !== undefined) openings.set(licenseId, { ...settled, salt: settled.salt });
  }
  return openings;
}
