import { locate } from "#thread";
import { ArtifactNotFoundError } from "../errors.ts";
import { circuits } from "../generated/circuits.ts";

export type CircuitName = keyof typeof circuits;

/** A file's address or path, or its bytes. */
export type ArtifactSource = string | URL | Uint8Array;
/**
 * Location of witness generator and proving key: a package with both in `build`, the URL of a folder, or each
 * separately.
 */
export type Artifacts = string | URL | { readonly wasm: ArtifactSource; readonly zkey: ArtifactSource };

const DEFAULT_PACKAGE = "@benefit-grid/circuits";

export function artifactsOf(circuit: CircuitName, from: Artifacts = DEFAULT_PACKAGE) {
  const { wasm, zkey } = circuits[circuit];
  const isFolder = typeof from === "string" || from instanceof URL;
  return {
    wasm: { ...wasm, source: isFolder ? inFolder(wasm.file, from) : sourceOf(from.wasm) },
    zkey: { ...zkey, source: isFolder ? inFolder(zkey.file, from) : sourceOf(from.zkey) },
  };
}

function inFolder(file: string, folder: string | URL): string {
  if (folder instanceof URL) return new URL(file, folder.href.replace(/\/?$/, "/")).href;
  try {
    return import.meta.resolve(`${folder}/build/${file}`);
  } catch {
    throw new ArtifactNotFoundError(file, `the package ${folder}`);
  }
}

function sourceOf(source: ArtifactSource): string | Uint8Array {
  return source instanceof Uint8Array ? source : locate(source);
}
