import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { getVersion, hashContent, publishVersion, verifyContent } from "@benefit-grid/sdk";
import { buildManifest } from "@benefit-grid/sdk/manifests";
import { expect } from "chai";
import { ethers, offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const CONTENT = new TextEncoder().encode("some content");

describe("hashContent", () => {
  it("when given bytes, an iterable or a stream, is their SHA-256", async () => {
    const parts = [CONTENT.slice(0, 4), CONTENT.slice(4)];
    const expected = ethers.sha256(CONTENT);
    expect(await hashContent(CONTENT)).to.equal(expected);
    expect(await hashContent(Readable.from(parts))).to.equal(expected);
    expect(await hashContent(new Blob(parts).stream())).to.equal(expected);
    expect(await hashContent(new Uint8Array())).to.equal(ethers.sha256("0x"));
  });

  it("when given a file or a buffer, is the SHA-256 of its bytes", async () => {
    const expected = ethers.sha256(CONTENT);
    expect(await hashContent(new Blob([CONTENT]))).to.equal(expected);
    expect(await hashContent(new File([CONTENT], "name"))).to.equal(expected);
    expect(await hashContent(Uint8Array.from(CONTENT).buffer)).to.equal(expected);
  });

  it("when given anything else, hashes nothing", async () => {
    async function* texts() {
      yield "some content";
    }
    const others = ["text", "", undefined, null, 5, {}, ["a"], [CONTENT], new Uint16Array(2), texts()];
    for (const other of others) await expectInvalid(hashContent(other as never), "content");
    await expectInvalid(buildManifest([{ path: "a", content: "text" as never }]), "content");
  });

  it("when a stream writes its parts into one buffer, hashes each part", async () => {
    const buffer = new Uint8Array(1);
    async function* parts() {
      for (const byte of CONTENT) {
        buffer[0] = byte;
        yield buffer;
      }
    }
    expect(await hashContent(parts())).to.equal(ethers.sha256(CONTENT));
  });

  it("when given a Node stream of a file, is the file's SHA-256", async () => {
    const hash = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
    expect(await hashContent(createReadStream("package-lock.json"))).to.equal(`0x${hash}`);
  });

  it("when a stream is larger than memory, holds one piece at a time", async () => {
    const SIZE = 512 * 2 ** 20;
    const PIECE = 2 ** 20;
    let most = 0;
    async function* zeros() {
      for (let sent = 0; sent < SIZE; sent += PIECE) {
        yield new Uint8Array(PIECE);
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        most = Math.max(most, arrayBuffers + heapUsed);
      }
    }
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    // sha256sum of 512 MiB of zeros.
    expect(await hashContent(zeros())).to.equal(
      "0x9acca8e8c22201155389f65abbf6bc9723edc7384ead80503839f49dcc56d767",
    );
    expect(most - arrayBuffers - heapUsed).to.be.lessThan(SIZE / 4);
  });
});

describe("verifyContent", () => {
  it("when the capsule does not exist, reverts", async () => {
    const { as, stranger } = await withClients(offerFixture);
    const verifying = verifyContent(await as(stranger), { capsuleId: 5n, content: CONTENT });
    await expectRevert(verifying, "ERC721NonexistentToken", { tokenId: 5n });
  });

  it("when several versions have the content, tells the newest", async () => {
    const { as, creator } = await withClients(offerFixture);
    const client = await as(creator);
    const contentHash = await hashContent(CONTENT);
    const other = await hashContent(new Uint8Array([2]));
    for (const hash of [contentHash, contentHash, other]) {
      await publishVersion(client, { capsuleId: 1n, contentHash: hash, uri: "" });
    }
    const verified = await verifyContent(client, { capsuleId: 1n, content: CONTENT });
    expect(verified).to.deep.equal({ contentHash, version: 3n });
  });

  it("when no version has the content, tells its hash and no version", async () => {
    const { as, stranger } = await withClients(offerFixture);
    const verified = await verifyContent(await as(stranger), { capsuleId: 1n, content: CONTENT });
    expect(verified).to.deep.equal({ contentHash: ethers.sha256(CONTENT), version: undefined });
  });
});

describe("getVersion", () => {
  it("when there is none, reverts", async () => {
    const { as, stranger } = await withClients(offerFixture);
    const reading = getVersion(await as(stranger), { capsuleId: 1n, version: 2n });
    await expectRevert(reading, "VersionNonexistent", { capsuleId: 1n, version: 2n });
  });
});
