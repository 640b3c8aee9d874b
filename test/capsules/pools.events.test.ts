import { expect } from "chai";
import type { LogDescription } from "ethers";
import { ethers, networkHelpers } from "../grid.ts";
import { fieldsOf } from "../licenses/support.ts";
import { randomOf } from "../settlement/support.ts";
import { POLICY, poolFixture, SCALE } from "./pool.ts";

const STEPS = 300;

/** A pool's storage, and each member's exact earnings, rebuilt from events alone. */
function emptyBook() {
  return {
    curator: ethers.ZeroAddress,
    pendingCurator: ethers.ZeroAddress,
    totalUnits: 0n,
    members: new Map<string, { joined: boolean; changes: bigint; units: bigint }>(),
    currencies: new Map<string, Currency>(),
    counts: new Map<string, number>(),
  };
}

type Book = ReturnType<typeof emptyBook>;
type Currency = {
  perUnit: bigint;
  units: bigint;
  received: bigint;
  withdrawn: bigint;
  remainder: bigint;
  opening: bigint;
  /** Active units of each member. */
  active: Map<string, bigint>;
  /** Base units times `SCALE` that each member earned so far. */
  earned: Map<string, bigint>;
  /** The same as an exact fraction of the product of all divisors. */
  exact: Map<string, Fraction>;
};
type Fraction = readonly [numerator: bigint, denominator: bigint];

const ENTRIES: Record<string, (book: Book, args: LogDescription["args"]) => void> = {
  MemberJoined: (book, [member, , changes]) => {
    book.members.set(member, { units: book.members.get(member)?.units ?? 0n, joined: true, changes });
  },
  MemberLeft: (book, [member, changes]) => {
    book.members.set(member, { units: book.members.get(member)?.units ?? 0n, joined: false, changes });
  },
  ContributionCredited: (book, [member, , units]) => {
    const known = book.members.get(member);
    if (known) known.units += units;
    book.totalUnits += units;
  },
  CurrencyOpened: (book, [currency, opening, units]) => {
    const active = new Map([...book.members].map(([member, known]) => [member, known.units]));
    const zeros = { perUnit: 0n, received: 0n, withdrawn: 0n, remainder: 0n };
    book.currencies.set(currency, { ...zeros, units, opening, active, earned: new Map(), exact: new Map() });
  },
  UnitsActivated: (book, [member, currency, units]) => {
    const known = book.currencies.get(currency);
    if (!known) return;
    known.units += units - (known.active.get(member) ?? 0n);
    known.active.set(member, units);
  },
  RevenueShared: (book, [currency, amount, units]) => {
    const known = book.currencies.get(currency);
    if (!known) return;
    const scaled = amount * SCALE + known.remainder;
    known.received += amount;
    known.perUnit += scaled / units;
    known.remainder = scaled % units;
    for (const [member, active] of known.active) {
      known.earned.set(member, (known.earned.get(member) ?? 0n) + (scaled / units) * active);
      const [numerator, denominator] = known.exact.get(member) ?? [0n, 1n];
      known.exact.set(
        member,
        reduced(numerator * units + amount * active * denominator, denominator * units),
      );
    }
  },
  ContributionWithdrawn: (book, [member, currency, amount]) => {
    const known = book.currencies.get(currency);
    if (!known) return;
    known.withdrawn += amount;
    known.earned.set(member, (known.earned.get(member) ?? 0n) - amount * SCALE);
    const [numerator, denominator] = known.exact.get(member) ?? [0n, 1n];
    known.exact.set(member, [numerator - amount * denominator, denominator]);
  },
  CuratorTransferStarted: (book, [, pending]) => {
    book.pendingCurator = pending;
  },
  CuratorTransferred: (book, [, curator]) => {
    [book.curator, book.pendingCurator] = [curator, ethers.ZeroAddress];
  },
};

function reduced(numerator: bigint, denominator: bigint): Fraction {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? [0n, 1n] : [numerator / a, denominator / a];
}

/** Random actions. Many revert. */
async function historyFixture() {
  const fixture = await networkHelpers.loadFixture(poolFixture);
  const { pool, curator, alice, bob, carol, usd, stranger } = fixture;
  const tokens = [usd, ...(await Promise.all([1, 2].map(() => ethers.deployContract("PlainToken", [18]))))];
  const random = randomOf(7);
  const pick = <T>(options: readonly T[]) => options[random(options.length)] as T;
  const members = [alice, bob, carol];
  const credit = () => {
    const batch = Array.from({ length: 1 + random(3) }, () => {
      return { member: pick(members), units: BigInt(1 + random(1_000)), evidenceHash: POLICY };
    });
    return pool.connect(curator).credit(batch, tokens.slice(0, random(4)));
  };
  const deeds = [
    () => pool.connect(pick(members)).join(POLICY),
    () => pool.connect(pick(members)).join(POLICY),
    () => pool.connect(pick(members)).quit(),
    credit,
    credit,
    credit,
    () => pick(tokens).mint(pool, BigInt(random(1_000_000))),
    () => pick(tokens).mint(pool, BigInt(random(10))),
    () => pool.connect(pick([stranger, ...members])).sync(pick(tokens)),
    () => pool.connect(pick([stranger, ...members])).withdraw(pick(members), pick(tokens)),
    () => pool.connect(pick([stranger, ...members])).withdraw(pick(members), pick(tokens)),
  ];
  for (let i = 0; i < STEPS; i++) {
    await pick(deeds)().then(
      () => undefined,
      ({ data }: { data: string }) =>
        expect(pool.interface.parseError(data)?.name).to.be.oneOf([
          "MemberAlreadyJoined",
          "MemberNotConsenting",
          "CurrencyNotOpen",
        ]),
    );
  }
  for (const token of tokens) await pool.connect(curator).sync(token);
  await pool.connect(curator).transferCurator(stranger);
  await pool.connect(stranger).acceptCurator();
  await pool.connect(stranger).transferCurator(alice);

  const book = emptyBook();
  for (const log of await ethers.provider.getLogs({ address: await pool.getAddress(), fromBlock: 0 })) {
    const event = pool.interface.parseLog(log);
    if (!event) continue;
    ENTRIES[event.name]?.(book, event.args);
    book.counts.set(event.name, (book.counts.get(event.name) ?? 0) + 1);
  }
  return { ...fixture, tokens, members, book };
}

describe("ContributionPool: events", () => {
  it("when a long history is read, every event occurred", async () => {
    const { book } = await networkHelpers.loadFixture(historyFixture);
    for (const name of Object.keys(ENTRIES)) expect(book.counts.get(name) ?? 0, name).to.be.at.least(1);
    for (const name of ["ContributionCredited", "UnitsActivated", "RevenueShared"])
      expect(book.counts.get(name), name).to.be.at.least(30);
  });

  it("when a long history is read, members and curator match the pool", async () => {
    const { pool, book, members } = await networkHelpers.loadFixture(historyFixture);
    expect([await pool.curator(), await pool.pendingCurator()]).to.deep.equal([
      book.curator,
      book.pendingCurator,
    ]);
    expect(await pool.totalUnits()).to.equal(book.totalUnits);
    for (const { address } of members) {
      const { consentedAt, changes, units } = await pool.memberOf(address);
      expect({ joined: consentedAt !== 0n, changes, units }).to.deep.equal(book.members.get(address));
    }
  });

  it("when a long history is read, currencies match the pool", async () => {
    const { pool, book, tokens } = await networkHelpers.loadFixture(historyFixture);
    expect(await pool.openings()).to.equal(BigInt(tokens.length));
    for (const token of tokens) {
      const { active: _, earned: __, exact: ___, ...known } = currencyIn(book, await token.getAddress());
      expect(fieldsOf(await pool.currencyOf(token))).to.deep.equal(known);
    }
  });

  it("when a long history is read, members are owed what the events say, and their exact fraction", async () => {
    const { pool, book, tokens, members } = await networkHelpers.loadFixture(historyFixture);
    for (const token of tokens) {
      const { earned, exact, received, withdrawn, remainder } = currencyIn(book, await token.getAddress());
      for (const { address } of members) {
        const owed = await pool.withdrawable(address, token);
        expect(owed).to.equal((earned.get(address) ?? 0n) / SCALE);
        const [numerator, denominator] = exact.get(address) ?? [0n, 1n];
        const floor = numerator < 0n ? -1n : numerator / denominator;
        expect(owed - floor, "off by a base unit at most").to.be.oneOf([-1n, 0n, 1n]);
      }
      const inAll = [...earned.values()].reduce((sum, amount) => sum + amount, 0n);
      expect(inAll + remainder + withdrawn * SCALE).to.equal(received * SCALE);
      expect(await token.balanceOf(pool)).to.equal(received - withdrawn);
    }
  });
});

function currencyIn(book: Book, token: string): Currency {
  return book.currencies.get(token) ?? expect.fail(`${token} is not open`);
}
