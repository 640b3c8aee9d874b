import { hashContent, type Piece } from "@benefit-grid/sdk";
import {
  buildManifest,
  formatManifest,
  parseManifest,
  proveInclusion,
  verifyInclusion,
} from "@benefit-grid/sdk/manifests";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { concat, id, keccak256 } from "ethers";
import { expectInvalid, rejectionOf } from "../clients.ts";

const ENCODING = ["string", "bytes32", "uint64", "uint64", "uint32"];
const dataset = { capsuleId: 7n, version: 2n };

function piece(path: string, more: Partial<Piece> = {}): Piece {
  const { contentHash = id(path) as `0x${string}` } = more;
  return { path, size: 3n, ...more, contentHash };
}

function standardRoot(pieces: readonly Piece[]) {
  const rows = pieces.map(({ path, contentHash, size, dataset }) => [
    path,
    contentHash,
    size,
    dataset?.capsuleId ?? 0n,
    dataset?.version ?? 0n,
  ]);
  return StandardMerkleTree.of(rows, ENCODING).root;
}

describe("buildManifest", () => {
  it("when there are no pieces, a path twice or a malformed piece, names it", async () => {
    await expectInvalid(buildManifest([]), "pieces");
    await expectInvalid(buildManifest([piece("b"), piece("a"), piece("b", { size: 9n })]), "pieces");
    await expectInvalid(buildManifest([piece("")]), 'pieces[""].path');
    await expectInvalid(buildManifest([piece("\ud800", { contentHash: HASH })]), 'pieces["\\ud800"].path');
    await expectInvalid(buildManifest([piece("a", { size: 1n << 64n })]), 'pieces["a"].size');
    await expectInvalid(buildManifest([piece("a", { contentHash: "0x12" })]), 'pieces["a"].contentHash');
    const zero = { dataset: { capsuleId: 0n, version: 1n } };
    await expectInvalid(buildManifest([piece("a", zero)]), 'pieces["a"].dataset.capsuleId');
  });

  it("has the root of a standard tree, whatever the number, order and texts of the pieces", async () => {
    const paths = [
      "a",
      "b/ü",
      "x".repeat(31),
      "y".repeat(32),
      "z".repeat(33),
      "😀",
      '"\n\\',
      "w".repeat(500),
    ];
    for (let count = 1; count <= paths.length; count++) {
      const more = { dataset, size: 2n ** 64n - 1n };
      const pieces = paths.slice(0, count).map((path, i) => piece(path, i % 2 ? more : {}));
      const { root } = await buildManifest(pieces);
      expect(root).to.equal(standardRoot(pieces));
      expect((await buildManifest([...pieces].reverse())).root).to.equal(root);
    }
  });

  it("hashes contents of streams, and takes pieces from an async iterable", async () => {
    const bytes = new TextEncoder().encode("content");
    async function* pieces() {
      yield { path: "stream", content: new Blob([bytes]).stream() };
      yield { path: "bytes", content: bytes, dataset };
    }
    const contentHash = await hashContent(bytes);
    const { pieces: built } = await buildManifest(pieces());
    expect(built).to.deep.equal([
      { path: "bytes", contentHash, size: 7n, dataset },
      { path: "stream", contentHash, size: 7n },
    ]);
  });

  it("when two pieces have the same content, has both", async () => {
    const contentHash = id("same") as `0x${string}`;
    const manifest = await buildManifest([piece("a", { contentHash }), piece("b", { contentHash })]);
    for (const path of ["a", "b"])
      expect(await verifyInclusion({ ...manifest, ...(await proveInclusion(manifest, { path })) })).to.equal(
        true,
      );
  });

  it("when there are 100,000 pieces, proves each by 17 hashes at most", async () => {
    const pieces = Array.from({ length: 100_000 }, (_, i) => piece(`faces/${i}.png`, { contentHash: HASH }));
    const manifest = await buildManifest(pieces);
    for (const i of [0, 65_535, 99_999]) {
      const proof = await proveInclusion(manifest, { path: `faces/${i}.png` });
      expect(proof.proof.length).to.be.within(16, 17);
      expect(await verifyInclusion({ root: manifest.root, ...proof })).to.equal(true);
    }
  });
});

const HASH = `0x${"ab".repeat(32)}` as const;

describe("proveInclusion", () => {
  it("when the path is not in the manifest, names it", async () => {
    const manifest = await buildManifest([piece("a")]);
    await expectInvalid(proveInclusion(manifest, { path: "b" }), "path");
  });

  it("when there is one piece, needs no hashes", async () => {
    const manifest = await buildManifest([piece("a")]);
    expect(await proveInclusion(manifest, { path: "a" })).to.deep.equal({ piece: piece("a"), proof: [] });
  });
});

describe("verifyInclusion", () => {
  it("when a part is malformed, names it", async () => {
    await expectInvalid(verifyInclusion({ root: "0x12", piece: piece("a"), proof: [] }), "root");
    await expectInvalid(verifyInclusion({ root: HASH, piece: piece("a"), proof: [HASH, "0x"] }), "proof[1]");
    await expectInvalid(verifyInclusion({ root: HASH, piece: piece(""), proof: [] }), "piece.path");
  });

  it("when piece, proof or root is changed, is false", async () => {
    const manifest = await buildManifest(["a", "b", "c", "d", "e"].map((path) => piece(path, { dataset })));
    const { root } = manifest;
    const { proof, piece: proven } = await proveInclusion(manifest, { path: "c" });
    expect(await verifyInclusion({ root, piece: proven, proof })).to.equal(true);
    const changed = [
      { path: "C" },
      { size: 4n },
      { contentHash: HASH },
      { dataset: { ...dataset, capsuleId: 8n } },
      { dataset: { ...dataset, version: 3n } },
    ];
    for (const change of changed)
      expect(await verifyInclusion({ root, piece: { ...proven, ...change }, proof })).to.equal(false);
    for (const other of [[], proof.slice(1), [...proof, HASH], [...proof].reverse()])
      expect(await verifyInclusion({ root, piece: proven, proof: other })).to.equal(false);
    expect(await verifyInclusion({ root: HASH, piece: proven, proof })).to.equal(false);
  });

  it("when an inner node is given as a piece, is false: leaves are hashed twice", async () => {
    const manifest = await buildManifest([piece("a"), piece("b")]);
    const { tree, root } = manifest;
    const leaves = [...tree.entries()].map(([, leaf]) => leaf as string).sort();
    expect(keccak256(concat(leaves))).to.equal(root);
    const forged = piece(concat(leaves), { contentHash: leaves[0] as `0x${string}` });
    expect(await verifyInclusion({ root, piece: forged, proof: [] })).to.equal(false);
  });
});

describe("formatManifest and parseManifest", () => {
  const LINE = `{"contentHash":"${HASH}","path":"a","size":"3"}`;
  const LINES = [
    `{"capsuleId":"7","contentHash":"${HASH}","path":"B","size":"0","version":"2"}`,
    `{"contentHash":"${HASH}","path":"a\\n","size":"18446744073709551615"}`,
  ];

  it("write canonical lines in order, and read them to the same manifest", async () => {
    const contentHash = HASH;
    const large = piece("a\n", { contentHash, size: 2n ** 64n - 1n });
    const manifest = await buildManifest([large, piece("B", { contentHash, size: 0n, dataset })]);
    const text = formatManifest(manifest);
    expect(text).to.equal(`${LINES.join("\n")}\n`);
    const { root, pieces } = await parseManifest(text);
    expect({ root, pieces }).to.deep.equal({ root: manifest.root, pieces: manifest.pieces });
  });

  it("when a line is malformed, points to it", async () => {
    const wrong: Record<string, string> = {
      "": "/1",
      "{": "/1",
      "[]": "/1",
      null: "/1",
      [LINE.replace('"a"', "5")]: "/1/path",
      [LINE.replace('"a"', '"\\ud800"')]: "/1/path",
      [LINE.replace(HASH, HASH.toUpperCase())]: "/1/contentHash",
      [LINE.replace('"3"', "3")]: "/1/size",
      [LINE.replace('"3"', '"03"')]: "/1/size",
      [LINE.replace('"3"', '"18446744073709551616"')]: "/1/size",
      [LINE.replace("{", '{"capsuleId":"7",')]: "/1/version",
      [LINE.replace("}", ',"version":"4294967296"}')]: "/1/capsuleId",
      [LINE.replace("}", ',"more":1}')]: "/1",
      [LINE.replace(",", ", ")]: "/1",
      [`${LINE}\r`]: "/1",
    };
    for (const [line, pointer] of Object.entries(wrong)) {
      const error = await rejectionOf(parseManifest(`${LINES[0]}\n${line}\n${LINES[1]}`));
      expect(error.name, line).to.equal("MessageFormatError");
      expect(error, line).to.have.property("pointer", pointer);
    }
  });

  it("when there is no line, or a path twice, names it", async () => {
    await expectInvalid(parseManifest(""), "pieces");
    await expectInvalid(parseManifest(`${LINE}\n${LINE}\n`), "pieces");
  });
});
