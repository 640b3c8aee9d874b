import { createReadStream, createWriteStream, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { encryptContent } from "@benefit-grid/meter";
import type { Content } from "@benefit-grid/sdk";
import { expect } from "chai";
import { expectInvalid, rejectionOf } from "../../../sdk/clients.ts";
import { bytesOf, encrypted, equal, FIRST, KEY, OTHER, sha256 } from "./support.ts";

describe("encryptContent", () => {
  it("when the key has not 32 bytes, refuses it", async () => {
    await expectInvalid(encrypted(bytesOf(1), new Uint8Array(16)), "key");
  });

  for (const size of [0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + OTHER, FIRST + OTHER + 1]) {
    it(`when the content has ${size} bytes, follows the specification of Tink`, async () => {
      const plain = bytesOf(size);
      equal(await decryptAsSpecified(await encrypted(plain)), plain);
    });
  }

  it("when the source is a Blob, encrypts its bytes; when it is text, refuses it", async () => {
    const plain = bytesOf(FIRST + 1);
    const seal = async (source: Content) => {
      const parts: Uint8Array[] = [];
      const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
      await encryptContent({ source, sink, key: KEY });
      return Buffer.concat(parts);
    };
    equal(await decryptAsSpecified(await seal(new Blob([plain]))), plain);
    await expectInvalid(seal("text" as unknown as Content), "content");
  });

  it("when it encrypts twice, no bytes are the same", async () => {
    const [one, two] = await Promise.all([encrypted(bytesOf(64)), encrypted(bytesOf(64))]);
    expect(Buffer.compare(one, two)).to.not.equal(0);
    expect(Buffer.from(one).includes(Buffer.from(bytesOf(8)))).to.equal(false);
  });

  it("when a file is encrypted to a file, returns the hash of the plain bytes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "content-"));
    const plain = bytesOf(200_000);
    writeFileSync(join(folder, "plain"), plain);
    const sink = Writable.toWeb(createWriteStream(join(folder, "sealed")));
    const source = createReadStream(join(folder, "plain"));
    const result = await encryptContent({ source, sink, key: KEY });
    expect(result).to.deep.equal({ contentHash: sha256(plain), size: 200_000 });
    equal(await decryptAsSpecified(readFileSync(join(folder, "sealed"))), plain);
  });

  it("when a source writes its parts into one buffer, encrypts each part", async () => {
    const buffer = new Uint8Array(1_000);
    async function* source() {
      for (let i = 0; i < 100; i++) yield buffer.fill(i);
    }
    const parts: Uint8Array[] = [];
    const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
    await encryptContent({ source: source(), sink, key: KEY });
    const expected = Buffer.concat(Array.from({ length: 100 }, (_, i) => new Uint8Array(1_000).fill(i)));
    equal(await decryptAsSpecified(Buffer.concat(parts)), expected);
  });

  it("when the source fails, aborts the sink", async () => {
    async function* source() {
      yield bytesOf(10);
      throw new Error("The disk is gone.");
    }
    let reason: unknown;
    const sink = new WritableStream<Uint8Array>({
      abort: (error) => {
        reason = error;
      },
    });
    const error = await rejectionOf(encryptContent({ source: source(), sink, key: KEY }));
    expect(error.message).to.equal("The disk is gone.");
    expect(reason).to.equal(error);
  });
});

/** AES-GCM-HKDF streaming by the text of its specification, on another implementation of the primitives. */
async function decryptAsSpecified(stored: Uint8Array): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  const input = await subtle.importKey("raw", KEY, "HKDF", false, ["deriveKey"]);
  expect(stored[0]).to.equal(40);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: stored.slice(1, 33), info: new Uint8Array() };
  const key = await subtle.deriveKey(hkdf, input, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const count = Math.max(Math.ceil(stored.length / 65_536), 1);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const isLast = i === count - 1;
    const segment = stored.slice(i === 0 ? 40 : i * 65_536, (i + 1) * 65_536);
    const iv = Uint8Array.of(...stored.slice(33, 40), 0, 0, 0, i, isLast ? 1 : 0);
    parts.push(new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, key, segment)));
  }
  return Buffer.concat(parts);
}
