import { expect } from "chai";
import { DAY, ethers, networkHelpers } from "../grid.ts";
import { fieldsOf } from "../licenses/support.ts";
import { randomOf } from "../settlement/support.ts";
import {
  type CommonsFixture,
  fund,
  METADATA,
  MilestoneStatus,
  ProgrammeKind,
  serviceFixture,
} from "./support.ts";

const STEPS = 300;

async function marketFixture() {
  const fixture = await networkHelpers.loadFixture(serviceFixture);
  const other = await ethers.deployContract("PlainToken", [6]);
  await fund(fixture.commons, fixture.donor, other);
  return { ...fixture, tokens: [fixture.token, other] as const };
}

type Market = Awaited<ReturnType<typeof marketFixture>>;

/** One random action. Many are expected to revert. */
async function step(market: Market, random: ReturnType<typeof randomOf>) {
  const { commons, donor, steward, otherSteward, successor, tokens } = market;
  const pick = <T>(options: readonly T[]) => options[random(options.length)] as T;
  const upTo = (below: bigint) => BigInt(1 + random(Number(below) || 1));
  const people = [steward, otherSteward, successor];
  const [who, token, amount] = [pick(people), pick(tokens), upTo(500n)];
  const programmeId = upTo(await commons.lastProgrammeId());
  const milestoneId = upTo(await commons.lastMilestoneId());
  const release = async () => {
    const milestone = await commons.milestoneOf(milestoneId);
    const { programmeId: id, token: paid, amount: asked, capsuleId, evidenceHash } = milestone;
    await commons.release(milestoneId, id, paid, asked, capsuleId, evidenceHash);
  };
  const deeds = [
    async () =>
      random(4) === 0 ? commons.startProgramme(random(2), who, METADATA.hash, METADATA.uri) : undefined,
    async () => (random(3) === 0 ? commons.setSteward(programmeId, who) : undefined),
    async () => commons.connect(donor).deposit(programmeId, token, amount),
    async () => token.connect(donor).transfer(commons, amount),
    async () => commons.assign(programmeId, token, amount),
    async () => {
      const { kind } = await commons.programmeOf(programmeId);
      const capsuleId = kind === ProgrammeKind.Service ? 1n : 0n;
      const evidence = ethers.id(`${amount}`);
      await commons.connect(who).proposeMilestone(programmeId, token, amount, capsuleId, evidence);
    },
    async () => commons.connect(who).withdrawMilestone(milestoneId),
    async () => (random(4) === 0 ? commons.setReleaseLimit(500n + upTo(4_500n)) : undefined),
    async () => networkHelpers.time.increase(upTo(40n) * DAY),
    release,
    release,
    release,
  ];
  try {
    await pick(deeds)();
  } catch (error) {
    if (!/revert/.test(String(error))) throw error;
  }
}

async function historyFixture() {
  const market = await networkHelpers.loadFixture(marketFixture);
  const random = randomOf(1_848);
  for (let i = 0; i < STEPS; i += 1) await step(market, random);
  return { ...market, book: await readBook(market.commons) };
}

async function readBook(commons: CommonsFixture["commons"]) {
  const programmes = new Map<bigint, Record<string, unknown>>();
  const milestones = new Map<bigint, Record<string, unknown>>();
  const vaults = new Map<string, { balance: bigint; released: bigint }>();
  const services = new Map<string, bigint>();
  const counts = new Map<string, number>();
  const limits: [bps: bigint, from: bigint][] = [];
  let router = "";
  let now = 0n;
  const change = <K>(rows: Map<K, Record<string, unknown>>, id: K, fields: Record<string, unknown>) =>
    rows.set(id, { ...rows.get(id), ...fields });
  const credit = (id: bigint, token: string, amount: bigint, released = 0n) => {
    const vault = vaults.get(`${id}/${token}`) ?? { balance: 0n, released: 0n };
    vaults.set(`${id}/${token}`, { balance: vault.balance + amount, released: vault.released + released });
  };
  const entries: Record<string, (args: ReturnType<typeof JSON.parse>) => unknown> = {
    ProgrammeStarted: ([id, kind, steward]) => change(programmes, id, { kind, steward, stewardSince: now }),
    StewardSet: ([id, steward]) => change(programmes, id, { steward, stewardSince: now }),
    VaultFunded: ([id, token, , amount]) => credit(id, token, amount),
    VaultAssigned: ([id, token, amount]) => credit(id, token, amount),
    MilestoneProposed: ([id, programmeId, steward, token, amount, capsuleId, evidenceHash]) => {
      const status = MilestoneStatus.Proposed;
      const content = { token, programmeId, status, steward, capsuleId, amount, evidenceHash };
      change(milestones, id, { ...content, proposedAt: now, released: 0n });
    },
    MilestoneWithdrawn: ([id]) => change(milestones, id, { status: MilestoneStatus.Withdrawn }),
    MilestoneReleased: ([id, programmeId, , token, amount, capsuleId]) => {
      if (capsuleId !== 0n) services.set(token, (services.get(token) ?? 0n) + amount);
      const { amount: asked, released: before, status } = milestones.get(id) ?? {};
      const released = BigInt(before as bigint) + amount;
      change(milestones, id, { released, status: released === asked ? MilestoneStatus.Released : status });
      credit(programmeId, token, -BigInt(amount), amount);
    },
    ReleaseLimitSet: ([bps, from]) => {
      limits.push([bps, from]);
    },
    RouterSet: ([address]) => {
      router = address;
    },
  };
  for (const log of await ethers.provider.getLogs({ fromBlock: 0, address: await commons.getAddress() })) {
    const event = commons.interface.parseLog(log);
    if (!event) continue;
    now = BigInt((await log.getBlock()).timestamp);
    entries[event.name]?.(event.args);
    counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  }
  return { programmes, milestones, vaults, services, limits, router, counts, names: Object.keys(entries) };
}

describe("events of the Commons", () => {
  it("when a long history is read, every event occurs", async () => {
    const { commons, book } = await networkHelpers.loadFixture(historyFixture);
    const declared = commons.interface.fragments
      .filter(({ type }) => type === "event")
      .map((event) => `${Object(event).name}`)
      .filter((name) => !/^Role/.test(name));
    expect(declared.sort()).to.deep.equal([...book.names].sort());
    for (const name of book.names) {
      expect(book.counts.get(name) ?? 0, name).to.be.greaterThan(name === "RouterSet" ? 0 : 1);
    }
  });

  it("when programmes, vaults and milestones are rebuilt from events, they match the chain", async () => {
    const { commons, router, tokens, book } = await networkHelpers.loadFixture(historyFixture);
    expect(book.programmes.size).to.equal(Number(await commons.lastProgrammeId()));
    expect(book.milestones.size).to.equal(Number(await commons.lastMilestoneId()));
    for (const [id, milestone] of book.milestones) {
      expect(fieldsOf(await commons.milestoneOf(id)), `milestone ${id}`).to.deep.equal(milestone);
    }
    const total = new Map<string, bigint>();
    for (const [id, programme] of book.programmes) {
      expect(fieldsOf(await commons.programmeOf(id)), `programme ${id}`).to.deep.equal(programme);
      for (const token of tokens) {
        const address = await token.getAddress();
        const vault = book.vaults.get(`${id}/${address}`) ?? { balance: 0n, released: 0n };
        expect(fieldsOf(await commons.vaultOf(id, token)), `vault ${id}`).to.deep.equal(vault);
        total.set(address, (total.get(address) ?? 0n) + vault.balance);
      }
    }
    expect(book.services.size).to.be.greaterThan(0);
    expect(book.router).to.equal(await commons.router());
    const now = BigInt(await networkHelpers.time.latest());
    const [limit] = book.limits.findLast(([, from]) => from <= now) ?? [];
    expect(await commons.releaseLimit()).to.equal(limit);
    for (const token of tokens) {
      const address = await token.getAddress();
      expect(await commons.inVaults(token)).to.equal(total.get(address));
      expect(await token.balanceOf(router)).to.equal(book.services.get(address) ?? 0n);
    }
  });
});
