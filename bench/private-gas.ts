// Gas per row of private settlements with the real verifiers. 128 rows take minutes to set up and seconds to prove, so
// proofs are recorded. All inputs of a proof are the same in every run: a separate account deploys the ledger on a
// separate chain.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createClient, type Deployment, settleBatch, signPrivateVoucher } from "@benefit-grid/sdk";
import { type BatchRowInput, buildBatch, proveBatch } from "@benefit-grid/sdk/proofs";
import { ethers, Wallet } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type BatchInstance, batchInstances, builtFiles } from "../scripts/circuits/instances.ts";
import { readManifest } from "../scripts/circuits/manifest.ts";
import { deployGrid } from "../scripts/lib/deployment.ts";

const RECORD = "bench/private-batches.json";

type Account = Awaited<ReturnType<NetworkConnection["ethers"]["getSigners"]>>[number];
type Batch = ReturnType<typeof buildBatch>;
type Proof = Awaited<ReturnType<typeof proveBatch>>;
/** A full batch, and the number of its offers. */
type Scenario = { instance: number; offers: number };
/** The public signals of a batch, and the proof. */
/** `key` is the SHA-256 of the proving key. */
type Recorded = {
  key: string;
  signals: string[];
  proof: [[string, string], [[string, string], [string, string]], [string, string]];
};

const SCENARIOS: Record<string, Scenario> = {
  settlePrivateRow16: { instance: 0, offers: 1 },
  settlePrivateRow128: { instance: 1, offers: 1 },
  settlePrivateRow128x16: { instance: 1, offers: 16 },
};
const UNITS = 1_000_000n;
/** A market price: $2.50 for a million tokens. */
const PRICE = 2_500_000n;
const SECRET = ethers.id("secret") as `0x${string}`;

/** Gas per row by scenario; every license settled before. With `mayProve`, replaces stale proofs. */
export async function measurePrivate({ mayProve }: { mayProve: boolean }): Promise<Record<string, number>> {
  const recorded = readRecord();
  const grid = await deploy();
  const figures: Record<string, number> = {};
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    const offers = await sell(grid, scenario);
    let gas = 0n;
    for (const sequence of [1n, 2n]) {
      const batch = await batchOf(grid, scenario, offers, sequence);
      const key = `${name}/${sequence}`;
      if (!fits(recorded[key], batch)) recorded[key] = await proveNow(key, batch, mayProve);
      gas = await settle(grid, batch, decode(recorded[key] as Recorded));
    }
    figures[name] = Math.ceil(Number(gas) / roomOf(scenario).rows);
  }
  await grid.connection.close();
  if (mayProve) writeFileSync(RECORD, `${JSON.stringify(recorded, null, 2)}\n`);
  return figures;
}

function roomOf({ instance }: Scenario): BatchInstance {
  return batchInstances()[instance] as BatchInstance;
}

function readRecord(): Record<string, Recorded> {
  return existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, "utf8")) : {};
}

async function deploy() {
  const connection = await network.create();
  const { ethers: hardhat, provider } = connection;
  const deployment = await deployGrid(connection);
  const at = deployment.contracts as Record<
    "LicenseNFT" | "SettlementRouter" | "TermsRegistry" | "TestUSD" | "GridTimelock" | "UsageLedger",
    string
  >;
  const [owner, meter, buyer] = (await hardhat.getSigners()) as [Account, Account, Account];
  const ledger = await deployLedger();
  await provider.request({ method: "hardhat_impersonateAccount", params: [at.GridTimelock] });
  await provider.request({
    method: "hardhat_setBalance",
    params: [at.GridTimelock, "0xde0b6b3a7640000"],
  });
  const terms = await hardhat.getContractAt("TermsRegistry", at.TermsRegistry);
  await terms.connect(await hardhat.getSigner(at.GridTimelock)).admitLedger(ledger);
  await ledger.connect(meter).registerMeter(meter, meter, "https://meter.example");
  const usd = await hardhat.getContractAt("TestUSD", at.TestUSD);
  await usd.mint(buyer, 10n ** 18n);
  await usd.connect(buyer).approve(at.SettlementRouter, ethers.MaxUint256);
  const contracts = { ...deployment.contracts, UsageLedger: await ledger.getAddress() };
  const client = await createClient({
    runner: meter,
    deployment: { ...deployment, contracts } as Deployment,
  });
  const licenses = await hardhat.getContractAt("LicenseNFT", at.LicenseNFT);
  return { connection, client, terms, licenses, usd, owner, meter, buyer };

  /** A copy of the grid's ledger, at an address independent of the grid. */
  async function deployLedger() {
    const deployer = new Wallet(ethers.id("ledger"), hardhat.provider);
    await owner.sendTransaction({ to: deployer, value: ethers.parseEther("1") });
    const first = await hardhat.getContractAt("UsageLedger", at.UsageLedger);
    const instances = await Promise.all([first.instanceOf(0), first.instanceOf(1)]);
    const PoseidonT3 = await (await hardhat.deployContract("PoseidonT3")).getAddress();
    const factory = await hardhat.getContractFactory("UsageLedger", {
      libraries: { PoseidonT3 },
      signer: deployer,
    });
    return await factory.deploy(
      await first.LICENSES(),
      await first.TERMS(),
      await first.ROUTER(),
      await first.GUARDIAN(),
      instances.map(({ rows, offers, verifier }) => ({ rows, offers, verifier })),
      await first.RANGE_VERIFIER(),
    );
  }
}

type Grid = Awaited<ReturnType<typeof deploy>>;
type Sold = { offerId: bigint; licenseIds: bigint[] };

/** Each offer has its own capsule with four shares. */
async function sell(
  { client, terms, licenses, usd, owner, buyer }: Grid,
  scenario: Scenario,
): Promise<Sold[]> {
  const sold: Sold[] = [];
  const count = roomOf(scenario).rows / scenario.offers;
  for (let i = 0; i < scenario.offers; i += 1) {
    const conditions = {
      duration: 2_592_000n,
      revocationNotice: 86_400n,
      maxUnits: UNITS,
      contexts: 7n,
      derivativeShareBps: 0n,
      transferable: true,
      derivatives: false,
    };
    const params = {
      ledger: client.addresses.UsageLedger,
      meterId: 1n,
      currency: usd,
      pricePerMillion: PRICE,
      sector: 1n,
      application: ethers.toBeHex(900, 20),
      mode: 1n,
    };
    await terms
      .connect(owner)
      .publish(registration(i), { conditions, policyHash: ethers.id("policy") }, params);
    const offerId = await terms.lastOfferId();
    const licenseIds: bigint[] = [];
    for (let j = 0; j < count; j += 1) {
      const order = { offerId, to: buyer, signer: ethers.ZeroAddress, units: UNITS, maxPrice: UNITS * PRICE };
      await licenses.connect(buyer).mint(order, "0x");
      licenseIds.push(await licenses.lastLicenseId());
    }
    sold.push({ offerId, licenseIds });
  }
  return sold;
}

function registration(number: number) {
  const shares = [0, 0, 1, 2].map((role, i) => ({
    role,
    units: 1,
    account: ethers.toBeHex(1_000 + 4 * number + i, 20),
    capsuleId: 0,
  }));
  const contentHash = ethers.id("content");
  return { kind: 0, royaltyBps: 250, contentHash, uri: "ipfs://capsule", did: "did:example:creator", shares };
}

/** The voucher with this number for each license: about 1,000 units per voucher so far. */
async function batchOf({ client, buyer }: Grid, { instance }: Scenario, sold: Sold[], sequence: bigint) {
  const sign = (licenseId: bigint, number: bigint) =>
    signPrivateVoucher(client, {
      signer: buyer,
      licenseId,
      units: 1_000n * number + licenseId,
      contexts: 1n,
      secret: SECRET,
    });
  const rowOf = async (licenseId: bigint): Promise<BatchRowInput> => ({
    voucher: await sign(licenseId, sequence),
    oldOpening: sequence > 1n ? await sign(licenseId, sequence - 1n) : undefined,
    cap: UNITS,
  });
  const offers = await Promise.all(
    sold.map(async ({ offerId, licenseIds }) => ({
      offerId,
      allowedContexts: 7n,
      rows: await Promise.all(licenseIds.map(rowOf)),
    })),
  );
  const { chainId, addresses } = client;
  return buildBatch({ chainId, ledger: addresses.UsageLedger, meterId: 1n, instance, offers });
}

function signalsOf({ signals: { c, y, r } }: Batch): string[] {
  return [c, y, r].map((signal) => ethers.toBeHex(signal, 32));
}

function fits(recorded: Recorded | undefined, batch: Batch): boolean {
  return (
    recorded !== undefined &&
    recorded.key === keyOf(batch) &&
    signalsOf(batch).join() === recorded.signals.join()
  );
}

function keyOf({ circuit }: Batch): string | undefined {
  return readManifest().instances[circuit]?.sha256.zkey;
}

async function proveNow(key: string, batch: Batch, mayProve: boolean): Promise<Recorded> {
  if (!mayProve) {
    throw new Error(`${RECORD} has no current proof of ${key}: npm run bench:gas -- --write (minutes)`);
  }
  if (!existsSync(builtFiles(batch.circuit).zkey)) {
    execFileSync(process.execPath, ["scripts/circuits.ts", batch.circuit], { stdio: ["ignore", 2, 2] });
  }
  const { a, b, c } = await proveBatch(batch);
  const pair = ([x, y]: readonly [bigint, bigint]): [string, string] => [`${x}`, `${y}`];
  return {
    key: keyOf(batch) ?? "",
    signals: signalsOf(batch),
    proof: [pair(a), [pair(b[0]), pair(b[1])], pair(c)],
  };
}

function decode({ proof: [a, b, c] }: Recorded): Proof {
  const pair = ([x, y]: [string, string]) => [BigInt(x), BigInt(y)] as const;
  return { a: pair(a), b: [pair(b[0]), pair(b[1])], c: pair(c) };
}

async function settle({ client, meter }: Grid, batch: Batch, proof: Proof): Promise<bigint> {
  const { to, data } = await settleBatch.prepare(client, { batch, proof });
  const receipt = await (await meter.sendTransaction({ to, data })).wait();
  return receipt?.gasUsed ?? 0n;
}
