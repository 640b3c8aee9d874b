import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { DAY, ethers, impersonate, networkHelpers } from "../grid.ts";

export const VOTES_START = 20_999_999_976_900n;
export const QUORUM_FLOOR = VOTES_START / 2n;
export const LAST_QUORUM_FLOOR = VOTES_START / 10n;
export const YEAR = 365n * DAY;
export const COINS = 10n ** 8n;
export const DELAY = 2n * DAY;
export const SALT = ethers.id("salt");
export const TERM = 548n * DAY;
export const SETTINGS = {
  votingDelay: DAY,
  votingPeriod: 7n * DAY,
  proposalThreshold: 210n * COINS,
  quorumNumerator: 4n,
  lateQuorumExtension: 2n * DAY,
};
export const State = {
  Pending: 0n,
  Active: 1n,
  Canceled: 2n,
  Defeated: 3n,
  Succeeded: 4n,
  Queued: 5n,
  Expired: 6n,
  Executed: 7n,
} as const;
export const Support = { Against: 0, For: 1, Abstain: 2 } as const;

/** Bitmap of allowed proposal states, as in OpenZeppelin's errors. */
export function statesBitmap(...states: bigint[]): string {
  return ethers.toBeHex(
    states.reduce((bits, state) => bits | (1n << state), 0n),
    32,
  );
}

/**
 * Governor, guardian, and a registry with the timelock as admin. The sale holds unsold coins. The circulating supply is
 * one unit short of starting votes: alice has two thirds, bob the rest. Both delegate to themselves. The stranger is a
 * source of the mine.
 */
export async function governanceFixture() {
  const [deployer, council, sale, alice, bob, carol, stranger] = await signers();
  const coin = await ethers.deployContract("VotesToken");
  const timelock = await ethers.deployContract("GridTimelock", [DELAY, [], [ethers.ZeroAddress], deployer]);
  const terms = await ethers.deployContract("TermsRegistry", [coin, timelock, []]);
  const governor = await ethers.deployContract("GridGovernor", [coin, timelock, sale, SETTINGS]);
  const champions = await ethers.deployContract("TestChampions");
  const mine = await ethers.deployContract("BenefitMine", [champions, timelock]);
  const permissions = [
    { target: await terms.getAddress(), selector: selectorOf(terms, "admitLedger"), isEmergency: false },
    { target: await mine.getAddress(), selector: selectorOf(mine, "removeSource"), isEmergency: true },
  ];
  const guardian = await ethers.deployContract("Guardian", [timelock, governor, mine, council, permissions]);
  const governed = mine.connect(await impersonate(timelock));
  for (const stopper of [guardian, timelock]) await governed.grantRole(await mine.STOPPER_ROLE(), stopper);
  await governed.admitSource(stranger, 1n);
  for (const account of [governor, guardian]) {
    await timelock.grantRole(await timelock.PROPOSER_ROLE(), account);
    await timelock.grantRole(await timelock.CANCELLER_ROLE(), account);
  }
  await timelock.renounceRole(ethers.ZeroHash, deployer);

  for (const account of [sale, alice, bob]) await coin.connect(account).delegate(account);
  await coin.mint(sale, 10n * VOTES_START);
  await coin.connect(sale).transfer(alice, (2n * VOTES_START) / 3n);
  await coin.connect(sale).transfer(bob, VOTES_START / 3n - 1n);
  const people = { deployer, council, sale, alice, bob, carol, stranger };
  return { coin, timelock, terms, mine, governor, guardian, ...people };
}

export type GovernanceFixture = Awaited<ReturnType<typeof governanceFixture>>;

/** `governanceFixture` with one more unit in circulation and votes started. */
export async function startedFixture() {
  const fixture = await networkHelpers.loadFixture(governanceFixture);
  await fixture.coin.connect(fixture.sale).transfer(fixture.carol, 1n);
  await fixture.governor.startVotes();
  return fixture;
}

/** `startedFixture` with alice's proposal to admit a ledger, before its snapshot. */
export async function proposedFixture() {
  const fixture = await networkHelpers.loadFixture(startedFixture);
  const proposal = await admission(fixture);
  await fixture.governor.connect(fixture.alice).propose(...proposal.args);
  return { ...fixture, proposal };
}

/** `proposedFixture` in the first second of voting. */
export async function activeFixture() {
  const fixture = await networkHelpers.loadFixture(proposedFixture);
  const { governor, proposal } = fixture;
  await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal.id)) + 1n);
  return fixture;
}

/** `activeFixture` after the proposal succeeded by alice's votes. */
export async function succeededFixture() {
  const fixture = await networkHelpers.loadFixture(activeFixture);
  const { governor, proposal, alice } = fixture;
  await governor.connect(alice).castVote(proposal.id, Support.For);
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + 1n);
  return fixture;
}

/** `succeededFixture` with the proposal queued at the timelock. */
export async function queuedFixture() {
  const fixture = await networkHelpers.loadFixture(succeededFixture);
  await fixture.governor.queue(...fixture.proposal.key);
  return fixture;
}

/** The minimum quorum some seconds after the start of votes, rounded up. */
export function quorumFloorAfter(seconds: bigint): bigint {
  const elapsed = seconds < YEAR ? seconds : YEAR;
  return QUORUM_FLOOR - ((QUORUM_FLOOR - LAST_QUORUM_FLOOR) * elapsed) / YEAR;
}

/** A proposal to admit a ledger. The coin's contract stands in for the ledger. */
export async function admission({ terms, coin }: GovernanceFixture, description = "Admit a ledger") {
  const data = terms.interface.encodeFunctionData("admitLedger", [await coin.getAddress()]);
  return proposalOf([[await terms.getAddress(), data]], description);
}

export function proposalOf(calls: [target: string, data: string][], description: string) {
  const targets = calls.map(([target]) => target);
  const values = calls.map(() => 0n);
  const payloads = calls.map(([, data]) => data);
  const key: ProposalKey = [targets, values, payloads, ethers.id(description)];
  const args: ProposalArgs = [targets, values, payloads, description];
  return { key, args, description, id: BigInt(ethers.keccak256(CODER.encode(KEY_TYPES, key))) };
}

type ProposalKey = [targets: string[], values: bigint[], payloads: string[], descriptionHash: string];
type ProposalArgs = [targets: string[], values: bigint[], payloads: string[], description: string];

const CODER = ethers.AbiCoder.defaultAbiCoder();
const KEY_TYPES = ["address[]", "uint256[]", "bytes[]", "bytes32"];

/** A proposal's operation id at the timelock. */
export async function operationIdOf(fixture: Pick<GovernanceFixture, "governor">, key: ProposalKey) {
  const [targets, values, payloads, descriptionHash] = key;
  const salt = await timelockSalt(fixture, descriptionHash);
  return ethers.keccak256(
    CODER.encode(
      ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"],
      [targets, values, payloads, ethers.ZeroHash, salt],
    ),
  );
}

/** A proposal's salt at the timelock, computed as OpenZeppelin does. */
export async function timelockSalt(
  { governor }: Pick<GovernanceFixture, "governor">,
  descriptionHash: string,
) {
  return ethers.toBeHex((BigInt(await governor.getAddress()) << 96n) ^ BigInt(descriptionHash), 32);
}

/** Takes a proposal through votes and the timelock's delay. Returns a function to execute it. */
export async function pass(fixture: GovernanceFixture, proposal: ReturnType<typeof proposalOf>) {
  const { governor, alice } = fixture;
  await governor.connect(alice).propose(...proposal.args);
  await networkHelpers.time.increaseTo((await governor.proposalSnapshot(proposal.id)) + 1n);
  await governor.connect(alice).castVote(proposal.id, Support.For);
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(proposal.id)) + 1n);
  await expect(governor.queue(...proposal.key))
    .to.emit(governor, "ProposalQueued")
    .withArgs(proposal.id, anyValue);
  await networkHelpers.time.increase(await fixture.timelock.getMinDelay());
  return () => governor.execute(...proposal.key);
}

/** Calls permitted to the council in this fixture. */
export async function admissionCalls({ terms, coin }: GovernanceFixture) {
  const data = terms.interface.encodeFunctionData("admitLedger", [await coin.getAddress()]);
  return [{ target: await terms.getAddress(), data }];
}

/** Emergency calls of the council in this fixture: they remove the source. */
export async function emergencyCalls({ mine, stranger }: GovernanceFixture) {
  const data = mine.interface.encodeFunctionData("removeSource", [stranger.address]);
  return [{ target: await mine.getAddress(), data }];
}

/** Proposes calls as the council, @default a ledger's admission. Returns the operation and a function to execute it. */
export async function proposeAsCouncil(
  fixture: GovernanceFixture,
  check: "checkCurrent" | "checkEmergency" = "checkCurrent",
  given?: Awaited<ReturnType<typeof admissionCalls>>,
) {
  const { guardian, timelock, council } = fixture;
  const calls = given ?? (await admissionCalls(fixture));
  const transaction = await guardian.connect(council).propose(calls, SALT);
  const [proposed] = await guardian.queryFilter(
    guardian.filters.CallsProposed(),
    transaction.blockNumber ?? 0,
  );
  if (!proposed) throw new Error("Nothing was proposed.");
  const { operationId: id, lapsesAt } = proposed.args;
  const first = new ethers.Interface(guardian.interface.fragments).encodeFunctionData(check, [lapsesAt]);
  const targets = [await guardian.getAddress(), ...calls.map(({ target }) => target)];
  const payloads = [first, ...calls.map(({ data }) => data)];
  const execute = (caller: typeof council) =>
    timelock.connect(caller).executeBatch(
      targets,
      targets.map(() => 0n),
      payloads,
      ethers.ZeroHash,
      SALT,
    );
  return { transaction, id, lapsesAt, execute };
}

export function selectorOf(
  contract: { interface: { getFunction(name: string): { selector: string } | null } },
  name: string,
) {
  const selector = contract.interface.getFunction(name)?.selector;
  if (!selector) throw new Error(`There is no function ${name}.`);
  return selector;
}

async function signers() {
  type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];
  return (await ethers.getSigners()) as [Signer, Signer, Signer, Signer, Signer, Signer, Signer];
}
