// Whole-transaction gas in steady state: each measured transaction writes to slots in use. Yuma is the computation alone.
//   npm run bench:gas               a table with the limits
//   npm run bench:gas -- --json     one object
//   npm run bench:gas -- --write    updates bench/gas.json, and stale proofs in bench/private-batches.json
//   npm run bench:gas -- --check    fails if bench/gas.json is stale or over a limit
import { readFileSync, writeFileSync } from "node:fs";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import Grid from "../ignition/modules/Grid.ts";
import TestUSD from "../ignition/modules/TestUSD.ts";
import { contractsOf } from "../scripts/lib/deployment.ts";
import { measureCoin } from "./coin-gas.ts";
import { measureLineage } from "./lineage-gas.ts";
import { measurePools } from "./pool-gas.ts";
import { measurePrivate } from "./private-gas.ts";
import { measureSubnets } from "./subnet-gas.ts";
import { measureYuma } from "./yuma-gas.ts";

const SNAPSHOT = "bench/gas.json";

/** The promises of DESIGN, in gas. */
const LIMITS: Record<string, number> = {
  payment1: 58_500,
  payment500: 58_500,
  cashOut4: 157_000,
  publish: 395_000,
  mint: 140_000,
  settleOpenRow128: 17_300,
  settlePrivateRow128: 19_600,
  settlePrivateRow128x16: 24_500,
  passOnGenerations8: 400_000,
  passOnParents16: 550_000,
  registerDerivative16: 7_500_000,
  setSharesOfDerivative16: 7_000_000,
  yumaEpoch16x64: 4_000_000,
  runEpoch16x64: 15_000_000,
  runEpoch48x64: 15_000_000,
};

/** A market price: $2.50 for a million tokens. */
const PRICE = 2_500_000n;
const UNITS = 1_000_000n;

const option = process.argv[2];
if (![undefined, "--json", "--write", "--check"].includes(option)) {
  fail(`Unknown option ${option}. Options: --json, --write, --check.`);
}

const { ethers, ignition, networkHelpers } = await network.create();
type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];
const [owner, meter, ...earners] = (await ethers.getSigners()) as [Signer, Signer, ...Signer[]];
const buyer = new ethers.Wallet(ethers.id("buyer"), ethers.provider);
const grid = { ...(await ignition.deploy(Grid)), ...(await ignition.deploy(TestUSD)) };
const contracts = await contractsOf(ethers, grid);
const { benchmarks, capsules, terms, licenses, ledger, router, usd } = contracts;

const figures: Record<string, number> = {
  ...(await measure()),
  ...(await measurePrivate({ mayProve: option === "--write" }).catch((error) => fail(error.message))),
  ...(await measureCoin()),
  ...(await measurePools()),
  ...(await measureLineage()),
  ...(await measureYuma()),
  ...(await measureSubnets()),
};
if (option === "--json") console.log(JSON.stringify(figures, null, 2));
else if (option === "--write") writeFileSync(SNAPSHOT, `${JSON.stringify(figures, null, 2)}\n`);
else if (option === "--check") check();
else printTable();

async function measure() {
  await gas(ledger.connect(meter).registerMeter(meter, meter, "https://meter.example"));
  await owner.sendTransaction({ to: buyer, value: ethers.parseEther("100") });
  await gas(usd.mint(buyer, 10n ** 18n));
  await gas(usd.connect(buyer).approve(router, ethers.MaxUint256));
  // The router always holds money: other earners never claim theirs.
  const payment1 = await measurePayment(1);
  const payment500 = await measurePayment(500);
  const cashOut = await measureCashOut();
  return {
    payment1,
    payment500,
    cashOut4: cashOut.pay + cashOut.claim,
    cashOut4Claim: cashOut.claim,
    publish: await measurePublish(),
    ...(await measureOrigin()),
    mint: await measureMint(),
    authorize: await measureAuthorize(),
    settleOpenRow128: await measureSettlement(128),
    settleOpenRow1: await measureSettlement(1),
    ...(await measureSector()),
  };
}

/** A direct payment to a capsule with this number of share rows. */
async function measurePayment(rows: number) {
  const capsuleId = await register(Array.from({ length: rows }, (_, i) => row(i % 3, numbered(i + 1))));
  await pay(capsuleId);
  return await pay(capsuleId);
}

/** A payment and one batched claim that pays data, model, compute and platform. */
async function measureCashOut() {
  const capsuleId = await register([0, 1, 2].map((role) => row(role, earners[role]?.address ?? "")));
  await pay(capsuleId);
  await claim(capsuleId);
  return { pay: await pay(capsuleId), claim: await claim(capsuleId) };
}

/** New content, terms, offer and four shares in one transaction, by an owner of other capsules. */
async function measurePublish() {
  const rows = [0, 0, 1, 2].map((role, i) => row(role, earners[i]?.address ?? ""));
  await publish(rows, UNITS);
  return await publish(rows, UNITS + 1n);
}

/** First registration by commitment, a manifest and an attested score. */
async function measureOrigin() {
  const capsuleId = await register([]);
  const [content, salt] = [ethers.id("committed"), ethers.id("salt")];
  const commit = await gas(capsules.commit(await capsules.commitmentOf(owner, content, salt)));
  await gas(capsules.publishVersion(capsuleId, content, ""));
  const reveal = await gas(capsules.reveal(capsuleId, 2, salt));
  const publishManifest = await gas(
    capsules.publishManifest(capsuleId, 1, ethers.id("root"), "ipfs://manifest"),
  );
  const fields = ["uint64", "uint32", "bytes32", "string", "uint256", "uint8"];
  const score = [capsuleId, 1, ethers.id("dataset"), "detection rate", 88, 2];
  const request = {
    schema: await benchmarks.SCHEMA_UID(),
    data: {
      recipient: capsules.target,
      expirationTime: 0,
      revocable: true,
      refUID: ethers.ZeroHash,
      data: ethers.AbiCoder.defaultAbiCoder().encode(fields, score),
      value: 0,
    },
  };
  return { commit, reveal, publishManifest, attestBenchmark: await gas(benchmarks.attest(request)) };
}

/** A paid license for a buyer with other licenses of the offer. */
async function measureMint() {
  await mint();
  return await mint();
}

/** The view that a gateway asks, as a transaction. */
async function measureAuthorize() {
  const contexts = 1;
  return Number(await licenses.authorize.estimateGas(await licenses.lastLicenseId(), buyer, contexts));
}

/** Gas per row of a settlement of several licenses of one offer, all settled before. */
async function measureSettlement(rows: number) {
  const first = (await licenses.lastLicenseId()) + 1n;
  for (let i = 0; i < rows; i++) await mint();
  await settle(first, rows, 1_000n);
  return Math.ceil((await settle(first, rows, 100_000n)) / rows);
}

/** A settlement whose sector pays a part to the feed of a subnet, and the feed's payment into a pot in use. */
async function measureSector() {
  const { subnets, feeds, timelock } = contracts;
  await networkHelpers.impersonateAccount(await timelock.getAddress());
  await networkHelpers.setBalance(await timelock.getAddress(), ethers.parseEther("1"));
  const admin = await ethers.getSigner(await timelock.getAddress());
  const params = Object(await subnets.defaultParams()).toObject();
  await gas(subnets.connect(admin).createSovereign(1, params, ethers.ZeroHash, ""));
  const createFeed = await gas(feeds.create(1));
  const feed = await ethers.getContractAt("SubnetFeed", await feeds.feedOf(1));
  await gas(router.connect(admin).setSectorShare(1, feed, 2_000));
  const license = await licenses.lastLicenseId();
  await settle(license, 1, 200_000n);
  const settleOpenRow1Sector = await settle(license, 1, 300_000n);
  await gas(feed.pour(usd));
  await settle(license, 1, 400_000n);
  return { settleOpenRow1Sector, createFeed, pourFeed: await gas(feed.pour(usd)) };
}

async function register(shares: ReturnType<typeof row>[]) {
  await gas(capsules.register(owner.address, registration(shares)));
  return await capsules.lastCapsuleId();
}

function publish(shares: ReturnType<typeof row>[], maxUnits: bigint) {
  const conditions = {
    duration: 2_592_000,
    revocationNotice: 86_400,
    maxUnits,
    contexts: 7,
    derivativeShareBps: 0,
    transferable: true,
    derivatives: false,
  };
  const offer = {
    ledger: ledger.target,
    meterId: 1,
    currency: usd.target,
    pricePerMillion: PRICE,
    sector: 1,
    application: numbered(900),
    mode: 0,
  };
  return gas(
    terms.publish(
      registration(shares, `content for ${maxUnits} units`),
      { conditions, policyHash: ethers.id("policy") },
      offer,
    ),
  );
}

function mint() {
  const params = { offerId: 1, to: buyer.address, signer: ethers.ZeroAddress, units: UNITS };
  return gas(licenses.connect(buyer).mint({ ...params, maxPrice: PRICE }, "0x"));
}

function pay(capsuleId: bigint) {
  return gas(router.connect(buyer).pay(capsuleId, usd, 1_000_003n, "0x"));
}

function claim(capsuleId: bigint) {
  return gas(router.claim([{ capsuleId, sharesVersion: 1, token: usd, first: 0, count: 4 }]));
}

async function settle(first: bigint, count: number, units: bigint) {
  const rows = await Promise.all(
    Array.from({ length: count }, (_, i) => voucher(first + BigInt(i), units + BigInt(i))),
  );
  return await gas(ledger.connect(meter).settleOpen(1, [{ offerId: 1, rows }]));
}

async function voucher(licenseId: bigint, units: bigint) {
  const usage = (1n << 64n) | units;
  const digest = await ledger.voucherDigest(licenseId, ethers.toBeHex(usage, 32));
  const { r, yParityAndS } = buyer.signingKey.sign(digest);
  return { entry: ethers.toBeHex((licenseId << 96n) | usage, 32), r, vs: yParityAndS };
}

function registration(shares: ReturnType<typeof row>[], content = "content") {
  return {
    kind: 0,
    royaltyBps: 250,
    contentHash: ethers.id(content),
    uri: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    did: "did:pkh:eip155:1:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    shares,
  };
}

function row(role: number, account: string) {
  return { role, units: 1, account, capsuleId: 0 };
}

function numbered(n: number) {
  return ethers.toBeHex(n, 20);
}

async function gas(transaction: Promise<ContractTransactionResponse>) {
  const receipt = await (await transaction).wait();
  return Number(receipt?.gasUsed);
}

function check() {
  const recorded = readFileSync(SNAPSHOT, "utf8");
  if (recorded !== `${JSON.stringify(figures, null, 2)}\n`)
    fail(`${SNAPSHOT} is stale: npm run bench:gas -- --write`);
  for (const [name, limit] of Object.entries(LIMITS)) {
    const figure = figures[name] ?? Number.NaN;
    if (!(figure <= limit)) fail(`${name} costs ${figure} gas, more than ${limit}.`);
  }
}

function printTable() {
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(([name, gas]) => [name, { gas, limit: LIMITS[name] ?? "" }]),
    ),
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
