import { createHash } from "node:crypto";
import { type Call, type ContentStorage, encryptContent, serveContent } from "@benefit-grid/meter";
import { publishVersion } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../../grid.ts";
import { withClients } from "../../../sdk/clients.ts";

export const KEY = new Uint8Array(32).fill(7);
export const NAME = "dataset.enc";
/** Plain bytes of the first segment and of the others. */
export const FIRST = 65_536 - 16 - 40;
export const OTHER = 65_536 - 16;

/** Bytes that look random and are the same in each run. */
export function bytesOf(size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(size);
  const next = random(seed);
  for (let i = 0; i < size; i++) bytes[i] = next(256);
  return bytes;
}

/** Numbers below a bound, the same in each run. */
export function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

export function sha256(bytes: Uint8Array): `0x${string}` {
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Encrypted bytes. */
export async function encrypted(plain: Uint8Array, key = KEY): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
  const { contentHash, size } = await encryptContent({ source: plain, sink, key });
  expect([contentHash, size]).to.deep.equal([sha256(plain), plain.length]);
  return new Uint8Array(Buffer.concat(parts));
}

/** A storage with one file, which a test may replace. It notes what is read. */
export function storageOf(bytes: Uint8Array) {
  const state = { bytes, reads: [] as { start: number; end: number }[] };
  const storage: ContentStorage = {
    size: async () => state.bytes.length,
    read: async (_, range) => {
      state.reads.push(range);
      const part = state.bytes.slice(range.start, range.end);
      // Pieces of another size than segments.
      const pieces = [part.slice(0, 1_000), part.slice(1_000, 50_000), part.slice(50_000)];
      return new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      });
    },
  };
  return { state, storage };
}

/** A call that counts as the meter does. */
export function callOf(offerId = 1n, maxUnits = 1n << 40n) {
  const state = { used: 0n, isOpen: false };
  const call: Call = {
    licenseId: 1n,
    offerId,
    contexts: 1n,
    maxUnits,
    use: (units) => {
      state.used += units;
    },
    keepOpen: () => {
      state.isOpen = true;
    },
  };
  return { state, call };
}

/** Version 2 of capsule 1 is `plain`, and it is stored encrypted. */
export async function registered(plain: Uint8Array) {
  const grid = await withClients(offerFixture);
  const client = await grid.as(grid.creator);
  const contentHash = sha256(plain);
  await publishVersion(client, { capsuleId: 1n, contentHash, uri: "https://data.example" });
  const { state, storage } = storageOf(await encrypted(plain));
  const content = { client, capsuleId: 1n, storage, name: NAME, key: KEY };
  return { ...grid, client, contentHash, stored: state, content };
}

type Options = Partial<Parameters<typeof serveContent>[0]>;

/** A server of `plain`, and requests to it. */
export async function served(plain: Uint8Array, options: Options = {}, maxUnits?: bigint) {
  const given = await registered(plain);
  const serve = await serveContent({ ...given.content, ...options });
  return {
    ...given,
    serve,
    /** The answer, its body and the units counted. */
    async ask(headers: Record<string, string> = {}, { method = "GET", offerId = 1n } = {}) {
      const { state, call } = callOf(offerId, maxUnits);
      const response = await serve(new Request("https://meter.example/", { method, headers }), call);
      const body = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, body, used: state.used };
    },
  };
}

export function equal(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).to.equal(expected.length);
  expect(Buffer.compare(actual, expected)).to.equal(0);
}
