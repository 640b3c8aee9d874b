import type { Interface, LogDescription } from "ethers";
import { ethers } from "../grid.ts";
import type { MineFixture } from "./support.ts";

/** Expected storage of mine and coin, rebuilt from events alone. */
export type Book = ReturnType<typeof emptyBook>;

function emptyBook() {
  return {
    sectors: [] as bigint[],
    /** by sector: parameters and their first round, oldest first */
    params: new Map<bigint, { fromRound: bigint; params: bigint[] }[]>(),
    sources: new Map<string, { cap: bigint; admitted: boolean }>(),
    /** by source/sector/round */
    spent: new Map<string, bigint>(),
    /** rounds with benefit, in order */
    rounds: [] as bigint[],
    /** by round/sector */
    sectorUnits: new Map<string, bigint>(),
    sectorAmounts: new Map<string, bigint>(),
    /** by round/sector/champion */
    units: new Map<string, bigint>(),
    minted: new Map<string, bigint>(),
    closed: [] as bigint[],
    height: 0n,
    balances: new Map<string, bigint>(),
    supply: 0n,
    delegates: new Map<string, string>(),
    votes: new Map<string, bigint>(),
    /** number of occurrences of each event */
    counts: new Map<string, number>(),
  };
}

type Entry = (book: Book, args: LogDescription["args"]) => void;

const MINE_ENTRIES: Record<string, Entry> = {
  SectorSet: (book, [sector, fromRound, params]) => {
    const history = book.params.get(sector) ?? [];
    if (history.length === 0) book.sectors.push(sector);
    book.params.set(sector, [
      ...history.filter((entry) => entry.fromRound !== fromRound),
      { fromRound, params: [...params] },
    ]);
  },
  SourceAdmitted: (book, [source, cap]) => book.sources.set(source, { cap, admitted: true }),
  SourceRemoved: (book, [source]) =>
    book.sources.set(source, { cap: book.sources.get(source)?.cap ?? 0n, admitted: false }),
  BenefitReported: (book, [round, sector, championId, source, units]) => {
    if (book.rounds.at(-1) !== round) book.rounds.push(round);
    add(book.spent, `${source}/${sector}/${round}`, units);
    add(book.sectorUnits, `${round}/${sector}`, units);
    add(book.units, `${round}/${sector}/${championId}`, units);
  },
  SectorEarned: (book, [round, sector, , amount]) => book.sectorAmounts.set(`${round}/${sector}`, amount),
  RoundClosed: (book, [round, , toHeight]) => {
    book.closed.push(round);
    book.height = toHeight;
  },
  BenefitMinted: (book, [round, sector, championId, amount]) =>
    book.minted.set(`${round}/${sector}/${championId}`, amount),
};

const COIN_ENTRIES: Record<string, Entry> = {
  Transfer: (book, [from, to, amount]) => {
    if (from === ethers.ZeroAddress) book.supply += amount;
    else add(book.balances, from, 0n - amount);
    add(book.balances, to, amount);
  },
  DelegateChanged: (book, [account, , delegatee]) => book.delegates.set(account, delegatee),
  DelegateVotesChanged: (book, [delegatee, , votes]) => book.votes.set(delegatee, votes),
};

function add(amounts: Map<string, bigint>, key: string, amount: bigint) {
  amounts.set(key, (amounts.get(key) ?? 0n) + amount);
}

/** Reads every event of mine and coin, in order. */
export async function readBook({ mine, coin }: Pick<MineFixture, "mine" | "coin">): Promise<Book> {
  const book = emptyBook();
  const readers = new Map<string, [Interface, Record<string, Entry>]>([
    [await mine.getAddress(), [mine.interface, MINE_ENTRIES]],
    [await coin.getAddress(), [coin.interface, COIN_ENTRIES]],
  ]);
  for (const log of await ethers.provider.getLogs({ fromBlock: 0 })) {
    const [face, entries] = readers.get(log.address) ?? [];
    const event = face?.parseLog(log);
    if (!event || !entries) continue;
    entries[event.name]?.(book, event.args);
    book.counts.set(event.name, (book.counts.get(event.name) ?? 0) + 1);
  }
  return book;
}

export const EVENTS = [...Object.keys(MINE_ENTRIES), ...Object.keys(COIN_ENTRIES)];
