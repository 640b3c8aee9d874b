import type { Signer, TypedDataDomain } from "ethers";
import {
  ethers,
  type GridFixture,
  licenseFixture,
  MILLION,
  mintParams,
  networkHelpers,
  VOUCHER_TYPES,
  voucherDomain,
} from "../grid.ts";
import { addOffer } from "../settlement/support.ts";

export type Row = { entry: string; r: string; vs: string };

/** The use of a license: its voucher's entry and the signed word. */
export function entryOf(licenseId: bigint, units: bigint, contexts = 1n) {
  return ethers.toBeHex((licenseId << 96n) | (contexts << 64n) | units, 32);
}

export function usageOf(units: bigint, contexts = 1n) {
  return ethers.toBeHex((contexts << 64n) | units, 32);
}

/** A voucher with `entry`, signed for `signed`; they may differ. */
export async function forgedVoucher(
  grid: Pick<GridFixture, "ledger">,
  signer: Signer,
  entry: string,
  signed: { licenseId?: bigint; usage?: string; domain?: TypedDataDomain } = {},
): Promise<Row> {
  const domain = { ...(await voucherDomain(grid.ledger)), ...signed.domain };
  const message = {
    licenseId: signed.licenseId ?? BigInt(entry) >> 96n,
    usage: signed.usage ?? ethers.toBeHex(BigInt(entry) & (2n ** 96n - 1n), 32),
  };
  const signature = ethers.Signature.from(await signer.signTypedData(domain, VOUCHER_TYPES, message));
  return { entry, r: signature.r, vs: signature.yParityAndS };
}

/**
 * Licenses 1 (the buyer's) and 2 (the stranger's) of offer 1, and license 3 (the buyer's) of offer 2, at
 * 3 a unit. `settle` settles rows of one offer at meter 1.
 */
export async function ledgerFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const { licenses, ledger, router, usd, buyer, stranger, meter } = grid;
  await usd.mint(stranger, 10n ** 9n);
  await usd.connect(stranger).approve(router, ethers.MaxUint256);
  await licenses.connect(stranger).mint(mintParams(1n, stranger, 1_000n), "0x");
  await addOffer(grid, { pricePerMillion: 3n * MILLION });
  await licenses.connect(buyer).mint(mintParams(2n, buyer, 500n), "0x");
  const settle = (rows: Row[], offerId = 1n) => ledger.connect(meter).settleOpen(1n, [{ offerId, rows }]);
  return { ...grid, settle };
}
