import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Governance from "./Governance.ts";
import Settlement from "./Settlement.ts";

export default buildModule("Licenses", (m) => {
  const { capsules, terms, router } = m.useModule(Settlement);
  const { guardian } = m.useModule(Governance);
  const licenses = m.contract("LicenseNFT", [capsules, terms, router, guardian]);
  m.call(router, "setLicenses", [licenses]);
  m.call(capsules, "setLicenses", [licenses]);
  return { capsules, terms, router, guardian, licenses };
});
