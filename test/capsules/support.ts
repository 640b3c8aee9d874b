import {
  type CONDITIONS,
  type GridFixture,
  gridFixture,
  mintParams,
  networkHelpers,
  offerParams,
  registration,
  type share,
  terms,
} from "../grid.ts";

type Rows = ReturnType<typeof share>[];
type Account = GridFixture["buyer"];

/** A capsule of `owner`, and a license of `holder` that permits derivatives for this share. */
export async function addParent(
  grid: GridFixture,
  derivativeShareBps: bigint,
  {
    owner = grid.creator,
    holder = grid.buyer,
    rows = [] as Rows,
    conditions = {} as Partial<typeof CONDITIONS>,
  } = {},
) {
  const permitting = terms({ derivatives: true, derivativeShareBps, ...conditions });
  await grid.terms.connect(owner).publish(registration(rows), permitting, await offerParams(grid));
  const [capsuleId, offerId] = [await grid.capsules.lastCapsuleId(), await grid.terms.lastOfferId()];
  return { capsuleId, offerId, licenseId: await addLicense(grid, offerId, holder) };
}

/** A license of one unit, paid by the buyer. */
export async function addLicense(grid: GridFixture, offerId: bigint, holder: Account) {
  await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, holder, 1n), "0x");
  return await grid.licenses.lastLicenseId();
}

/** The buyer's derivative under these licenses. Its id. */
export async function addDerivative(
  grid: GridFixture,
  licenseIds: readonly bigint[],
  rows: Rows = [],
  owner: Account = grid.buyer,
) {
  await grid.capsules.connect(owner).registerDerivative(owner, registration(rows), [...licenseIds]);
  return await grid.capsules.lastCapsuleId();
}

/** Capsules 1 and 2 with licenses 1 and 2 of the buyer: for 20 % and 5 % of a derivative's data and model revenue. */
export async function parentsFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const first = await addParent(grid, 2_000n);
  const second = await addParent(grid, 500n);
  return { ...grid, first, second };
}

/** `parentsFixture` with capsule 3, derived from both. Its owner, the buyer, has the only own rows. */
export async function derivativeFixture() {
  const grid = await networkHelpers.loadFixture(parentsFixture);
  return { ...grid, capsuleId: await addDerivative(grid, [1n, 2n]) };
}
