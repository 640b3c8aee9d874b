import { checkUint } from "../core/check.ts";
import { defineWrite, type Sent } from "../core/write.ts";

export type RefreshMetadataParameters = { readonly licenseId: bigint };
export type RefreshMetadataReturnType = Sent;

/**
 * Tells marketplaces to read a license's metadata again (ERC-4906), after its capsule published a version. Anyone may
 * call.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * await refreshMetadata(client, { licenseId });
 * ```
 */
export const refreshMetadata = defineWrite({
  contract: "LicenseNFT",
  method: "refreshMetadata",
  args: ({ licenseId }: RefreshMetadataParameters) => [checkUint("licenseId", licenseId, 64)],
  result: () => ({}),
});
