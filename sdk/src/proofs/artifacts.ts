import { locate, locateInPackage } from "#thread";
import { ArtifactNotFoundError } from "../errors.ts";
import { circuits } from "../generated/circuits.ts";
import type { Artifact } from "./messages.ts";

export type CircuitName = keyof typeof circuits;

/** A file's address or path, or its bytes. */
export type ArtifactSource = string | URL | Uint8Array;
/**
 * Location of witness generator and proving key: a package with both in `build`; the address of a folder, absolute or
 * with `/` or `.` in front; or each separately.
 */
export type Artifacts = string | URL | { readonly wasm: ArtifactSource; readonly zkey: ArtifactSource };

export function artifactsOf(circuit: CircuitName, from?: Artifacts): { wasm: Artifact; zkey: Artifact } {
  const { package: home, wasm, zkey } = circuits[circuit];
  const place = from ?? home;
  const sourceIn = (kind: "wasm" | "zkey", file: string) =>
    typeof place === "string" || place instanceof URL ? inFolder(file, place, home) : sourceOf(place[kind]);
  return {
    wasm: { ...wasm, package: home, source: sourceIn("wasm", wasm.file) },
    zkey: { ...zkey, package: home, source: sourceIn("zkey", zkey.file) },
  };
}

function inFolder(file: string, folder: string | URL, home: string): string {
  if (folder instanceof URL || isAddress(folder))
    return new URL(file, locate(folder).replace(/\/?$/, "/")).href;
  const source = locateInPackage(folder, `build/${file}`);
  if (source === undefined) throw new ArtifactNotFoundError(file, `the package ${folder}`, home);
  return source;
}

function isAddress(folder: string): boolean {
  return /^([./]|[a-z]{2,}:)/i.test(folder);
}

function sourceOf(source: ArtifactSource): string | Uint8Array {
  return source instanceof Uint8Array ? source : locate(source);
}
