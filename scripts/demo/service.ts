import type { AddressInfo } from "node:net";
import {
  authorizeUse,
  type Client,
  getConditions,
  getLicense,
  getOffer,
  getUsage,
  type SignedVoucher,
} from "@benefit-grid/sdk";
import {
  createMeter,
  createVoucherVerifier,
  type Implementation,
  type Meter,
  type VoucherBatch,
} from "@benefit-grid/sdk/meter";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Catalog } from "./catalog.ts";
import type { AskRequest, AskResponse, VoucherDue } from "./protocol.ts";
import { QuestionError, type Retrieval } from "./retrieval.ts";

const MAX_BODY_BYTES = 16_384;
const MAX_BATCH_ROWS = 128;

export type Service = {
  readonly endpoint: string;
  /** Who does the arithmetic of voucher checks. */
  readonly implementation: Implementation;
  /** The vouchers that wait to be settled. */
  readonly batches: () => VoucherBatch[];
  readonly close: () => Promise<void>;
};

/** A request that gets no service, with its HTTP status. */
class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: 400 | 403;

  constructor(status: RefusedError["status"], message: string) {
    super(message);
    this.status = status;
  }
}

type Desk = {
  client: Client;
  meterId: bigint;
  meter: Meter;
  retrieval: Retrieval;
  used: Map<bigint, bigint>;
};

/** Serves answers over HTTP on loopback: no answer leaves without a voucher that pays for it. */
export async function startService({ operator, meterId }: Catalog, retrieval: Retrieval): Promise<Service> {
  const { client } = operator;
  const { verify, implementation } = await createVoucherVerifier({
    chainId: client.chainId,
    ledger: client.addresses.UsageLedger,
  });
  const meter = createMeter({ verify });
  const app = createApp({ client, meterId, meter, retrieval, used: new Map() });
  const { server, port } = await listen(app);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    implementation,
    batches: () => meter.batch(MAX_BATCH_ROWS),
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
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
  const accepted = desk.meter.accept({ licenseId, contexts, ...voucher });
  if (!accepted.ok) throw new RefusedError(403, `The voucher is refused: ${accepted.reason}.`);
  desk.used.set(licenseId, due);
  return { text, citations, answerUnits: units.toString() };
}

/** Asks the chain whether the license's signer may use the service now, and tells the meter what it needs to know. */
async function admit(
  { client, meterId, meter, used }: Desk,
  licenseId: bigint,
  contexts: bigint,
): Promise<void> {
  const license = await getLicense(client, { licenseId }).catch(() => undefined);
  if (!license) throw new RefusedError(403, `There is no license ${licenseId}.`);
  const { offerId, prepaid } = license;
  const user = license.nextSigner?.signer ?? license.signer;
  const access = await authorizeUse(client, { licenseId, user, contexts });
  if (access !== "Allowed") throw new RefusedError(403, `License ${licenseId} may not be used: ${access}.`);
  const [offer, settled] = await Promise.all([
    getOffer(client, { offerId }),
    getUsage(client, { licenseId }),
  ]);
  if (offer.meterId !== meterId)
    throw new RefusedError(403, `License ${licenseId} is for meter ${offer.meterId}.`);
  if (settled.commitment) throw new RefusedError(403, `License ${licenseId} is used privately.`);
  const { contexts: allowed } = await getConditions(client, { termsId: offer.termsId });
  const admitted = meter.admit({ licenseId, offerId, signer: user, prepaid, allowed, ...settled });
  if (!admitted) throw new RefusedError(403, `License ${licenseId} waits for its old signer's last voucher.`);
  if (!used.has(licenseId)) used.set(licenseId, settled.units);
}

type ParsedRequest = {
  licenseId: bigint;
  contexts: bigint;
  question: string;
  voucher?: Pick<SignedVoucher, "units" | "signature">;
};

function readRequest(body: unknown): ParsedRequest {
  const { licenseId, contexts, question, voucher } = (body ?? {}) as Partial<AskRequest>;
  return {
    licenseId: readUint("licenseId", licenseId, 64),
    contexts: readUint("contexts", contexts, 32),
    question: question as string,
    ...(voucher !== undefined && { voucher: readVoucher(voucher) }),
  };
}

function readVoucher(voucher: AskRequest["voucher"]): ParsedRequest["voucher"] {
  const { units, signature } = voucher ?? {};
  if (typeof signature !== "string" || !/^0x[0-9a-fA-F]{130}$/.test(signature)) {
    throw new RefusedError(400, "`voucher.signature` needs to be 65 bytes in hexadecimal.");
  }
  return { units: readUint("voucher.units", units, 64), signature: signature as `0x${string}` };
}

function readUint(name: string, value: unknown, bits: number): bigint {
  const isDecimal = typeof value === "string" && /^\d{1,20}$/.test(value);
  if (!isDecimal || BigInt(value) >> BigInt(bits) !== 0n) {
    throw new RefusedError(400, `\`${name}\` needs to be a decimal text of at most ${bits} bits.`);
  }
  return BigInt(value);
}
