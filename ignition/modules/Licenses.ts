import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Settlement from "./Settlement.ts";

export default buildModule("Licenses", (m) => {
  const { capsules, terms, router } = m.useModule(Settlement);
  const licenses = m.contract("LicenseNFT", [capsules, terms, router]);
  m.call(router, "setLicenses", [licenses]);
  return { capsules, terms, router, licenses };
});
