import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id, ZeroHash } from "ethers";
import Governance from "./Governance.ts";

/** Champions, and the programmes that their proceeds build; in the end the timelock alone governs both. */
export default buildModule("Commons", (m) => {
  const { timelock } = m.useModule(Governance);
  const deployer = m.getAccount(0);
  const commons = m.contract("Commons", [deployer]);
  const champions = m.contract("ChampionRegistry", [commons, deployer]);
  const programmes = m.call(champions, "grantRole", [id("PROGRAMME_ROLE"), timelock], { id: "programmes" });
  for (const [name, contract] of Object.entries({ commons, champions })) {
    const granted = m.call(contract, "grantRole", [ZeroHash, timelock], {
      id: `${name}Grant`,
      after: [programmes],
    });
    m.call(contract, "renounceRole", [ZeroHash, deployer], { id: `${name}Renounce`, after: [granted] });
  }
  return { timelock, commons, champions };
});
