import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Settlement from "./Settlement.ts";

export default buildModule("Licenses", (m) => {
  const { capsules, timelock, terms, router } = m.useModule(Settlement);
  const licenses = m.contract("LicenseNFT", [capsules, terms, router]);
  m.call(router, "setLicenses", [licenses]);
  return { capsules, timelock, terms, router, licenses };
});
