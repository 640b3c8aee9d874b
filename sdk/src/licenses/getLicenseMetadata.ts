import { decodeBase64, toUtf8String } from "ethers";
import { type Client, checkCall } from "../client.ts";
import { checkUint } from "../core/check.ts";
import { read } from "../core/read.ts";

export type GetLicenseMetadataParameters = { readonly licenseId: bigint };
export type GetLicenseMetadataReturnType = {
  readonly name: string;
  readonly description: string;
  /** Data URI of an SVG picture, for `<img src>`. */
  readonly image: string;
  readonly attributes: readonly {
    readonly trait_type: string;
    readonly value: string | number;
    readonly display_type?: string;
  }[];
};

/**
 * A license's metadata as wallets show it: what the license allows, in words and as a picture.
 *
 * @throws {@link InvalidParameterError} for a malformed id
 * @throws {@link ContractRevertError} `ERC721NonexistentToken`
 * @example
 * ```ts
 * const { name, image } = await getLicenseMetadata(client, { licenseId });
 * ```
 */
export async function getLicenseMetadata(
  client: Client,
  parameters: GetLicenseMetadataParameters,
): Promise<GetLicenseMetadataReturnType> {
  const { licenseId } = checkCall(client, parameters);
  const uri = await read(client, "LicenseNFT", "tokenURI", [checkUint("licenseId", licenseId, 64)]);
  return JSON.parse(toUtf8String(decodeBase64(uri.slice(uri.indexOf(",") + 1))));
}
