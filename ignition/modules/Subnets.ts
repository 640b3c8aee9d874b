import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Benchmarks from "./Benchmarks.ts";
import Coin from "./Coin.ts";
import Pools from "./Pools.ts";
import Settlement from "./Settlement.ts";

/** After the other contracts, so that it moves no address: kept proofs have the ledger's. */
export default buildModule("Subnets", (m) => {
  const { coin, champions } = m.useModule(Coin);
  const { benchmarks } = m.useModule(Benchmarks);
  const { pools } = m.useModule(Pools);
  const { router } = m.useModule(Settlement);
  const after = [benchmarks, pools];
  const libraries = {
    EpochRunner: m.library("EpochRunner", { after }),
    PotBook: m.library("PotBook", { after }),
  };
  const subnets = m.contract("SubnetHub", [coin, champions, m.getAccount(0)], { libraries });
  return { subnets, feeds: m.contract("SubnetFeedFactory", [subnets, router]) };
});
