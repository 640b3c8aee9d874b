import type { Signer } from "ethers";
import {
  CONDITIONS,
  ethers,
  type GridFixture,
  MILLION,
  Mode,
  mintParams,
  networkHelpers,
  offerFixture,
  VOUCHER_TYPES,
  voucherDomain,
} from "../grid.ts";
import { addOffer } from "../settlement/support.ts";
import { type LedgerProof, NO_PROOF, proveBatch, SMALL } from "./proving.ts";
import { commitmentOf, type Move, type Opening, type Place, signalsOf, unitsOf } from "./statement.ts";

export type PrivateRow = { entry: string; usage: string; r: string; vs: string };
export type PrivateBatch = { offerId: bigint; units: bigint; rows: PrivateRow[] };
export type Settlement = {
  meterId: bigint;
  instance: bigint;
  batches: PrivateBatch[];
  commitment: bigint;
  proof: LedgerProof;
};

export const PREPAID = 1_000n;
export const PRICES: Record<string, bigint> = { 2: 25n, 3: 3n };

/**
 * Offers 2 (25 a unit) and 3 (3 a unit) are private. Licenses 1 (the buyer's) and 2 (the stranger's) are under offer 2,
 * license 3 (the buyer's) under offer 3, license 4 (the buyer's) under offer 1, in open mode; 1,000 units each.
 */
export async function privateFixture() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  const { licenses, router, usd, buyer, stranger } = grid;
  await usd.mint(stranger, 10n ** 9n);
  await usd.connect(stranger).approve(router, ethers.MaxUint256);
  await addOffer(grid, { mode: Mode.Private });
  await addOffer(grid, { mode: Mode.Private, pricePerMillion: 3n * MILLION });
  const buys = [
    [2n, buyer],
    [2n, stranger],
    [3n, buyer],
    [1n, buyer],
  ] as const;
  for (const [offerId, holder] of buys) {
    await licenses.connect(holder).mint(mintParams(offerId, holder, PREPAID), "0x");
  }
  return grid;
}

/** As `privateFixture`, with `FIRST` settled. */
export async function settledFixture() {
  const grid = await networkHelpers.loadFixture(privateFixture);
  await settle(grid, await provenSettlement(grid, FIRST));
  return grid;
}

/** A license, its next opening, and the signer. */
export type Step = { licenseId: bigint; by: "buyer" | "stranger" | "creator"; cap?: bigint } & {
  old?: Opening;
  next: Opening;
};
export type Steps = Record<string, readonly Step[]>;

export const OPENINGS = {
  one: { units: 100n, contexts: 1n, salt: 11n },
  two: { units: 50n, contexts: 3n, salt: 12n },
  three: { units: 7n, contexts: 1n, salt: 13n },
} as const satisfies Record<string, Opening>;

export const FIRST: Steps = {
  2: [
    { licenseId: 1n, by: "buyer", next: OPENINGS.one },
    { licenseId: 2n, by: "stranger", next: OPENINGS.two },
  ],
  3: [{ licenseId: 3n, by: "buyer", next: OPENINGS.three }],
};

export const SECOND: Steps = {
  2: [
    { licenseId: 1n, by: "buyer", old: OPENINGS.one, next: { units: 1_000n, contexts: 5n, salt: 21n } },
    // A cover: no increase, another word.
    { licenseId: 2n, by: "stranger", old: OPENINGS.two, next: { ...OPENINGS.two, salt: 22n } },
  ],
  3: [{ licenseId: 3n, by: "buyer", old: OPENINGS.three, next: { units: 8n, contexts: 7n, salt: 23n } }],
};

export async function placeOf({ ledger }: Pick<GridFixture, "ledger">): Promise<Place> {
  const { chainId } = await ethers.provider.getNetwork();
  return { chainId, ledger: await ledger.getAddress(), instance: SMALL.instance, meterId: 1n };
}

export function movesOf(steps: Steps) {
  return Object.entries(steps).map(([offerId, list]) => ({
    offerId: BigInt(offerId),
    moves: list.map(
      ({ licenseId, cap = PREPAID, old, next }): Move => ({
        licenseId,
        cap,
        allowed: CONDITIONS.contexts,
        next,
        ...(old && { old }),
      }),
    ),
  }));
}

/** The meter's call for these steps, without a proof. */
export async function unprovenSettlement(grid: GridFixture, steps: Steps): Promise<Settlement> {
  const place = await placeOf(grid);
  const moves = movesOf(steps);
  const batches = await Promise.all(
    moves.map(async (offer) => ({
      offerId: offer.offerId,
      units: unitsOf(offer),
      rows: await Promise.all((steps[`${offer.offerId}`] ?? []).map((step) => privateRow(grid, step))),
    })),
  );
  const commitment = signalsOf(moves, SMALL, place).c;
  return { meterId: 1n, instance: 0n, batches, commitment, proof: NO_PROOF };
}

/** The meter's call for these steps; the proof may be made for another place. */
export async function provenSettlement(
  grid: GridFixture,
  steps: Steps,
  place: Partial<Place> = {},
): Promise<Settlement> {
  const { proof } = await proveBatch(movesOf(steps), { ...(await placeOf(grid)), ...place });
  return { ...(await unprovenSettlement(grid, steps)), proof };
}

export function settle({ ledger, meter }: GridFixture, settlement: Settlement, operator: Signer = meter) {
  const { meterId, instance, batches, commitment, proof } = settlement;
  return ledger.connect(operator).settlePrivate(meterId, instance, batches, commitment, proof);
}

async function privateRow(
  grid: GridFixture,
  { licenseId, by, cap = PREPAID, next }: Step,
): Promise<PrivateRow> {
  const usage = usageWord(licenseId, next);
  const { r, vs } = await signUsage(grid, grid[by], licenseId, usage);
  return { entry: ethers.toBeHex((licenseId << 64n) | cap, 32), usage, r, vs };
}

export function usageWord(licenseId: bigint, opening: Opening): string {
  return ethers.toBeHex(commitmentOf(licenseId, opening), 32);
}

export async function signUsage(
  { ledger }: Pick<GridFixture, "ledger">,
  signer: Signer,
  licenseId: bigint,
  usage: string,
) {
  const domain = await voucherDomain(ledger);
  const signature = ethers.Signature.from(
    await signer.signTypedData(domain, VOUCHER_TYPES, { licenseId, usage }),
  );
  return { r: signature.r, vs: signature.yParityAndS };
}
