import { ethers, networkHelpers } from "../grid.ts";
import { COIN, PARAMS, Phase, hubFixture, score, type Signer } from "./support.ts";

async function measure(V: number, M: number) {
  const f = await networkHelpers.loadFixture(hubFixture);
  const { hub, coin, goTo } = f;
  await hub.setDefaultParams({ ...PARAMS, tempo: 86400n * 7n, immunity: 1n, registrationFee: 0n, maxValidators: BigInt(V), maxMiners: BigInt(M) });
  await hub.connect(f.creator).create(0, ethers.ZeroHash, "");
  const accounts: Signer[] = [];
  for (let i = 0; i < V + M; i++) {
    const w = new ethers.Wallet(ethers.toBeHex(i + 12345, 32), ethers.provider);
    await networkHelpers.setBalance(w.address, 10n ** 24n);
    await networkHelpers.impersonateAccount(w.address);
    accounts.push((await ethers.getSigner(w.address)) as Signer);
  }
  for (const v of accounts.slice(0, V)) {
    await coin.mint(v, 10_000n * COIN);
    await coin.connect(v).approve(hub, ethers.MaxUint256);
    const k = BigInt(accounts.indexOf(v));
    await hub.connect(v).stake(1, (100n + k * 7n) * COIN);
    const r = await (await hub.connect(v).registerValidator(1)).wait();
    if (v === accounts[V - 1]) console.log("register last validator", r!.gasUsed);
  }
  let r;
  for (const m of accounts.slice(V)) r = await (await hub.connect(m).registerMiner(1)).wait();
  console.log("register last miner", r!.gasUsed);
  for (const epoch of [2n, 3n]) {
    // descending within columns: the worst case of insertion sort
    const rows = new Map(accounts.slice(0, V).map((v, i) => [v, Array.from({ length: M }, (_, j) => 65535 - ((i * 997 + j * 131) % 65000))]));
    await score(f, epoch, rows);
    await goTo(epoch + 1n);
    const receipt = await (await hub.runEpoch(1)).wait();
    console.log(V, M, "epoch", epoch, "gas", receipt!.gasUsed, "per cell", Number(receipt!.gasUsed) / V / M);
    const ev = receipt!.logs.map((l) => hub.interface.parseLog(l)).find((e) => e?.name === "EpochRun");
    console.log(ev!.args.incentives.slice(0, 3), ev!.args.dividends.slice(0, 3), ev!.args.data.length / 2 - 1);
  }
}
describe("zz", () => {
  for (const [V, M] of (process.env.SIZES ?? "4x8,16x64").split(",").map((s) => s.split("x").map(Number))) it(`${V}x${M}`, async () => { await measure(V!, M!); });
});
