import { Interface, id, type Log, type LogDescription, type Provider, toBeHex } from "ethers";
import { artifacts } from "hardhat";
import { CONTRACTS } from "../../ignition/contracts.ts";

/** Where a contract stands, and the block that created it. */
export type GridPlace = { readonly address: string; readonly block: number };

export type GridCode = {
  readonly address: string;
  readonly code: string;
  /** The time of the block that created it. */
  readonly createdAt: bigint;
};

/** A deployment as a chain tells it. Role holders and settings are sentences, so that two states compare line by line. */
export type GridState = {
  readonly code: Readonly<Record<string, GridCode>>;
  readonly roles: readonly string[];
  readonly settings: readonly string[];
};

/** The contracts whose constructor calls another contract's. */
const CHILDREN: Readonly<Record<string, string>> = { FoundationCoin: "BenefitMine", CoinSale: "BenefitMine" };

export function placesOf(
  addresses: Readonly<Record<string, string>>,
  blocks: Readonly<Record<string, number>>,
): Record<string, GridPlace> {
  const entries = Object.entries(addresses).map(([name, address]) => {
    return [name, { address, block: blocks[CHILDREN[name] ?? name] ?? 0 }] as const;
  });
  return Object.fromEntries(entries);
}

const ROLE_EVENTS = ["RoleGranted", "RoleRevoked"];

/** Events of the calls that only governance or the deployer makes. Users raise all others. */
const SETTINGS = [
  "RoleAdminChanged",
  "CapsuleLicensesSet",
  "ContextDefined",
  "LedgerAdmitted",
  "LedgerRetired",
  "ApplicationShareSet",
  "SectorShareSet",
  "LicensesSet",
  "InstanceAdded",
  "RangeVerifierSet",
  "SubnetsSet",
  "SectorSet",
  "SectorRetired",
  "SourceAdmitted",
  "SourceCapSet",
  "SourceRemoved",
  "SourceStopped",
  "CurrencySet",
  "StandardCurrencySet",
  "ChampionAdmitted",
  "ChampionOperatorSet",
  "ChampionRegistrarSet",
  "ChampionSectorSet",
  "ChampionPopulationSet",
  "ChampionRestrictionSet",
  "ChampionProgrammeSet",
  "ChampionRetired",
  "ProgrammeStarted",
  "StewardSet",
  "ReleaseLimitSet",
  "RouterSet",
  "CallPermitted",
  "CouncilChanged",
  "VotingDelaySet",
  "VotingPeriodSet",
  "ProposalThresholdSet",
  "QuorumNumeratorUpdated",
  "LateQuorumVoteExtensionSet",
  "TimelockChange",
  "MinDelayChange",
];

/** They depend on the time of the deployment. */
const TIMES = ["fromRound", "from"];

/** Reads code, role holders and settings. The code must be this source for the other two to count. */
export async function readState(
  provider: Provider,
  places: Readonly<Record<string, GridPlace>>,
  fromBlock: number,
): Promise<GridState> {
  const code: Record<string, GridCode> = {};
  for (const [name, { address, block }] of Object.entries(places)) {
    const created = await provider.getBlock(block);
    code[name] = {
      address,
      code: await provider.getCode(address),
      createdAt: BigInt(created?.timestamp ?? 0),
    };
  }
  const events = await governedEvents(provider, places, fromBlock);
  return { code, roles: roleHolders(events), settings: events.filter(isSetting).map(sentenceOf) };
}

type Event = { readonly contract: string; readonly event: LogDescription };

async function governedEvents(
  provider: Provider,
  places: Readonly<Record<string, GridPlace>>,
  fromBlock: number,
): Promise<Event[]> {
  const known = new Map<string, { contract: string; abi: Interface }>();
  for (const contract of Object.values(CONTRACTS)) {
    const place = places[contract];
    if (place === undefined) continue;
    const abi = new Interface((await artifacts.readArtifact(contract)).abi);
    known.set(place.address.toLowerCase(), { contract, abi });
  }
  const topics = new Set<string>();
  for (const { abi } of known.values())
    abi.forEachEvent(({ name, topicHash }) => {
      if (ROLE_EVENTS.includes(name) || SETTINGS.includes(name)) topics.add(topicHash);
    });
  const filter = { address: [...known.keys()], topics: [[...topics]] };
  const logs = await logsOf(provider, filter, fromBlock, await provider.getBlockNumber());
  return logs.flatMap((log) => {
    const { contract, abi } = known.get(log.address.toLowerCase()) ?? {};
    const event = abi?.parseLog(log);
    return contract && event ? [{ contract, event }] : [];
  });
}

/** Nodes limit the span of a query or the number of its answers, each in its own words: any failure halves the span. */
async function logsOf(
  provider: Provider,
  filter: { address: string[]; topics: string[][] },
  fromBlock: number,
  toBlock: number,
): Promise<Log[]> {
  try {
    return await provider.getLogs({ ...filter, fromBlock, toBlock });
  } catch (error) {
    if (fromBlock >= toBlock) throw error;
    const middle = Math.floor((fromBlock + toBlock) / 2);
    const first = await logsOf(provider, filter, fromBlock, middle);
    return [...first, ...(await logsOf(provider, filter, middle + 1, toBlock))];
  }
}

function isSetting({ event }: Event): boolean {
  return SETTINGS.includes(event.name);
}

function sentenceOf({ contract, event: { name, fragment, args } }: Event): string {
  const values = fragment.inputs.flatMap((input, i) =>
    TIMES.includes(input.name) ? [] : [`${input.name} ${textOf(args[i])}`],
  );
  return `${contract}: ${name}(${values.join(", ")})`;
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? `(${value.map(textOf).join(", ")})` : String(value);
}

const ROLES = ["PROGRAMME_ROLE", "STOPPER_ROLE", "PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"];
const ROLE_NAMES = new Map([
  [toBeHex(0, 32), "DEFAULT_ADMIN_ROLE"],
  ...ROLES.map((name) => [id(name), name] as const),
]);

function roleHolders(events: readonly Event[]): string[] {
  const held = new Set<string>();
  for (const { contract, event } of events) {
    if (!ROLE_EVENTS.includes(event.name)) continue;
    const { role, account } = event.args;
    const sentence = `${contract}: ${account} has ${ROLE_NAMES.get(role) ?? role}`;
    if (event.name === "RoleGranted") held.add(sentence);
    else held.delete(sentence);
  }
  return [...held];
}
