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
    /** by source: caps with their first round, oldest first */
    sources: new Map<string, { caps: { fromRound: bigint; cap: bigint }[]; admitted: boolean }>(),
    /** reports that count, by source */
    reports: new Map<string, Report[]>(),
    /** use by source/sector/round */
    reported: new Map<string, bigint>(),
    /** rounds with benefit, in order */
    rounds: [] as bigint[],
    /** by round/sector */
    sectorBenefits: new Map<string, bigint>(),
    sectorAmounts: new Map<string, bigint>(),
    /** by round/sector/champion */
    uses: new Map<string, bigint>(),
    benefits: new Map<string, bigint>(),
    minted: new Map<string, bigint>(),
    closed: [] as bigint[],
    height: 0n,
    /** the hub of subnets */
    subnets: "",
    balances: new Map<string, bigint>(),
    supply: 0n,
    delegates: new Map<string, string>(),
    votes: new Map<string, bigint>(),
    /** number of occurrences of each event */
    counts: new Map<string, number>(),
  };
}

type Report = { round: bigint; sector: bigint; championId: bigint; use: bigint; benefit: bigint };

type Entry = (book: Book, args: LogDescription["args"]) => void;

const MINE_ENTRIES: Record<string, Entry> = {
  SubnetsSet: (book, [subnets]) => {
    book.subnets = subnets;
  },
  SectorSet: (book, [sector, fromRound, params]) => {
    const history = book.params.get(sector) ?? [];
    if (!book.sectors.includes(sector)) book.sectors.push(sector);
    book.params.set(sector, [
      ...history.filter((entry) => entry.fromRound !== fromRound),
      { fromRound, params: [...params] },
    ]);
  },
  SectorRetired: (book, [sector]) => {
    const last = book.sectors.pop() ?? 0n;
    if (last !== sector) book.sectors[book.sectors.indexOf(sector)] = last;
  },
  SourceAdmitted: (book, [source, cap]) => {
    const caps = book.sources.get(source)?.caps ?? [{ fromRound: 0n, cap }];
    book.sources.set(source, { caps, admitted: true });
  },
  SourceCapSet: (book, [source, fromRound, cap]) => book.sources.get(source)?.caps.push({ fromRound, cap }),
  SourceRemoved: (book, [source]) => endAdmission(book, source),
  SourceStopped: (book, [source, fromRound]) => {
    endAdmission(book, source);
    const reports = book.reports.get(source) ?? [];
    for (const report of reports.filter(({ round }) => round >= fromRound))
      addReport(book, source, { ...report, use: 0n - report.use, benefit: 0n - report.benefit });
    book.reports.set(
      source,
      reports.filter(({ round }) => round < fromRound),
    );
  },
  BenefitReported: (book, [round, sector, championId, source, use, benefit]) => {
    if (book.rounds.at(-1) !== round) book.rounds.push(round);
    const report = { round, sector, championId, use, benefit };
    book.reports.set(source, [...(book.reports.get(source) ?? []), report]);
    addReport(book, source, report);
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

function endAdmission(book: Book, source: string) {
  book.sources.set(source, { caps: book.sources.get(source)?.caps ?? [], admitted: false });
}

function addReport(book: Book, source: string, { round, sector, championId, use, benefit }: Report) {
  add(book.reported, `${source}/${sector}/${round}`, use);
  add(book.sectorBenefits, `${round}/${sector}`, benefit);
  add(book.uses, `${round}/${sector}/${championId}`, use);
  add(book.benefits, `${round}/${sector}/${championId}`, benefit);
}

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
