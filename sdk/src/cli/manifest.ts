import { createReadStream, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isHexString } from "ethers";
import { hashContent } from "../capsules/hashContent.ts";
import type { Hex } from "../core/abi.ts";
import {
  buildManifest,
  formatManifest,
  type PieceSource,
  parseManifest,
  proveInclusion,
  verifyInclusion,
} from "../manifests/index.ts";
import type { InclusionProof, Piece } from "../shared/piece.ts";
import type { Io } from "./context.ts";
import { CommandError } from "./errors.ts";
import { explain } from "./explain.ts";
import { type Options, parse, text } from "./options.ts";
import { clean } from "./words.ts";

const USAGE = `Usage: benefit-grid manifest <command>

  build FOLDER [--out FILE] [--dataset ID:VERSION]   hashes all files of a folder, and prints the manifest and its root
  prove MANIFEST PATH                                prints the proof that a path is in the manifest
  verify PROOF [--root ROOT] [--content FILE]        checks a proof, and a file against its piece

Without --root, verify takes the root in the proof. The root that counts is on chain: manifestOf of CapsuleRegistry.`;

const OPTIONS: Options = {
  out: { value: "FILE", about: "" },
  dataset: { value: "ID:VERSION", about: "" },
  root: { value: "ROOT", about: "" },
  content: { value: "FILE", about: "" },
  help: { about: "" },
};

/** Runs `benefit-grid manifest`. Returns the exit code. */
export async function runManifest(argv: readonly string[], io: Io): Promise<number> {
  try {
    const { values, positionals } = parse(argv, OPTIONS);
    const [command = "help", ...words] = positionals;
    if (values.help || command === "help") io.out(USAGE);
    else if (command === "build" && words.length === 1)
      await build(io, words[0] ?? "", text(values, "out"), text(values, "dataset"));
    else if (command === "prove" && words.length === 2) await prove(io, words[0] ?? "", words[1] ?? "");
    else if (command === "verify" && words.length === 1)
      return await verify(io, words[0] ?? "", text(values, "root"), text(values, "content"));
    else throw new CommandError(`No such command: ${positionals.join(" ")}. See benefit-grid manifest help.`);
    return 0;
  } catch (error) {
    io.err(clean(`benefit-grid manifest: ${explain(error)}`));
    return 1;
  }
}

async function build(io: Io, folder: string, out: string | undefined, dataset: string | undefined) {
  const manifest = await buildManifest(filesOf(folder, datasetOf(dataset)));
  const lines = formatManifest(manifest);
  if (out === undefined) io.out(lines.trimEnd());
  else writeFileSync(out, lines);
  const count = manifest.pieces.length;
  const summary = `root ${manifest.root}, ${count} piece${count === 1 ? "" : "s"}`;
  if (out === undefined) io.err(summary);
  else io.out(`${summary}, in ${out}`);
}

/** The files of a folder and its subfolders. A link could lead out of the folder. Leaving it out would hide data. */
function* filesOf(folder: string, dataset: Piece["dataset"], below = ""): Generator<PieceSource> {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = `${below}${entry.name}`;
    const file = join(folder, path);
    if (entry.isDirectory()) yield* filesOf(folder, dataset, `${path}/`);
    else if (entry.isFile()) yield { path, content: createReadStream(file), ...(dataset && { dataset }) };
    else throw new CommandError(`${file} is not a file. Copy what it links to, or remove it.`);
  }
}

function datasetOf(given: string | undefined): Piece["dataset"] {
  if (given === undefined) return undefined;
  const [, capsuleId, version] = /^([1-9]\d*):([1-9]\d*)$/.exec(given) ?? [];
  if (capsuleId && version) return { capsuleId: BigInt(capsuleId), version: BigInt(version) };
  throw new CommandError(`--dataset is ${given}. Pass capsule and version, such as 7:1.`);
}

async function prove(io: Io, file: string, path: string) {
  const manifest = await parseManifest(readFileSync(file, "utf8"));
  const { piece, proof } = await proveInclusion(manifest, { path });
  const line = JSON.parse(formatManifest({ pieces: [piece] }));
  io.out(JSON.stringify({ root: manifest.root, piece: line, proof }, null, 2));
}

async function verify(io: Io, file: string, root: string | undefined, contentFile: string | undefined) {
  const { root: ownRoot, piece, proof } = await readProof(file);
  const checked = root ?? ownRoot;
  if (!isHexString(checked, 32)) throw new CommandError(`--root is ${checked}. Pass 32 bytes in hex.`);
  if (!(await verifyInclusion({ root: checked.toLowerCase() as Hex, piece, proof }))) {
    io.err(clean(`${piece.path} is NOT in the manifest with root ${checked}.`));
    return 1;
  }
  if (contentFile !== undefined) {
    const contentHash = await hashContent(createReadStream(contentFile));
    if (contentHash !== piece.contentHash) {
      io.err(clean(`${contentFile} is NOT the piece ${piece.path}: its SHA-256 is ${contentHash}.`));
      return 1;
    }
  }
  io.out(clean(`${piece.path} is in the manifest with root ${checked}.`));
  if (root === undefined) io.out("This root is the proof's own. Compare it with the chain's.");
  return 0;
}

/** A file's proof. It may be from a stranger. */
async function readProof(file: string): Promise<InclusionProof & { readonly root: string }> {
  const read = readFileSync(file, "utf8");
  try {
    const { root, piece: line, proof } = JSON.parse(read);
    const [piece] = (await parseManifest(JSON.stringify(line))).pieces;
    const isProof = Array.isArray(proof) && proof.every((hash) => isHexString(hash, 32));
    if (piece && isProof && isHexString(root, 32)) return { root, piece, proof };
  } catch {
    // The same answer for all other files.
  }
  throw new CommandError(`${file} is not a proof by benefit-grid manifest prove.`);
}
