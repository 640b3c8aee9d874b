import type { CONTRACTS } from "./contracts.ts";

type Name = (typeof CONTRACTS)[keyof typeof CONTRACTS];

/**
 * Contracts whose address depends on the genesis, with the reason: it is in their constructors. All others have the same
 * address on every live chain, if deployer and salt are the same. A setter would avoid this, but it would cost a storage
 * read in each settlement, or leave the council to a single key until somebody accepts it.
 */
export const VARYING: Partial<Record<Name, string>> = {
  GridTimelock: "takes minDelay",
  GridGovernor: "takes the timelock and the parameters of votes",
  Guardian: "takes the council, the timelock and the governor",
  LicenseNFT: "takes the guardian",
  UsageLedger: "takes the guardian and LicenseNFT",
};
