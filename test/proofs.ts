// Proofs kept in test/vectors/proofs.json. A test that asks for another one proves it, in seconds; `npm run proofs` keeps those.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readManifest } from "../scripts/circuits/manifest.ts";

/** Written by `npm run proofs`. */
export const KEPT_PROOFS = "test/vectors/proofs.json";

const { instances } = readManifest();
const kept: Record<string, unknown> = existsSync(KEPT_PROOFS)
  ? JSON.parse(readFileSync(KEPT_PROOFS, "utf8"), (_, value) =>
      isBigInt(value) ? BigInt(value.slice(0, -1)) : value,
    )
  : {};
const made = new Map<string, Promise<unknown>>();

/**
 * The result of `prove`, or what it gave before for the same keys and statement.
 *
 * @param circuit name in circuits.json
 * @param statement all that the proof depends on
 */
export async function provenOnce<T>(
  circuit: string,
  statement: unknown,
  prove: () => Promise<T>,
): Promise<T> {
  const text = toText([circuit, instances[circuit]?.sha256.zkey, statement]);
  const key = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const proof = kept[key] === undefined ? (made.get(key) ?? prove()) : Promise.resolve(kept[key]);
  made.set(key, proof);
  if (process.env.KEEP_PROOFS) kept[key] = await proof;
  return (await proof) as T;
}

if (process.env.KEEP_PROOFS)
  process.on("exit", () => {
    const entries = Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1));
    mkdirSync(dirname(KEPT_PROOFS), { recursive: true });
    writeFileSync(
      KEPT_PROOFS,
      `{\n${entries.map(([key, proof]) => `"${key}": ${toText(proof)}`).join(",\n")}\n}\n`,
    );
  });

function toText(value: unknown): string {
  return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item));
}

function isBigInt(value: unknown): value is string {
  return typeof value === "string" && /^\d+n$/.test(value);
}
