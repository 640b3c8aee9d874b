import { network } from "hardhat";
import Grid from "../ignition/modules/Grid.ts";
import TestUSD from "../ignition/modules/TestUSD.ts";
import { contractsOf } from "../scripts/lib/deployment.ts";
import { nestingFixtures } from "./fixtures.ts";

export const connection = await network.create();
export const { ethers, ignition } = connection;
export const networkHelpers = Object.assign(connection.networkHelpers, {
  loadFixture: nestingFixtures(() => connection.networkHelpers.takeSnapshot()),
});

/** The chain before all tests: fixtures that start here have the same addresses in each run. */
async function initialFixture() {}
await networkHelpers.loadFixture(initialFixture);

export const Kind = { Data: 0n, Model: 1n, Code: 2n, Compute: 3n, Agent: 4n } as const;
export const Role = { Data: 0n, Model: 1n, Compute: 2n, Platform: 3n } as const;
export const Mode: Record<"Open" | "Private", bigint> = { Open: 0n, Private: 1n };
export const DAY = 86_400n;
export const WINDOW = 3n * DAY;
/** From the end of a mining round until it can be closed. */
export const HOLD = 3n * DAY;
export const LAPSE = 180n * DAY;

type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

/**
 * The whole grid, deployed as on a testnet, with one meter and a buyer. The buyer has approved the router.
 * A fixture that needs another one loads it first.
 */
export async function gridFixture() {
  await networkHelpers.loadFixture(initialFixture);
  const grid = await contractsOf(ethers, {
    ...(await ignition.deploy(Grid)),
    ...(await ignition.deploy(TestUSD)),
  });
  const [deployer, creator, meter, payee, buyer, application, dataOwner, modelOwner, stranger] =
    (await ethers.getSigners()) as [Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer];
  await grid.ledger.connect(meter).registerMeter(meter, payee, "https://meter.example");
  await grid.usd.mint(buyer, 10n ** 15n);
  await grid.usd.connect(buyer).approve(grid.router, ethers.MaxUint256);
  return { ...grid, deployer, creator, meter, payee, buyer, application, dataOwner, modelOwner, stranger };
}

export type GridFixture = Awaited<ReturnType<typeof gridFixture>>;

/** A capsule with one data and one model row, and an open offer for it at meter 1. */
export async function offerFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const rows = [share(Role.Data, 1n, grid.dataOwner), share(Role.Model, 1n, grid.modelOwner)];
  await grid.terms.connect(grid.creator).publish(registration(rows), terms(), await offerParams(grid));
  return { ...grid, capsuleId: 1n, offerId: 1n, unitPrice: UNIT_PRICE };
}

/** `offerFixture` with a license of 1,000 units. The buyer is its holder and signer. */
export async function licenseFixture() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  await grid.licenses.connect(grid.buyer).mint(mintParams(grid.offerId, grid.buyer, 1_000n), "0x");
  return { ...grid, licenseId: 1n };
}

export const MILLION = 1_000_000n;

/** Base units for one metered unit of the fixtures' offer. */
export const UNIT_PRICE = 25n;
export const PRICE_PER_MILLION = UNIT_PRICE * MILLION;

export function share(role: bigint, units: bigint, account: string | Signer, capsuleId = 0n) {
  return { role, units, account: typeof account === "string" ? account : account.address, capsuleId };
}

export function capsuleShare(role: bigint, units: bigint, capsuleId: bigint) {
  return share(role, units, ethers.ZeroAddress, capsuleId);
}

export function registration(shares: ReturnType<typeof share>[] = []) {
  return {
    kind: Kind.Data,
    royaltyBps: 250n,
    contentHash: ethers.sha256("0x01"),
    uri: "ipfs://capsule/1",
    did: "did:example:creator",
    shares,
  };
}

export const CONDITIONS = {
  duration: 30n * DAY,
  revocationNotice: DAY,
  maxUnits: 10_000n,
  contexts: 7n,
  derivativeShareBps: 0n,
  transferable: true,
  derivatives: false,
};

/** Waits half of a term of `CONDITIONS`: licenses bought before can be renewed then. */
export async function waitHalfTerm() {
  await networkHelpers.time.increase(CONDITIONS.duration / 2n);
}

export function terms(conditions: Partial<typeof CONDITIONS> = {}) {
  return { conditions: { ...CONDITIONS, ...conditions }, policyHash: ethers.id("policy") };
}

export async function offerParams(grid: GridFixture) {
  return {
    ledger: await grid.ledger.getAddress(),
    meterId: 1n,
    currency: await grid.usd.getAddress(),
    pricePerMillion: PRICE_PER_MILLION,
    sector: 7n,
    application: grid.application.address,
    mode: Mode.Open,
  };
}

export function mintParams(offerId: bigint, to: Signer, units: bigint, maxPrice = units * UNIT_PRICE) {
  return { offerId, to: to.address, signer: ethers.ZeroAddress, units, maxPrice };
}

/** The last change of a license's signer, as input of `confirmSigners`. */
export async function signerChange({ licenses }: Pick<GridFixture, "licenses">, licenseId: bigint) {
  const { changes } = await licenses.keysOf(licenseId);
  return { licenseId, change: changes };
}

/** A signed voucher, as input of `settleOpen`. */
export async function voucher(
  { ledger }: Pick<GridFixture, "ledger">,
  signer: Signer,
  { licenseId, units, contexts = 1n }: { licenseId: bigint; units: bigint; contexts?: bigint },
) {
  const usage = ethers.toBeHex((contexts << 64n) | units, 32);
  const signature = ethers.Signature.from(
    await signer.signTypedData(await voucherDomain(ledger), VOUCHER_TYPES, { licenseId, usage }),
  );
  const entry = ethers.toBeHex((licenseId << 96n) | (contexts << 64n) | units, 32);
  return { entry, r: signature.r, vs: signature.yParityAndS };
}

export const VOUCHER_TYPES = {
  UsageVoucher: [
    { name: "licenseId", type: "uint256" },
    { name: "usage", type: "bytes32" },
  ],
};

export async function voucherDomain(ledger: GridFixture["ledger"]) {
  const { chainId } = await ethers.provider.getNetwork();
  return {
    name: "Benefit Grid UsageLedger",
    version: "1",
    chainId,
    verifyingContract: await ledger.getAddress(),
  };
}

/** Another ledger with the given circuits, not admitted by any registry. */
export async function deployLedger(
  { licenses, terms, router, guardian }: Pick<GridFixture, "licenses" | "terms" | "router" | "guardian">,
  instances: { rows: bigint; offers: bigint; verifier: string }[] = [],
  rangeVerifier: string = ethers.ZeroAddress,
) {
  const PoseidonT3 = await (await ethers.deployContract("PoseidonT3")).getAddress();
  const factory = await ethers.getContractFactory("UsageLedger", { libraries: { PoseidonT3 } });
  return await factory.deploy(licenses, terms, router, guardian, instances, rangeVerifier);
}

/** A funded signer for any account, contracts like the timelock included. */
export async function impersonate(account: string | { getAddress(): Promise<string> }) {
  const address = typeof account === "string" ? account : await account.getAddress();
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 10n ** 20n);
  return await ethers.getSigner(address);
}
