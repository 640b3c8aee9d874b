import type { Hex } from "../core/abi.ts";
import { MessageFormatError } from "../errors.ts";
import type { Piece } from "../shared/piece.ts";
import { buildManifest, type Manifest } from "./buildManifest.ts";

/**
 * A manifest as the text of its file: one line a piece, in order of their paths. A line is canonical JSON (RFC 8785)
 * with numbers as strings, so that the same pieces always give the same text.
 *
 * @example
 * ```ts
 * const manifest = await buildManifest([{ path: "faces/1.png", content: bytes }]);
 * const text = formatManifest(manifest);
 * ```
 */
export function formatManifest({ pieces }: Pick<Manifest, "pieces">): string {
  return pieces.map((piece) => `${lineOf(piece)}\n`).join("");
}

/** A piece as canonical JSON: keys in order, no spaces. */
function lineOf({ path, contentHash, size, dataset }: Piece): string {
  return JSON.stringify({
    ...(dataset && { capsuleId: String(dataset.capsuleId) }),
    contentHash: contentHash.toLowerCase(),
    path,
    size: String(size),
    ...(dataset && { version: String(dataset.version) }),
  });
}

/**
 * The manifest of a file by `formatManifest`, with its root computed anew. Compare the root with the chain's.
 *
 * @throws {@link MessageFormatError} for a malformed line. Its JSON pointer begins with the line, counted from 0
 * @throws {@link InvalidParameterError} without lines, or for a path that occurs twice
 * @example
 * ```ts
 * const manifest = await parseManifest(await (await fetch("https://files.example/manifest.jsonl")).text());
 * const { root } = await getManifest(client, { capsuleId, version: 1n });
 * if (manifest.root !== root) throw new Error("This is not the published manifest.");
 * ```
 */
export async function parseManifest(text: string): Promise<Manifest> {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return await buildManifest(lines.map(parsePiece));
}

/** Refuses other forms of the same piece: a file has one text. */
function parsePiece(line: string, index: number): Piece {
  const value = parsedLine(line, index);
  const problemAt = (key: string, problem: string) => new MessageFormatError(`/${index}${key}`, problem);
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw problemAt("", "is no object");
  const { path, contentHash, size, capsuleId, version } = value as Record<string, unknown>;
  if (typeof path !== "string" || path === "" || /\p{Surrogate}/u.test(path))
    throw problemAt("/path", "is no text");
  if (typeof contentHash !== "string" || !/^0x[0-9a-f]{64}$/.test(contentHash))
    throw problemAt("/contentHash", "is no SHA-256 in lower case");
  const numberAt = (key: string, found: unknown, bits: number) => {
    if (
      typeof found === "string" &&
      /^(0|[1-9]\d{0,19})$/.test(found) &&
      BigInt(found) >> BigInt(bits) === 0n
    )
      return BigInt(found);
    throw problemAt(`/${key}`, `is no whole number below 2^${bits} as a string`);
  };
  const piece: Piece = {
    path,
    contentHash: contentHash as Hex,
    size: numberAt("size", size, 64),
    ...((capsuleId !== undefined || version !== undefined) && {
      dataset: {
        capsuleId: numberAt("capsuleId", capsuleId, 64),
        version: numberAt("version", version, 32),
      },
    }),
  };
  if (lineOf(piece) !== line) throw problemAt("", "is not in canonical form");
  return piece;
}

function parsedLine(line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new MessageFormatError(`/${index}`, "is no JSON");
  }
}
