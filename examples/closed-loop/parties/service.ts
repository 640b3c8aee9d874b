import type { AddressInfo } from "node:net";
import {
  authorizeUse,
  type Client,
  getConditions,
  getLicense,
  getOffer,
  getUsage,
  type Opening,
} from "@benefit-grid/sdk";
import {
  type Books,
  createBooks,
  createVoucherVerifier,
  type Implementation,
  type MeteredLicense,
  type PrivateVoucherBatch,
} from "@benefit-grid/sdk/meter";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { QuestionError, type Retrieval } from "../answers/retrieval.ts";
import type { Catalog } from "./catalog.ts";
import type { AskResponse, VoucherDue } from "./protocol.ts";
import { type ParsedRequest, RefusedError, readRequest } from "./request.ts";

const MAX_BODY_BYTES = 16_384;
/** Room of the smallest circuit. The report warns of lone rows. */
const BATCH = { maxRows: 16, maxOffers: 4, allowLone: true };

export type Service = {
  readonly endpoint: string;
  /** Code of the signature checks: native or JavaScript. */
  readonly implementation: Implementation;
  /** Vouchers to settle, with the openings of their usage words. */
  readonly batch: () => PrivateVoucherBatch[];
  /** Marks a batch as settled. */
  readonly settled: (batch: readonly PrivateVoucherBatch[]) => void;
  /** The meter's own knowledge: openings of settled usage words, and the questions. */
  readonly books: () => { openings: Map<bigint, Opening>; texts: string[] };
  readonly close: () => Promise<void>;
};

type Settled = Pick<MeteredLicense, "units" | "contexts" | "salt">;

type Desk = {
  client: Client;
  meterId: bigint;
  books: Books;
  retrieval: Retrieval;
  /** Units answered so far, by license. */
  used: Map<bigint, bigint>;
  /** Answered questions. */
  texts: string[];
};

/** Serves answers over HTTP on loopback, each only against a voucher for its price. */
export async function startService({ operator, meterId }: Catalog, retrieval: Retrieval): Promise<Service> {
  const { client } = operator;
  const { verify, implementation } = await createVoucherVerifier({
    chainId: client.chainId,
    ledger: client.addresses.UsageLedger,
  });
  const books = createBooks({ verify });
  const desk: Desk = { client, meterId, books, retrieval, used: new Map(), texts: [] };
  const { server, port } = await listen(createApp(desk));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    implementation,
    batch: () => books.privateBatch(BATCH),
    settled: books.markSettled,
    books: () => booksOf(desk),
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

function booksOf({ books, used, texts }: Desk): ReturnType<Service["books"]> {
  const openings = [...used.keys()].flatMap((licenseId) => {
    const opening = books.openingOf(licenseId);
    return opening ? [[licenseId, opening] as const] : [];
  });
  return { openings: new Map(openings), texts: [...texts] };
}

function createApp(desk: Desk): Hono {
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => c.json({ error: "The request is too long." }, 413),
    }),
  );
  app.post("/ask", async (c) => {
    const answer = await serveAnswer(desk, readRequest(await c.req.json().catch(() => undefined)));
    return "units" in answer ? c.json(answer, 402) : c.json(answer, 200);
  });
  app.notFound((c) => c.json({ error: "There is only POST /ask." }, 404));
  app.onError((error, c) => {
    if (error instanceof RefusedError) return c.json({ error: error.message }, error.status);
    if (error instanceof QuestionError) return c.json({ error: error.message }, 400);
    console.error(error);
    return c.json({ error: "The service failed. Nothing was counted." }, 500);
  });
  return app;
}

function listen(app: Hono): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) =>
      resolve({ server, port }),
    );
    server.on("error", reject);
  });
}

async function serveAnswer(desk: Desk, request: ParsedRequest): Promise<VoucherDue | AskResponse> {
  const { licenseId, contexts, question, voucher } = request;
  await admit(desk, licenseId, contexts);
  const { text, citations, units } = desk.retrieval.answer(question);
  const due = (desk.used.get(licenseId) ?? 0n) + BigInt(units);
  if (voucher?.units !== due) return { units: due.toString(), answerUnits: units.toString() };
  const accepted = desk.books.accept({ licenseId, contexts, ...voucher });
  if (!accepted.ok) throw new RefusedError(403, `The voucher is refused: ${accepted.reason}.`);
  desk.used.set(licenseId, due);
  desk.texts.push(question);
  return { text, citations, answerUnits: units.toString() };
}

/** Asks the chain whether the license's signer may use the service now, and admits the license at the meter. */
async function admit(desk: Desk, licenseId: bigint, contexts: bigint): Promise<void> {
  const { client, meterId, books, used } = desk;
  const license = await getLicense(client, { licenseId }).catch(() => undefined);
  if (!license) throw new RefusedError(403, `There is no license ${licenseId}.`);
  const { offerId, prepaid, settleBy } = license;
  const signer = license.nextSigner?.signer ?? license.signer;
  const access = await authorizeUse(client, { licenseId, user: signer, contexts });
  if (access !== "Allowed") throw new RefusedError(403, `License ${licenseId} may not be used: ${access}.`);
  const { mode, termsId, ...offer } = await getOffer(client, { offerId });
  if (offer.meterId !== meterId)
    throw new RefusedError(403, `License ${licenseId} is for meter ${offer.meterId}.`);
  const { contexts: allowed } = await getConditions(client, { termsId });
  const settled = await settledOf(desk, licenseId);
  const admitted = books.admit({ licenseId, offerId, signer, settleBy, prepaid, allowed, mode, ...settled });
  if (!admitted) throw new RefusedError(403, `License ${licenseId} waits for its old signer's last voucher.`);
  if (!used.has(licenseId)) used.set(licenseId, settled.units);
}

/** The settled count: the chain has a commitment, and only the meter's books have its opening. */
async function settledOf({ client, books }: Desk, licenseId: bigint): Promise<Settled> {
  const { commitment: usage } = await getUsage(client, { licenseId });
  if (!usage) return { units: 0n, contexts: 0n };
  const opening = books.recall(licenseId, usage) && books.openingOf(licenseId);
  if (opening) return opening;
  throw new RefusedError(403, `The meter cannot open what is settled of license ${licenseId}.`);
}
