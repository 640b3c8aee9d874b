import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id } from "ethers";
import Coin from "./Coin.ts";
import Settlement from "./Settlement.ts";

/**
 * The guardian's council may propose these calls until votes start: admissions and parameters. It cannot admit
 * currencies or set reserves: with its own token it would buy the first votes for nothing.
 */
const PERMISSIONS = {
  terms: ["admitLedger(address)", "retireLedger(address)"],
  champions: [
    "admit((uint16,uint64,address,address,uint64,uint16[]))",
    "setSector(uint32,uint16,bool)",
    "setPopulation(uint32,uint64)",
    "restrict(uint32)",
    "liftRestriction(uint32)",
  ],
  mine: [
    "setSector(uint16,(uint32,uint112,uint64))",
    "retireSector(uint16)",
    "admitSource(address,uint88)",
    "setSourceCap(address,uint88)",
    "removeSource(address)",
  ],
  sale: ["setStandardCurrency(address)"],
  commons: ["startProgramme(uint8,address,bytes32,string)"],
} as const;

/** Calls that the council may propose until the end of its term. They only end or restrict. */
const EMERGENCY = ["retireLedger(address)", "removeSource(address)", "restrict(uint32)"];

/** The DAO's governor, and the guardian of its first 548 days. */
export default buildModule("Governance", (m) => {
  const { timelock, commons, champions, mine, coin, sale } = m.useModule(Coin);
  const { terms } = m.useModule(Settlement);
  const settings = {
    votingDelay: m.getParameter("votingDelay", 86_400n),
    votingPeriod: m.getParameter("votingPeriod", 604_800n),
    proposalThreshold: m.getParameter("proposalThreshold", 21_000_000_000n),
    quorumNumerator: m.getParameter("quorumNumerator", 4n),
    lateQuorumExtension: m.getParameter("lateQuorumExtension", 172_800n),
  };
  const governor = m.contract("GridGovernor", [coin, timelock, sale, settings]);

  const council = m.getParameter("council", m.getAccount(0));
  const targets = { terms, champions, mine, sale, commons };
  const permissions = Object.entries(PERMISSIONS).flatMap(([name, signatures]) =>
    signatures.map((signature) => ({
      target: targets[name as keyof typeof PERMISSIONS],
      selector: id(signature).slice(0, 10),
      isEmergency: EMERGENCY.includes(signature),
    })),
  );
  const guardian = m.contract("Guardian", [timelock, governor, mine, council, permissions]);
  return { governor, guardian };
});
