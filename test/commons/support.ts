import { DAY, ethers, networkHelpers, Role, registration, share } from "../grid.ts";

export const FRANCE = 250n;
export const KENYA = 404n;
export const PROGRAMME_ROLE = ethers.id("PROGRAMME_ROLE");
export const ProgrammeKind = { Research: 0n, Service: 1n } as const;
export const MilestoneStatus = { Proposed: 0n, Released: 1n, Withdrawn: 2n } as const;
export const METADATA = { hash: ethers.id("metadata"), uri: "ipfs://programme/1" };
export const RELEASE_PERIOD = 30n * DAY;
export const EVIDENCE = ethers.id("evidence");

type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

/**
 * A Commons with `governance` as admin, research programme 1 and service programme 2. Half of a vault is releasable,
 * from 30 days on.
 */
export async function commonsFixture() {
  const [governance, steward, donor, successor, otherSteward, stranger] =
    (await ethers.getSigners()) as Signer[] as [Signer, Signer, Signer, Signer, Signer, Signer];
  const commons = await ethers.deployContract("Commons", [governance], governance);
  await commons.setReleaseLimit(5_000n);
  await commons.startProgramme(ProgrammeKind.Research, steward, METADATA.hash, METADATA.uri);
  await commons.startProgramme(ProgrammeKind.Service, otherSteward, METADATA.hash, METADATA.uri);
  const token = await ethers.deployContract("PlainToken", [18]);
  await fund(commons, donor, token);
  return { commons, token, governance, steward, donor, successor, otherSteward, stranger };
}

export type CommonsFixture = Awaited<ReturnType<typeof commonsFixture>>;

type Mintable = {
  mint(to: Signer, amount: bigint): Promise<unknown>;
  connect(signer: Signer): { approve(spender: CommonsFixture["commons"], amount: bigint): Promise<unknown> };
};

/** Gives a donor plenty of a token and approves the Commons. */
export async function fund(commons: CommonsFixture["commons"], donor: Signer, token: Mintable) {
  await token.mint(donor, 10n ** 24n);
  await token.connect(donor).approve(commons, ethers.MaxUint256);
}

/** `commonsFixture` with 1,000 in vault 1, and milestone 1 of programme 1 for 400, which stood for 30 days. */
export async function milestoneFixture() {
  const fixture = await networkHelpers.loadFixture(commonsFixture);
  const { commons, token, donor, steward } = fixture;
  await commons.connect(donor).deposit(1n, token, 1_000n);
  const approved = [1n, token, 400n, 0n, EVIDENCE] as const;
  await commons.connect(steward).proposeMilestone(...approved);
  await networkHelpers.time.increase(RELEASE_PERIOD);
  return { ...fixture, approved };
}

/**
 * `commonsFixture` with the router set. Capsule 1 of a creator has a data, a model and a compute row for three
 * accounts, the last for the serving champion. Vault 2 holds 5,000. Its milestone 1 requests 1,001 for capsule 1, and
 * stood for 30 days.
 */
export async function serviceFixture() {
  const fixture = await networkHelpers.loadFixture(commonsFixture);
  const { commons, token, governance, donor, otherSteward } = fixture;
  const [creator, dataOwner, modelOwner, champion] = (await ethers.getSigners()).slice(10) as Signer[] as [
    Signer,
    Signer,
    Signer,
    Signer,
  ];
  const capsules = await ethers.deployContract("CapsuleRegistry", [governance]);
  const terms = await ethers.deployContract("TermsRegistry", [capsules, governance, []]);
  const router = await ethers.deployContract("SettlementRouter", [capsules, terms, commons, governance]);
  await commons.setRouter(router);
  const rows = [
    share(Role.Data, 1n, dataOwner),
    share(Role.Model, 1n, modelOwner),
    share(Role.Compute, 1n, champion),
  ];
  await capsules.register(creator, registration(rows));
  await commons.connect(donor).deposit(2n, token, 5_000n);
  const approved = [2n, token, 1_001n, 1n, EVIDENCE] as const;
  await commons.connect(otherSteward).proposeMilestone(...approved);
  await networkHelpers.time.increase(RELEASE_PERIOD);
  return { ...fixture, capsules, router, approved, creator, dataOwner, modelOwner, champion };
}

/** A registry with `governance` as admin, two programmes and no champions. */
export async function registryFixture() {
  const [governance, operator, registrar, successor, citizens, stranger] =
    (await ethers.getSigners()) as Signer[] as [Signer, Signer, Signer, Signer, Signer, Signer];
  const { commons } = await networkHelpers.loadFixture(commonsFixture);
  const registry = await ethers.deployContract("ChampionRegistry", [commons, governance], governance);
  await registry.grantRole(PROGRAMME_ROLE, citizens);
  const admission = {
    country: FRANCE,
    population: 68_000_000n,
    operator: operator.address,
    registrar: registrar.address,
    programmeId: 1n,
    sectors: [7n, 65_535n],
  };
  return { registry, commons, admission, governance, operator, registrar, successor, citizens, stranger };
}

/** `registryFixture` with champion 1, of France, in sectors 7 and 65,535. */
export async function championFixture() {
  const fixture = await networkHelpers.loadFixture(registryFixture);
  await fixture.registry.admit(fixture.admission);
  return { ...fixture, championId: 1n };
}
