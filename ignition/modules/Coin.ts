import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Commons from "./Commons.ts";

/** The mine's constructor deploys coin and sale. */
export default buildModule("Coin", (m) => {
  const { timelock, commons, champions } = m.useModule(Commons);
  const mine = m.contract("BenefitMine", [champions, m.getAccount(0)]);
  const coin = m.contractAt("FoundationCoin", m.staticCall(mine, "COIN"));
  const sale = m.contractAt("CoinSale", m.staticCall(mine, "SALE"));
  return { timelock, commons, champions, mine, coin, sale };
});
