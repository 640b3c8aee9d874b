import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** For local and test chains only. */
export default buildModule("TestUSD", (m) => ({ usd: m.contract("TestUSD") }));
