import { addressOf, type Client } from "../client.ts";
import type { Address, EventArgs, Hex } from "../core/abi.ts";
import { type BlockRange, type Logged, readLogs } from "../core/logs.ts";

/** A payment into or out of a vault, in base units of its token. */
export type ProceedsEntry = {
  /**
   * Sale: paid for coins. Gift: given by anyone. Assignment: unasked money, assigned by governance. Release: for a
   * milestone.
   */
  readonly kind: "sale" | "gift" | "assignment" | "release";
  readonly programmeId: bigint;
  readonly token: Address;
  readonly amount: bigint;
  readonly blockNumber: number;
  /** Transaction hash. */
  readonly hash: Hex;
  /** The account that paid. Unknown for assignments. */
  readonly payer?: Address;
  /** The lot of a sale, and the account that gets its coins. */
  readonly lotId?: bigint;
  readonly buyer?: Address;
  readonly milestoneId?: bigint;
};

/** A lot and its contributions until the requested block. */
export type SoldLot = {
  readonly programmeId: bigint;
  /** ERC-20 token of the price. */
  readonly currency: Address;
  /** On sale, base units of the coin. */
  readonly coins: bigint;
  /** Least price of a whole coin, base units of the currency. */
  readonly reserve: bigint;
  /** Contributed so far, base units of the currency. */
  total: bigint;
  readonly closesAt: bigint;
};

export type Proceeds = {
  readonly entries: readonly ProceedsEntry[];
  /** Contributions without a vault payment in the same transaction, and the sale's payments without a lot. */
  readonly unexplained: readonly Hex[];
  readonly lots: ReadonlyMap<bigint, SoldLot>;
};

type CommonsLog = Logged<"Commons", "VaultFunded" | "VaultAssigned" | "MilestoneReleased">;
type SaleLog = Logged<"CoinSale", "LotOpened" | "Contributed">;

/** Every payment into and out of vaults, from events alone. Sales are matched with their lots. */
export async function readProceeds(
  client: Client,
  range: BlockRange & { readonly toBlock: number },
): Promise<Proceeds> {
  const logs: (CommonsLog | SaleLog)[] = [
    ...(await readLogs(client, "Commons", ["VaultFunded", "VaultAssigned", "MilestoneReleased"], range)),
    ...(await readLogs(client, "CoinSale", ["LotOpened", "Contributed"], range)),
  ];
  logs.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  const book = emptyBook(addressOf(client, "CoinSale"));
  for (const log of logs) enter(book, log);
  if (book.pending) book.unexplained.push(book.pending.hash);
  return book;
}

type Contribution = EventArgs<"CoinSale", "Contributed"> & { readonly hash: Hex };

function emptyBook(sale: Address) {
  return {
    sale,
    entries: [] as ProceedsEntry[],
    unexplained: [] as Hex[],
    lots: new Map<bigint, SoldLot>(),
    /** The contribution that still needs its payment. */
    pending: undefined as Contribution | undefined,
  };
}

type Book = ReturnType<typeof emptyBook>;

function enter(book: Book, log: CommonsLog | SaleLog): void {
  const { blockNumber, hash } = log;
  switch (log.name) {
    case "LotOpened":
      book.lots.set(log.args.lotId, { ...log.args, total: 0n });
      break;
    case "Contributed":
      contribute(book, { ...log.args, hash });
      break;
    case "VaultFunded":
      book.entries.push({ ...log.args, ...sourceOf(book, log), blockNumber, hash });
      break;
    case "VaultAssigned":
      book.entries.push({ ...log.args, kind: "assignment", blockNumber, hash });
      break;
    case "MilestoneReleased": {
      const { programmeId, token, amount, milestoneId } = log.args;
      book.entries.push({ kind: "release", programmeId, token, amount, milestoneId, blockNumber, hash });
    }
  }
}

function contribute(book: Book, contribution: Contribution): void {
  if (book.pending) book.unexplained.push(book.pending.hash);
  book.pending = contribution;
  const lot = book.lots.get(contribution.lotId);
  if (lot) lot.total += contribution.amount;
}

/** The payer behind a payment. The sale pays for a buyer, in one transaction. */
function sourceOf(book: Book, { args, hash }: Extract<CommonsLog, { name: "VaultFunded" }>) {
  if (args.payer !== book.sale) return { kind: "gift" } as const;
  const paid = book.pending;
  const lot = paid && book.lots.get(paid.lotId);
  const isSame =
    lot &&
    paid.hash === hash &&
    paid.amount === args.amount &&
    lot.programmeId === args.programmeId &&
    lot.currency === args.token;
  if (!isSame) {
    book.unexplained.push(hash);
    return { kind: "sale" } as const;
  }
  book.pending = undefined;
  return { kind: "sale", payer: paid.payer, lotId: paid.lotId, buyer: paid.buyer } as const;
}
