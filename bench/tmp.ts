import { network } from "hardhat";
import Grid from "../ignition/modules/Grid.ts";
import TestUSD from "../ignition/modules/TestUSD.ts";

const { ethers, ignition, networkHelpers } = await network.create();
const [owner, meter] = (await ethers.getSigners()) as any[];
const buyer = new ethers.Wallet(ethers.id("buyer"), ethers.provider);
const grid = await ignition.deploy(Grid);
const { usd: token } = await ignition.deploy(TestUSD);
const terms: any = await ethers.getContractAt("TermsRegistry", await grid.terms.getAddress());
const licenses: any = await ethers.getContractAt("LicenseNFT", await grid.licenses.getAddress());
const router: any = await ethers.getContractAt("SettlementRouter", await grid.router.getAddress());
const usd: any = await ethers.getContractAt("TestUSD", await token.getAddress());
const [v0, v1, verifier] = [
  await ethers.deployContract("UsageBatch16x4Verifier"),
  await ethers.deployContract("UsageBatch128x16Verifier"),
  await ethers.deployContract("UsageRangeVerifier"),
];
const poseidon = await ethers.deployContract("PoseidonT5");
const ledger: any = await ethers.deployContract(
  "UsageLedger",
  [
    licenses,
    terms,
    router,
    [
      { rows: 16, offers: 4, verifier: v0 },
      { rows: 128, offers: 16, verifier: v1 },
    ],
    verifier,
  ],
  { libraries: { PoseidonT5: await poseidon.getAddress() } } as any,
);
const tl = await grid.timelock.getAddress();
await networkHelpers.impersonateAccount(tl);
await networkHelpers.setBalance(tl, 10n ** 20n);
await terms.connect(await ethers.getSigner(tl)).admitLedger(ledger);
await ledger.connect(meter).registerMeter(meter, "https://meter.example");
await owner.sendTransaction({ to: buyer, value: ethers.parseEther("100") });
await usd.mint(buyer, 10n ** 18n);
await usd.connect(buyer).approve(router, ethers.MaxUint256);
const reg = (i: number) => ({
  kind: 0,
  royaltyBps: 250,
  contentHash: ethers.id("content"),
  uri: "ipfs://x",
  did: "did:x",
  shares: [0, 0, 1, 2].map((role, k) => ({
    role,
    units: 1,
    account: ethers.toBeHex(1000 + i * 4 + k, 20),
    capsuleId: 0,
  })),
});
const conditions = {
  duration: 2_592_000,
  revocationNotice: 86_400,
  maxUnits: 1_000_000n,
  contexts: 7,
  transferable: true,
};
async function offers(n: number) {
  const ids = [];
  for (let i = 0; i < n; i++) {
    await terms.publish(
      reg(i),
      { conditions, policyHash: ethers.id("policy") },
      {
        ledger: ledger.target,
        meterId: 1,
        currency: usd.target,
        unitPrice: 25n,
        sector: 1,
        application: ethers.toBeHex(900, 20),
        mode: 1,
      },
    );
    ids.push(await terms.lastOfferId());
  }
  return ids;
}
async function measure(instance: number, n: number, rows: number) {
  const ids = await offers(n);
  const lic: bigint[][] = [];
  for (const offerId of ids) {
    const l = [];
    for (let i = 0; i < rows; i++) {
      await licenses
        .connect(buyer)
        .mint(
          {
            offerId,
            to: buyer.address,
            signer: ethers.ZeroAddress,
            units: 1_000_000n,
            maxPrice: 25_000_000n,
          },
          "0x",
        );
      l.push(await licenses.lastLicenseId());
    }
    lic.push(l);
  }
  let gas = 0n;
  for (const round of [0, 1]) {
    const batches = await Promise.all(
      ids.map(async (offerId, k) => ({
        offerId,
        units: 1000n * BigInt(rows) + 5n,
        rows: await Promise.all(
          lic[k]!.map(async (id) => {
            const usage = ethers.toBeHex(BigInt(ethers.id(`${id}/${round}`)) >> 3n, 32);
            const { r, yParityAndS } = buyer.signingKey.sign(await ledger.voucherDigest(id, usage));
            return { entry: ethers.toBeHex((id << 64n) | 1_000_000n, 32), usage, r, vs: yParityAndS };
          }),
        ),
      })),
    );
    const f = (x: string) => ethers.id(x);
    const tx = await ledger.connect(meter).settlePrivate(1, instance, batches, BigInt(f("c")) >> 3n, {
      a: [f("1"), f("2")],
      b: [
        [f("3"), f("4")],
        [f("5"), f("6")],
      ],
      c: [f("7"), f("8")],
    });
    const rc = await tx.wait();
    gas = rc.gasUsed;
    if (round === 1 && process.env.TRACE) await trace(rc.hash, n * rows);
  }
  console.log(
    instance,
    n,
    rows,
    Number(gas) / (n * rows),
    "with verification",
    (Number(gas) + 208_000) / (n * rows),
  );
}

import { profile } from "./prof.ts";

async function trace(hash: string, count: number) {
  const t: any = await ethers.provider.send("debug_traceTransaction", [
    hash,
    { disableMemory: true, disableStorage: true },
  ]);
  const codes: any = {};
  for (const [n, c] of Object.entries<any>({
    TermsRegistry: terms,
    LicenseNFT: licenses,
    SettlementRouter: router,
    CapsuleRegistry: grid.capsules,
    UsageLedger: ledger,
  }))
    codes[(await c.getAddress()).toLowerCase()] = n;
  profile(t.structLogs, codes, "UsageLedger", count);
}
if (!process.env.TRACE) {
  await measure(0, 1, 16);
  await measure(1, 1, 128);
}
await measure(1, 16, 8);
