// Gas of derivatives: registering, new shares, and revenue on its way to a root.
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import Grid from "../ignition/modules/Grid.ts";
import TestUSD from "../ignition/modules/TestUSD.ts";
import { contractsOf } from "../scripts/lib/deployment.ts";

const GENERATIONS = 8;
const PARENTS = 16;
const MAX_ROWS = 500;
const PAYMENT = 1_000_000_003n;

type Bench = Awaited<ReturnType<typeof deploy>>;
type Row = { role: number; units: number; account: string; capsuleId: number };

/** Gas of whole transactions; passing on and claiming for the second time. */
export async function measureLineage(): Promise<Record<string, number>> {
  const connection = await network.create();
  const bench = await deploy(connection);
  const figures = { ...(await measureLine(bench)), ...(await measureWidest(bench)) };
  await connection.close();
  return figures;
}

async function deploy({ ethers, ignition }: NetworkConnection) {
  const grid = { ...(await ignition.deploy(Grid)), ...(await ignition.deploy(TestUSD)) };
  const contracts = await contractsOf(ethers, grid);
  const owner = await ethers.provider.getSigner(0);
  await contracts.ledger.registerMeter(owner, owner, "https://meter.example");
  await contracts.usd.mint(owner, 10n ** 18n);
  await contracts.usd.approve(contracts.router, ethers.MaxUint256);
  const accountOf = (n: number) => ethers.toBeHex(n + 1, 20);
  const conditions = {
    duration: 2_592_000n,
    revocationNotice: 86_400n,
    maxUnits: 1n,
    contexts: 7n,
    transferable: true,
    derivatives: true,
  };
  /** Sells a license for a derivative with this share. Its id. */
  const license = async (capsuleId: bigint, derivativeShareBps: bigint) => {
    const terms = { conditions: { ...conditions, derivativeShareBps }, policyHash: ethers.ZeroHash };
    const termsId = await contracts.terms.register.staticCall(terms);
    await contracts.terms.register(terms);
    const offer = { meterId: 1n, pricePerMillion: 0n, sector: 1n, application: ethers.ZeroAddress, mode: 0n };
    const [ledger, currency] = [contracts.ledger.target, contracts.usd.target];
    await contracts.terms.createOffer(capsuleId, termsId, { ...offer, ledger, currency });
    const offerId = await contracts.terms.lastOfferId();
    const mint = { offerId, to: owner.address, signer: ethers.ZeroAddress, units: 1n, maxPrice: 0n };
    await contracts.licenses.mint(mint, "0x");
    return await contracts.licenses.lastLicenseId();
  };
  const registration = (shares: Row[]) => ({
    kind: 0,
    royaltyBps: 250,
    contentHash: ethers.id("content"),
    uri: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    did: "did:pkh:eip155:1:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    shares,
  });
  return { ...contracts, owner, accountOf, license, registration };
}

/** A root and eight derivatives, each of the one before. All revenue of the last one passes to the root's rows. */
async function measureLine({ capsules, router, usd, owner, accountOf, license, registration }: Bench) {
  const rows = [0, 1].map((role) => ({ role, units: 1, account: accountOf(role), capsuleId: 0 }));
  await capsules.register(owner, registration(rows));
  let registerDerivative1 = 0;
  for (let generation = 1; generation <= GENERATIONS; generation += 1) {
    const licenseId = await license(BigInt(generation), 5_000n);
    registerDerivative1 = await gas(capsules.registerDerivative(owner, registration(rows), [licenseId]));
  }
  const ranges = Array.from({ length: GENERATIONS }, (_, i) => ({
    capsuleId: GENERATIONS + 1 - i,
    sharesVersion: 1,
    token: usd,
    first: 1,
    count: 2,
  }));
  const claims = [{ capsuleId: 1, sharesVersion: 1, token: usd, first: 1, count: 2 }];
  let [passOnGenerations8, claimRoot] = [0, 0];
  for (let i = 0; i < 2; i += 1) {
    await gas(router.pay(GENERATIONS + 1, usd, PAYMENT, "0x"));
    passOnGenerations8 = await gas(router.passOn(ranges));
    claimRoot = await gas(router.claim(claims));
  }
  return { registerDerivative1, passOnGenerations8, claimRoot };
}

/** A derivative of 16 capsules. It and they have 500 rows each. */
async function measureWidest({ capsules, router, usd, owner, accountOf, license, registration }: Bench) {
  const rows = Array.from({ length: MAX_ROWS }, (_, i) => {
    return { role: i % 3, units: 1, account: accountOf(i), capsuleId: 0 };
  });
  const licenseIds: bigint[] = [];
  for (let i = 0; i < PARENTS; i += 1) {
    await capsules.register(owner, registration(rows));
    licenseIds.push(await license(await capsules.lastCapsuleId(), 600n));
  }
  const registerDerivative16 = await gas(capsules.registerDerivative(owner, registration(rows), licenseIds));
  const capsuleId = await capsules.lastCapsuleId();
  const range = { capsuleId, sharesVersion: 1, token: usd, first: 1, count: 2 * PARENTS };
  let passOnParents16 = 0;
  for (let i = 0; i < 2; i += 1) {
    await gas(router.pay(capsuleId, usd, PAYMENT, "0x"));
    passOnParents16 = await gas(router.passOn([range]));
  }
  const setSharesOfDerivative16 = await gas(capsules.setShares(capsuleId, rows));
  return { registerDerivative16, setSharesOfDerivative16, passOnParents16 };
}

async function gas(transaction: Promise<ContractTransactionResponse>) {
  const receipt = await (await transaction).wait();
  return Number(receipt?.gasUsed);
}
