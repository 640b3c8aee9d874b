import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StorageError, s3Storage, serveContent, verifyStored } from "@benefit-grid/meter";
import { AwsClient } from "aws4fetch";
import { expect } from "chai";
import S3rver from "s3rver";
import { rejectionOf } from "../../../sdk/clients.ts";
import { bytesOf, callOf, encrypted, equal, FIRST, OTHER, registered } from "./support.ts";

const KEYS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER", region: "us-east-1" };
const BUCKET = "datasets";
const PLAIN = bytesOf(FIRST + OTHER + 7);

describe("s3Storage", () => {
  let server: S3rver;
  let endpoint = "";
  let sealed: Uint8Array;

  before(async () => {
    const directory = mkdtempSync(join(tmpdir(), "s3-"));
    const configureBuckets = [{ name: BUCKET }, { name: "private" }];
    server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory, configureBuckets });
    const { port } = await server.run();
    endpoint = `http://127.0.0.1:${port}`;
    sealed = await encrypted(PLAIN);
    for (const path of ["datasets/one.enc", "datasets/a%20folder/%C3%BC.enc", "private/one.enc"]) {
      const client = new AwsClient({ ...KEYS, service: "s3" });
      const put = await client.fetch(`${endpoint}/${path}`, { method: "PUT", body: new Uint8Array(sealed) });
      expect(put.status, path).to.equal(200);
    }
  });

  after(() => server.close());

  const storage = () => s3Storage({ endpoint, bucket: BUCKET, ...KEYS });

  it("when a name leads out of the bucket, refuses it", async () => {
    for (const name of ["../private/one.enc", "..", "", "/private/one.enc", "a/../../private/one.enc"]) {
      expect(await rejectionOf(storage().size(name)), name).to.be.instanceOf(StorageError);
    }
  });

  it("when there is no such object, or the key is unknown, says the status", async () => {
    const missing = await rejectionOf(storage().size("none.enc"));
    expect(missing).to.be.instanceOf(StorageError);
    expect(missing.message).to.contain("bucket datasets answers 404");
    // The test server compares key ids only, no signatures.
    const wrong = s3Storage({ endpoint, bucket: BUCKET, ...KEYS, accessKeyId: "OTHER" });
    const refused = await rejectionOf(wrong.read("one.enc", { start: 0, end: 1 }));
    expect(refused).to.be.instanceOf(StorageError);
    expect(refused.message).to.contain("answers 403");
  });

  it("when nothing answers, says so", async () => {
    const nowhere = s3Storage({ endpoint: "http://127.0.0.1:1", bucket: BUCKET, ...KEYS });
    const error = await rejectionOf(nowhere.size("one.enc"));
    expect(error).to.be.instanceOf(StorageError);
    expect(error.message).to.contain("does not answer");
  });

  it("when a range is read, returns its bytes, also by a name that needs encoding", async () => {
    for (const name of ["one.enc", "a folder/ü.enc"]) {
      expect(await storage().size(name)).to.equal(sealed.length);
      const body = await storage().read(name, { start: 65_000, end: 66_000 });
      equal(new Uint8Array(await new Response(body).arrayBuffer()), sealed.slice(65_000, 66_000));
    }
  });

  it("when content is served from it, checks all of it and delivers ranges", async () => {
    const { content, contentHash } = await registered(PLAIN);
    const stored = { ...content, storage: storage(), name: "one.enc" };
    expect(await verifyStored(stored)).to.include({ version: 2n, contentHash });
    const serve = await serveContent(stored);
    const { state, call } = callOf();
    const range = `bytes=${FIRST - 5}-${FIRST + OTHER}`;
    const response = await serve(new Request("https://meter.example/", { headers: { range } }), call);
    equal(new Uint8Array(await response.arrayBuffer()), PLAIN.slice(FIRST - 5, FIRST + OTHER + 1));
    expect(state.used).to.equal(BigInt(OTHER + 6));
  });
});
