import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Governance from "./Governance.ts";
import Settlement from "./Settlement.ts";

export default buildModule("Licenses", (m) => {
  const { capsules, terms, router } = m.useModule(Settlement);
  const { guardian } = m.useModule(Governance);
  const metadata = m.contract("LicenseMetadata", [capsules, terms]);
  const licenses = m.contract("LicenseNFT", [capsules, terms, router, guardian, metadata]);
  m.call(router, "setLicenses", [licenses]);
  m.call(capsules, "setLicenses", [licenses]);
  return { capsules, terms, router, guardian, metadata, licenses };
});
