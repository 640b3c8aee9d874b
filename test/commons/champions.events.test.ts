import { expect } from "chai";
import { ethers, networkHelpers } from "../grid.ts";
import { fieldsOf } from "../licenses/support.ts";
import { randomOf } from "../settlement/support.ts";
import { registryFixture } from "./support.ts";

const STEPS = 300;
const SECTORS = 3;

type Registry = Awaited<ReturnType<typeof registryFixture>>["registry"];

/** One random action of governance or operators. Many are expected to revert. */
async function step(
  fixture: Awaited<ReturnType<typeof registryFixture>>,
  random: ReturnType<typeof randomOf>,
) {
  const { registry, admission, governance, citizens } = fixture;
  const people = [fixture.operator, fixture.registrar, fixture.successor, fixture.stranger];
  const pick = () => people[random(people.length)] as typeof governance;
  const id = BigInt(1 + random(Number(await registry.lastChampionId()) || 1));
  const sector = BigInt(random(SECTORS));
  const sectors = [sector, BigInt(random(SECTORS))];
  const deeds = [
    async () =>
      registry.admit({
        ...admission,
        country: BigInt(1 + random(6)),
        operator: pick(),
        registrar: pick(),
        sectors,
      }),
    async () => registry.connect(pick()).proposeOperator(id, pick()),
    async () => registry.connect(pick()).acceptOperator(id),
    async () => registry.replaceOperator(id, pick()),
    async () => registry.setRegistrar(id, pick()),
    async () => registry.setSector(id, sector, random(2) === 0),
    async () => registry.setPopulation(id, BigInt(random(1_000))),
    async () => (random(2) === 0 ? registry.restrict(id) : registry.liftRestriction(id)),
    async () => registry.connect(citizens).setProgramme(id, BigInt(random(4))),
    async () => (random(3) === 0 ? await registry.retire(id) : undefined),
  ];
  try {
    await deeds[random(deeds.length)]?.();
  } catch (error) {
    if (!/revert/.test(String(error))) throw error;
  }
}

async function historyFixture() {
  const fixture = await networkHelpers.loadFixture(registryFixture);
  const random = randomOf(250);
  for (let i = 0; i < STEPS; i += 1) await step(fixture, random);
  return { ...fixture, book: await readBook(fixture.registry) };
}

async function readBook(registry: Registry) {
  const champions = new Map<bigint, Record<string, unknown>>();
  const sectors = new Map<string, boolean>();
  const countries = new Map<bigint, bigint>();
  const counts = new Map<string, number>();
  const set = (id: bigint, fields: Record<string, unknown>) =>
    champions.set(id, { ...champions.get(id), ...fields });
  const entries: Record<string, (args: ReturnType<typeof JSON.parse>) => unknown> = {
    ChampionAdmitted: ([id, country, operator, registrar, population]) => {
      const flags = { restricted: false, retired: false };
      set(id, { country, population, operator, registrar, ...flags, pendingOperator: ethers.ZeroAddress });
      countries.set(country, id);
    },
    ChampionOperatorProposed: ([id, pendingOperator]) => set(id, { pendingOperator }),
    ChampionOperatorSet: ([id, operator]) => set(id, { operator, pendingOperator: ethers.ZeroAddress }),
    ChampionRegistrarSet: ([id, registrar]) => set(id, { registrar }),
    ChampionSectorSet: ([id, sector, admitted]) => sectors.set(`${id}/${sector}`, admitted),
    ChampionPopulationSet: ([id, population]) => set(id, { population }),
    ChampionRestrictionSet: ([id, restricted]) => set(id, { restricted }),
    ChampionProgrammeSet: ([id, programmeId]) => set(id, { programmeId }),
    ChampionRetired: ([id, country]) => {
      set(id, { retired: true });
      countries.set(country, 0n);
    },
  };
  for (const log of await ethers.provider.getLogs({ fromBlock: 0, address: await registry.getAddress() })) {
    const event = registry.interface.parseLog(log);
    if (!event) continue;
    entries[event.name]?.(event.args);
    counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  }
  return { champions, sectors, countries, counts, names: Object.keys(entries) };
}

describe("events of champions", () => {
  it("when a long history is read, every event occurs", async () => {
    const { registry, book } = await networkHelpers.loadFixture(historyFixture);
    const declared = registry.interface.fragments
      .filter(({ type }) => type === "event")
      .map((event) => `${Object(event).name}`)
      .filter((name) => !/^Role/.test(name));
    expect(declared.sort()).to.deep.equal([...book.names].sort());
    for (const name of book.names) expect(book.counts.get(name) ?? 0, name).to.be.greaterThan(1);
  });

  it("when champions are rebuilt from events, they match the chain", async () => {
    const { registry, book } = await networkHelpers.loadFixture(historyFixture);
    expect(book.champions.size).to.equal(Number(await registry.lastChampionId()));
    for (const [id, champion] of book.champions) {
      expect(fieldsOf(await registry.championOf(id)), `champion ${id}`).to.deep.equal(champion);
      expect(champion.operator).not.to.equal(champion.registrar);
      for (let sector = 0n; sector < SECTORS; sector += 1n) {
        const admitted = book.sectors.get(`${id}/${sector}`) ?? false;
        const rewarded = admitted && !champion.restricted && !champion.retired;
        expect(await registry.isInSector(id, sector)).to.equal(admitted);
        expect(await registry.isRewarded(id, sector)).to.equal(rewarded);
      }
    }
    for (const [country, id] of book.countries)
      expect(await registry.championByCountry(country)).to.equal(id);
  });
});
