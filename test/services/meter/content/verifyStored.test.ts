import { StoredContentError, serveContent, verifyStored } from "@benefit-grid/meter";
import { ContentHashMismatchError, InvalidParameterError } from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers } from "../../../grid.ts";
import { expectRevert, rejectionOf } from "../../../sdk/clients.ts";
import { bytesOf, encrypted, FIRST, OTHER, registered, sha256, storageOf } from "./support.ts";

const SIZE = FIRST + OTHER + 100;

describe("verifyStored", () => {
  it("when the capsule or the version does not exist, fails", async () => {
    const { content } = await registered(bytesOf(10));
    const noCapsule = verifyStored({ ...content, capsuleId: 9n });
    await expectRevert(noCapsule, "ERC721NonexistentToken", { tokenId: 9n });
    await expectRevert(verifyStored({ ...content, version: 3n }), "VersionNonexistent", {
      capsuleId: 1n,
      version: 3n,
    });
    expect(await rejectionOf(verifyStored({ ...content, version: 0n }))).to.be.instanceOf(
      InvalidParameterError,
    );
  });

  for (const size of [0, 1, FIRST, FIRST + 1, FIRST + OTHER, SIZE]) {
    it(`when ${size} bytes are as registered, returns version, hash and size`, async () => {
      const { content, contentHash } = await registered(bytesOf(size));
      expect(await verifyStored(content)).to.deep.equal({ version: 2n, contentHash, size });
    });
  }

  it("when the chain has another hash, names both", async () => {
    const { content } = await registered(bytesOf(SIZE));
    const error = await rejectionOf(verifyStored({ ...content, version: 1n }));
    expect(error).to.be.instanceOf(ContentHashMismatchError);
    expect(error).to.include({
      capsuleId: 1n,
      version: 1n,
      expected: ethers.sha256("0x01"),
      actual: sha256(bytesOf(SIZE)),
    });
    const serving = await rejectionOf(serveContent({ ...content, version: 1n }));
    expect(serving).to.be.instanceOf(ContentHashMismatchError);
  });

  for (const size of [0, 10, SIZE]) {
    it(`when the key of ${size} bytes is wrong, does not decrypt`, async () => {
      const { content } = await registered(bytesOf(size));
      await expectDamage({ ...content, key: new Uint8Array(32) }, 0);
    });
  }

  it("when a byte is changed anywhere, does not decrypt", async () => {
    const { content, stored } = await registered(bytesOf(SIZE));
    const intact = stored.bytes;
    const last = intact.length - 1;
    const places: Record<number, number | undefined> = {
      0: undefined,
      1: 0,
      39: 0,
      40: 0,
      65535: 0,
      65536: 1,
      131071: 1,
      [last]: 2,
    };
    for (const [place, segment] of Object.entries(places)) {
      stored.bytes = intact.slice();
      stored.bytes[Number(place)] = (intact[Number(place)] ?? 0) ^ 1;
      await expectDamage(content, segment);
    }
  });

  it("when the file is cut off at any place, does not decrypt", async () => {
    const { content, stored } = await registered(bytesOf(SIZE));
    const intact = stored.bytes;
    const cuts = [0, 39, 55, 56, 65_535, 65_536, 65_537, 65_552, 65_553, 131_072, intact.length - 1];
    for (const cut of cuts) {
      stored.bytes = intact.slice(0, cut);
      expect(await rejectionOf(verifyStored(content)), `${cut}`).to.be.instanceOf(StoredContentError);
    }
    stored.bytes = Buffer.concat([intact, new Uint8Array(1)]);
    await expectDamage(content, 2);
  });

  it("when segments are swapped, repeated or from another file, does not decrypt", async () => {
    const { content, stored } = await registered(bytesOf(FIRST + 2 * OTHER + 5));
    const parts = (bytes: Uint8Array) => [0, 1, 2, 3].map((i) => bytes.slice(i * 65_536, (i + 1) * 65_536));
    const [a = NOTHING, b = NOTHING, c = NOTHING, d = NOTHING] = parts(stored.bytes);
    const other = parts(await encrypted(bytesOf(FIRST + 2 * OTHER + 5)))[1] ?? NOTHING;
    for (const order of [
      [a, c, b, d],
      [a, b, b, d],
      [a, other, c, d],
    ]) {
      stored.bytes = Buffer.concat(order);
      await expectDamage(content, order[1] === b ? 2 : 1);
    }
    // Without the last segment, or without one before it, the last is not where it was.
    stored.bytes = Buffer.concat([a, b, c]);
    await expectDamage(content, 2);
    stored.bytes = Buffer.concat([a, b, d]);
    await expectDamage(content, 2);
  });

  it("when the storage returns fewer bytes than it said, does not accept them", async () => {
    const { content, stored } = await registered(bytesOf(SIZE));
    const { storage } = storageOf(stored.bytes.slice(0, 131_072));
    const short = { ...storage, size: async () => stored.bytes.length };
    await expectDamage({ ...content, storage: short }, 2);
  });
});

const NOTHING = new Uint8Array();

async function expectDamage(content: Parameters<typeof verifyStored>[0], segment: number | undefined) {
  const error = await rejectionOf(verifyStored(content));
  expect(error, error.stack).to.be.instanceOf(StoredContentError);
  expect([(error as StoredContentError).file, (error as StoredContentError).segment]).to.deep.equal([
    content.name,
    segment,
  ]);
}
