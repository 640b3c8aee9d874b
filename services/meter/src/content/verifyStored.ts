import { createHash } from "node:crypto";
import {
  type Client,
  ContentHashMismatchError,
  getCapsule,
  getVersion,
  type Hex,
  InvalidParameterError,
} from "@benefit-grid/sdk";
import { type OpenedContent, openContent, type StoredContent } from "./openContent.ts";

export type RegisteredContent = StoredContent & {
  readonly client: Client;
  readonly capsuleId: bigint;
  /** @default the newest version on chain */
  readonly version?: bigint;
};
export type VerifyStoredReturnType = {
  readonly version: bigint;
  /** SHA-256 of the plain content, as on chain. */
  readonly contentHash: Hex;
  /** Bytes of the plain content. */
  readonly size: number;
};

/**
 * Checks a stored file: decrypts the whole of it as a stream and compares its SHA-256 with the capsule's version on
 * chain.
 *
 * @throws {@link ContentHashMismatchError} if the content is not the registered one
 * @throws {@link StoredContentError} if the file does not decrypt
 * @throws {@link StorageError}
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`, `VersionNonexistent`
 * @example
 * ```ts
 * const { size } = await verifyStored({ client, capsuleId, storage, name: "dataset.enc", key });
 * ```
 */
export async function verifyStored(parameters: RegisteredContent): Promise<VerifyStoredReturnType> {
  const content = await openContent(parameters);
  return { ...(await verifyOpened(content, parameters)), size: content.size };
}

/** The registered version, with its hash. */
export async function versionOf({
  client,
  capsuleId,
  version,
}: Omit<RegisteredContent, keyof StoredContent>): Promise<{ version: bigint; contentHash: Hex }> {
  const chosen = version ?? (await getCapsule(client, { capsuleId })).versions;
  if (chosen === 0n) throw new InvalidParameterError("version", "is 0", "Versions are counted from 1");
  const { contentHash } = await getVersion(client, { capsuleId, version: chosen });
  return { version: chosen, contentHash };
}

export async function verifyOpened(
  content: OpenedContent,
  parameters: Omit<RegisteredContent, keyof StoredContent>,
): Promise<{ version: bigint; contentHash: Hex }> {
  const registered = await versionOf(parameters);
  const hash = createHash("sha256");
  // An empty file has one segment too: read it, so that a wrong key is found.
  for await (const bytes of content.read({ start: 0, end: Math.max(content.size, 1) })) hash.update(bytes);
  const actual: Hex = `0x${hash.digest("hex")}`;
  const { version, contentHash } = registered;
  if (actual === contentHash) return registered;
  throw new ContentHashMismatchError(parameters.capsuleId, version, contentHash, actual);
}
