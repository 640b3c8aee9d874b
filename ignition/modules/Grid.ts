import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type {
  CallableContractFuture,
  ContractFuture,
  Future,
  IgnitionModuleBuilder,
} from "@nomicfoundation/ignition-core";
import { id, ZeroHash } from "ethers";
import type { ContractKey } from "../contracts.ts";
import Benchmarks from "./Benchmarks.ts";
import Coin from "./Coin.ts";
import Governance from "./Governance.ts";
import Metering from "./Metering.ts";
import Pools from "./Pools.ts";
import Subnets from "./Subnets.ts";
import TestUSD from "./TestUSD.ts";

/** The admissions before the deployer's roles end. Accounts are addresses. */
export type Admissions = {
  programmes: readonly { kind: number; steward: string; metadataHash: string; uri: string }[];
  /** `programmeId` counts programmes from 1. */
  champions: readonly {
    country: number;
    population: bigint;
    operator: string;
    registrar: string;
    programmeId: number;
    sectors: readonly number[];
  }[];
  sectors: readonly { sector: number; weight: bigint; target: bigint; allowance: bigint }[];
  /** Accounts that report benefit, with their maximum units per round and sector. */
  sources: readonly { account: string; cap: bigint }[];
  /** The reserve is the least price of a whole coin, in base units. The first one is the standard; "TestUSD" is deployed. */
  currencies: readonly { token: string; reserve: bigint }[];
};

const NOTHING: Admissions = { programmes: [], champions: [], sectors: [], sources: [], currencies: [] };

/** All contracts, wired. At the end only the timelock has admin roles. */
export function gridModule(admissions: Admissions) {
  return buildModule("Grid", (m) => {
    const { capsules, terms, router, licenses, ledger } = m.useModule(Metering);
    const { benchmarks } = m.useModule(Benchmarks);
    const { timelock, commons, champions, mine, coin, sale } = m.useModule(Coin);
    const { governor, guardian } = m.useModule(Governance);
    const { pools } = m.useModule(Pools);
    const { subnets, feeds } = m.useModule(Subnets);
    const usesTestUSD = admissions.currencies.some(({ token }) => token === "TestUSD");
    const money = usesTestUSD ? m.useModule(TestUSD) : {};

    const admitted = admit(m, admissions, { commons, champions, mine, sale, ...money });
    const share = m.call(router, "setApplicationShare", [m.getParameter("applicationShareBps", 3_000)]);
    const proposers = Object.entries({ governor, guardian }).flatMap(([name, contract]) =>
      ["PROPOSER_ROLE", "CANCELLER_ROLE"].map((role) =>
        m.call(timelock, "grantRole", [id(role), contract], { id: `${name}_${role}` }),
      ),
    );
    const stoppers = Object.entries({ timelock, guardian }).map(([name, contract]) =>
      m.call(mine, "grantRole", [id("STOPPER_ROLE"), contract], { id: `${name}_STOPPER_ROLE` }),
    );
    const quality = m.call(mine, "setSubnets", [subnets]);
    const after = [...admitted, ...proposers, ...stoppers, share, quality, ledger, licenses];
    handOver(m, timelock, { capsules, terms, router, commons, champions, mine, sale, subnets }, after);
    const earning = { coin, mine, sale, champions, subnets, feeds, commons };
    const using = { capsules, benchmarks, pools, terms, licenses, ledger, router };
    const grid = { ...using, ...earning, governor, guardian, timelock };
    return { ...(grid satisfies Record<Exclude<ContractKey, "usd">, unknown>), ...money };
  });
}

type Contracts = Record<"commons" | "champions" | "mine" | "sale", CallableContractFuture<string>> & {
  usd?: ContractFuture<string>;
};

/** Calls one after another, so ids follow the order of the file. Each is named after its entry there. */
function admit(m: IgnitionModuleBuilder, admissions: Admissions, contracts: Contracts): Future[] {
  const { commons, champions, mine, sale, usd } = contracts;
  const done: Future[] = [];
  const call = (
    entry: string,
    contract: CallableContractFuture<string>,
    method: string,
    args: Parameters<typeof m.call>[2],
  ) => done.push(m.call(contract, method, args, { id: entry, after: done.slice(-1) }));

  for (const [i, { kind, steward, metadataHash, uri }] of admissions.programmes.entries())
    call(`programmes_${i}`, commons, "startProgramme", [kind, steward, metadataHash, uri]);
  for (const [i, { sectors, ...champion }] of admissions.champions.entries())
    call(`champions_${i}`, champions, "admit", [{ ...champion, sectors: [...sectors] }]);
  for (const [i, { sector, ...params }] of admissions.sectors.entries())
    call(`sectors_${i}`, mine, "setSector", [sector, params]);
  for (const [i, { account, cap }] of admissions.sources.entries())
    call(`sources_${i}`, mine, "admitSource", [account, cap]);
  const tokens = admissions.currencies.map(({ token }) => (token === "TestUSD" && usd ? usd : token));
  for (const [i, { reserve }] of admissions.currencies.entries())
    call(`currencies_${i}`, sale, "setCurrency", [tokens[i] ?? "", reserve]);
  if (tokens[0]) call("standardCurrency", sale, "setStandardCurrency", [tokens[0]]);
  return done;
}

/** Moves each admin role from the deployer to the timelock. */
function handOver(
  m: IgnitionModuleBuilder,
  timelock: CallableContractFuture<string>,
  contracts: Record<string, CallableContractFuture<string>>,
  after: Future[],
): void {
  const deployer = m.getAccount(0);
  const renounced = Object.entries(contracts).map(([name, contract]) => {
    const granted = m.call(contract, "grantRole", [ZeroHash, timelock], { id: `${name}Grant`, after });
    return m.call(contract, "renounceRole", [ZeroHash, deployer], {
      id: `${name}Renounce`,
      after: [granted],
    });
  });
  m.call(timelock, "renounceRole", [ZeroHash, deployer], { id: "timelockRenounce", after: renounced });
}

/** Without admissions. */
export default gridModule(NOTHING);
