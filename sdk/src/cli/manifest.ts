import { createReadStream, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isHexString } from "ethers";
import type { Hex } from "../core/abi.ts";
import {
  buildManifest,
  formatManifest,
  type PieceSource,
  parseManifest,
  proveInclusion,
  verifyInclusion,
} from "../manifests/index.ts";
import type { Io } from "./context.ts";

const USAGE = `Usage: benefit-grid manifest <command>

  build FOLDER [--out FILE] [--dataset ID:VERSION]   hashes all files of a folder, and prints the manifest and its root
  prove FILE PATH                                    prints the proof that a path is in the manifest
  verify PROOF [--root ROOT] [--content FILE]        checks a proof, and a file against its piece

Without --root, verify takes the root in the proof. The root that counts is on chain: manifestOf of CapsuleRegistry.`;

class UsageError extends Error {}

/** Runs `benefit-grid manifest`. Returns the exit code. */
export async function runManifest(argv: readonly string[], io: Io): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        out: { type: "string" },
        dataset: { type: "string" },
        root: { type: "string" },
        content: { type: "string" },
        help: { type: "boolean" },
      },
    });
    const [command = "help", ...words] = positionals;
    if (values.help || command === "help") io.out(USAGE);
    else if (command === "build" && words.length === 1) await build(io, words[0] ?? "", values);
    else if (command === "prove" && words.length === 2) await prove(io, words[0] ?? "", words[1] ?? "");
    else if (command === "verify" && words.length === 1) return await verify(io, words[0] ?? "", values);
    else throw new UsageError(`No such command: ${positionals.join(" ")}. See benefit-grid manifest help.`);
    return 0;
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function build(io: Io, folder: string, { out, dataset }: { out?: string; dataset?: string }) {
  const manifest = await buildManifest(filesOf(folder, dataset));
  const text = formatManifest(manifest);
  if (out === undefined) io.out(text.trimEnd());
  else writeFileSync(out, text);
  const summary = `root ${manifest.root}, ${manifest.pieces.length} pieces`;
  if (out === undefined) io.err(summary);
  else io.out(`${summary}, in ${out}`);
}

function* filesOf(folder: string, dataset: string | undefined): Generator<PieceSource> {
  const source = dataset === undefined ? {} : { dataset: datasetOf(dataset) };
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const stat = lstatSync(`${folder}/${name}`);
    if (stat.isDirectory()) continue;
    // A link could lead out of the folder. Leaving it out would hide data.
    if (!stat.isFile())
      throw new UsageError(`${folder}/${name} is no file. Copy what it links to, or remove it.`);
    const path = process.platform === "win32" ? name.replaceAll("\\", "/") : name;
    yield { path, content: createReadStream(`${folder}/${name}`), ...source };
  }
}

function datasetOf(text: string) {
  const [, capsuleId, version] = /^([1-9]\d*):([1-9]\d*)$/.exec(text) ?? [];
  if (capsuleId && version) return { capsuleId: BigInt(capsuleId), version: BigInt(version) };
  throw new UsageError(`--dataset is ${text}. Pass capsule and version, such as 7:1.`);
}

async function prove(io: Io, file: string, path: string) {
  const manifest = await parseManifest(readFileSync(file, "utf8"));
  const { piece, proof } = await proveInclusion(manifest, { path });
  const line = JSON.parse(formatManifest({ pieces: [piece] }));
  io.out(JSON.stringify({ root: manifest.root, piece: line, proof }, null, 2));
}

async function verify(io: Io, file: string, options: { root?: string; content?: string }) {
  const { root: ownRoot, piece: line, proof } = JSON.parse(readFileSync(file, "utf8"));
  const { pieces } = await parseManifest(JSON.stringify(line));
  const [piece] = pieces;
  const root = options.root ?? ownRoot;
  const isProof =
    Array.isArray(proof) && proof.every((hash) => isHexString(hash, 32)) && isHexString(root, 32);
  if (!piece || !isProof) throw new UsageError(`${file} is no proof by benefit-grid manifest prove.`);
  if (!(await verifyInclusion({ root: root as Hex, piece, proof }))) {
    io.err(`${piece.path} is NOT in the manifest with root ${root}.`);
    return 1;
  }
  if (options.content !== undefined) {
    const content = createReadStream(options.content);
    const { pieces: found } = await buildManifest([{ path: piece.path, content }]);
    if (found[0]?.contentHash !== piece.contentHash) {
      io.err(`${options.content} is NOT the piece ${piece.path}: its SHA-256 is ${found[0]?.contentHash}.`);
      return 1;
    }
  }
  io.out(`${piece.path} is in the manifest with root ${root}.`);
  if (options.root === undefined) io.out("This root is the proof's own. Compare it with the chain's.");
  return 0;
}
