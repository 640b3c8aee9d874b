import { type Client, ContractRevertError, getLicense } from "@benefit-grid/sdk";
import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import { toBeHex, verifyTypedData } from "ethers";
import { Refusal } from "../gateway/refusal.ts";

/** A license's signer is read from the chain this often, milliseconds. */
const FRESH_FOR = 60_000;
/** Signers in memory, at most. */
const MOST = 10_000;

/** Licenses' signers, from the chain. Undefined for a closed license. */
export function createLicenseSigners(client: Client): (licenseId: bigint) => Promise<string | undefined> {
  const known = new Map<bigint, { readonly signer: string | undefined; readonly readAt: number }>();

  return async (licenseId) => {
    const before = known.get(licenseId);
    if (before && performance.now() - before.readAt < FRESH_FOR) return before.signer;
    const signer = await getLicense(client, { licenseId })
      .then((license) => license.signer)
      .catch(undefinedIfClosed);
    if (known.size >= MOST) known.clear();
    known.set(licenseId, { signer, readAt: performance.now() });
    return signer;
  };
}

function undefinedIfClosed(error: unknown): undefined {
  if (error instanceof ContractRevertError && error.name === "ERC721NonexistentToken") return undefined;
  throw new Refusal("ChainUnreachable", "The license's signer cannot be read. Try again.");
}

/** The account that signed a stored voucher. */
export function signerOfVoucher({ chainId, addresses }: Client, voucher: AnyVoucher): string {
  const domain = {
    name: "Benefit Grid UsageLedger",
    version: "1",
    chainId,
    verifyingContract: addresses.UsageLedger,
  };
  const { licenseId, units, contexts, signature } = voucher;
  const usage = "usage" in voucher ? voucher.usage : toBeHex((contexts << 64n) | units, 32);
  return verifyTypedData(domain, VOUCHER_TYPES, { licenseId, usage }, signature);
}

const VOUCHER_TYPES = {
  UsageVoucher: [
    { name: "licenseId", type: "uint256" },
    { name: "usage", type: "bytes32" },
  ],
};
