import type { Result } from "ethers";
import {
  type CONDITIONS,
  deployLedger,
  ethers,
  type GridFixture,
  gridFixture,
  impersonate,
  mintParams,
  networkHelpers,
  offerFixture,
  offerParams,
  registration,
  terms,
} from "../grid.ts";

/** Capsule 1 of `creator`, registered terms, and no offer yet. */
export async function termsFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  await grid.capsules.register(grid.creator, registration());
  await grid.terms.register(terms());
  return { ...grid, params: await offerParams(grid), termsId: termsIdOf(terms()) };
}

/** An admitted ledger without a meter. */
export async function secondLedger(grid: GridFixture) {
  const ledger = await deployLedger(grid);
  await grid.terms.connect(await impersonate(grid.timelock)).admitLedger(ledger);
  return ledger;
}

/** `keccak256(abi.encode(terms))` */
export function termsIdOf({ conditions, policyHash }: ReturnType<typeof terms>) {
  const type = "tuple(tuple(uint40,uint40,uint48,uint32,uint16,bool,bool),bytes32)";
  const value = [Object.values(conditions), policyHash];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type], [value]));
}

/** A struct returned by a contract, by its fields' names. */
export function fieldsOf(struct: unknown) {
  return (struct as Result).toObject();
}

type OfferOverrides = Partial<Awaited<ReturnType<typeof offerParams>>>;

/** Another offer of capsule 1, and its id. */
export async function addOffer(
  grid: GridFixture,
  conditions: Partial<typeof CONDITIONS> = {},
  overrides: OfferOverrides = {},
) {
  await grid.terms.register(terms(conditions));
  const params = { ...(await offerParams(grid)), ...overrides };
  await grid.terms.connect(grid.creator).createOffer(1n, termsIdOf(terms(conditions)), params);
  return await grid.terms.lastOfferId();
}

/** As `offerFixture`, with a license of 1,000 units, held by the buyer, under an offer of these conditions. */
export async function licenseUnder(conditions: Partial<typeof CONDITIONS>, overrides: OfferOverrides = {}) {
  const grid = await networkHelpers.loadFixture(offerFixture);
  const offerId = await addOffer(grid, conditions, overrides);
  await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 1_000n), "0x");
  return { ...grid, offerId };
}

/** The next transaction's block has this time. */
export async function nextAt(timestamp: bigint) {
  await networkHelpers.time.setNextBlockTimestamp(timestamp);
}

/** Mines a block at this time, for views. */
export async function mineAt(timestamp: bigint) {
  await networkHelpers.time.increaseTo(timestamp);
}

/** The council pauses settlement at this time. */
export async function pauseAt(
  { guardian, deployer }: Pick<GridFixture, "guardian" | "deployer">,
  start: bigint,
  duration: bigint,
) {
  await nextAt(start);
  await guardian.connect(deployer).pause(duration);
}

export async function expiryOf({ licenses }: Pick<GridFixture, "licenses">, licenseId = 1n) {
  return (await licenses.licenseOf(licenseId)).expiry;
}

export const FOREVER = 2n ** 40n - 1n;

export const Access = {
  Allowed: 0n,
  LicenseNonexistent: 1n,
  LicenseExpired: 2n,
  SignerChanging: 3n,
  SignerNotKey: 4n,
  UserNotSigner: 5n,
  ContextNotAllowed: 6n,
} as const;

/** Stores another number of prepaid units, in mapping 7: buying 2^64 units takes more than 65,000 terms. */
export async function setPrepaid(
  { licenses }: Pick<GridFixture, "licenses">,
  licenseId: bigint,
  prepaid: bigint,
) {
  const address = await licenses.getAddress();
  const slot = ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [licenseId, 7n]),
  );
  const word = BigInt(await ethers.provider.getStorage(address, slot));
  const units = (word >> 64n) % 2n ** 64n;
  const changed = word + ((prepaid - units) << 64n);
  await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(changed, 32));
}
