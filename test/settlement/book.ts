import type { LogDescription } from "ethers";
import { ethers, type GridFixture, Role } from "../grid.ts";
import { legsBetween } from "./support.ts";

type Row = { role: bigint; units: bigint; account: string; capsuleId: bigint };
type Revenue = { total: bigint; computeAccrued: bigint; inbound: boolean; data: bigint; model: bigint };
type Offer = { capsuleId: bigint; currency: string; application: string; sector: bigint; price: bigint };
type Meter = Record<"owner" | "operator" | "payee" | "pendingOwner", string>;

/** Numbers by name, zero where none was written. */
export class Tally extends Map<string, bigint> {
  override get(name: string): bigint {
    return super.get(name) ?? 0n;
  }

  add(name: string, amount: bigint) {
    this.set(name, this.get(name) + amount);
  }

  subtract(name: string, amount: bigint) {
    this.set(name, this.get(name) - amount);
  }
}

/** The storage of router and ledger, rebuilt from events alone. */
export type Book = ReturnType<typeof emptyBook>;

function emptyBook() {
  return {
    /** by offer */
    balances: new Tally(),
    openUnits: new Tally(),
    /** by offer: base units times 1,000,000 */
    released: new Tally(),
    offers: new Map<string, Offer>(),
    /** by capsule/version/token */
    revenues: new Map<string, Revenue>(),
    /** by capsule/version/token/earner */
    taken: new Tally(),
    /** by account/token */
    withdrawable: new Tally(),
    /** by capsule/version, with the owner's rows */
    rows: new Map<string, Row[]>(),
    /** by license */
    usage: new Tally(),
    /** by offer: units settled privately */
    privateUnits: new Tally(),
    /** by meter */
    meters: new Map<string, Meter>(),
    circuits: { instances: [] as [bigint, bigint, string][], rangeVerifier: "" },
    settings: { applicationShareBps: 0n, licenses: ethers.ZeroAddress as string },
    /** by sector */
    sectorShares: new Map<string, { account: string; bps: bigint }>(),
    /** number of events by name */
    counts: new Tally(),
  };
}

type Entry = (book: Book, args: LogDescription["args"]) => void;

const ENTRIES: Record<string, Entry> = {
  OfferCreated: (book, [offerId, capsuleId, , params]) => {
    const { currency, application, sector, pricePerMillion: price } = params;
    book.offers.set(`${offerId}`, { capsuleId, currency, application, sector, price });
  },
  SharesSet: (book, [capsuleId, version, , rows]) => {
    book.rows.set(`${capsuleId}/${version}`, withOwnersRows([...rows]));
  },
  SharesCarriedOver: (book, [capsuleId, version]) => {
    book.rows.set(`${capsuleId}/${version}`, book.rows.get(`${capsuleId}/${version - 1n}`) ?? []);
  },
  InstanceAdded: (book, [instance, rows, offers, verifier]) => {
    book.circuits.instances[Number(instance)] = [rows, offers, verifier];
  },
  RangeVerifierSet: (book, [verifier]) => {
    book.circuits.rangeVerifier = verifier;
  },
  MeterSet: (book, [meterId, operator, payee]) => {
    changeMeter(book, meterId, { operator, payee });
  },
  MeterTransferStarted: (book, [meterId, , pendingOwner]) => {
    changeMeter(book, meterId, { pendingOwner });
  },
  MeterTransferred: (book, [meterId, , owner]) => {
    changeMeter(book, meterId, { owner, pendingOwner: ethers.ZeroAddress });
  },
  OpenSettled: (book, [, , units, entries]) => {
    let counted = 0n;
    for (const entry of entries as bigint[]) {
      const [license, usage] = [`${entry >> 96n}`, entry & (2n ** 96n - 1n)];
      counted += unitsOf(usage) - unitsOf(book.usage.get(license));
      book.usage.set(license, usage);
    }
    if (counted !== units) throw new Error(`The entries move on by ${counted}, the event says ${units}.`);
  },
  PrivateSettled: (book, [, totals, rows]) => {
    for (const total of (totals as string[]).map(BigInt)) {
      book.privateUnits.add(`${total & (2n ** 64n - 1n)}`, total >> 64n);
    }
    // 40 bytes for each license: 8 for its id, 32 for its usage word.
    for (let at = 0; at < ethers.dataLength(rows); at += 40) {
      const license = BigInt(ethers.dataSlice(rows, at, at + 8));
      book.usage.set(`${license}`, BigInt(ethers.dataSlice(rows, at + 8, at + 40)));
    }
  },
  LicensesSet: (book, [licenses]) => {
    book.settings.licenses = licenses;
  },
  ApplicationShareSet: (book, [bps]) => {
    book.settings.applicationShareBps = bps;
  },
  SectorShareSet: (book, [sector, account, bps]) => {
    book.sectorShares.set(`${sector}`, { account, bps });
  },
  Paid: (book, [capsuleId, , token, version, amount]) => {
    accruePayment(book, `${capsuleId}/${version}/${token}`, amount);
  },
  Deposited: (book, [offerId, , amount, units]) => {
    book.balances.add(`${offerId}`, amount);
    book.openUnits.add(`${offerId}`, units);
  },
  Released: (book, [offerId, capsuleId, payee, version, units, amount, compute, application, toSector]) => {
    const offer = offerOf(book, offerId);
    book.released.add(`${offerId}`, units * offer.price);
    const key = `${capsuleId}/${version}/${offer.currency}`;
    book.balances.subtract(`${offerId}`, amount);
    revenueOf(book, key).total += amount;
    book.withdrawable.add(`${payee}/${offer.currency}`, compute);
    book.taken.add(`${key}/0`, application + toSector);
    book.withdrawable.add(`${offer.application}/${offer.currency}`, application);
    const account = book.sectorShares.get(`${offer.sector}`)?.account ?? ethers.ZeroAddress;
    book.withdrawable.add(`${account}/${offer.currency}`, toSector);
  },
  Refunded: (book, [offerId, account, amount, units]) => {
    book.balances.subtract(`${offerId}`, amount);
    book.openUnits.subtract(`${offerId}`, units);
    book.withdrawable.add(`${account}/${offerOf(book, offerId).currency}`, amount);
  },
  EscrowSwept: (book, [offerId, capsuleId, version, amount]) => {
    book.balances.subtract(`${offerId}`, amount);
    accruePayment(book, `${capsuleId}/${version}/${offerOf(book, offerId).currency}`, amount);
  },
  Claimed: (book, [capsuleId, version, token, first, amounts]) => {
    (amounts as bigint[]).forEach((amount, i) => {
      book.taken.add(`${capsuleId}/${version}/${token}/${first + BigInt(i)}`, amount);
    });
  },
  PassedOn: (book, [capsuleId, token, target, version, earner, targetVersion, amount]) => {
    book.taken.add(`${capsuleId}/${version}/${token}/${earner}`, amount);
    const role = book.rows.get(`${capsuleId}/${version}`)?.[Number(earner) - 1]?.role;
    const revenue = revenueOf(book, `${target}/${targetVersion}/${token}`);
    if (role === Role.Compute) revenue.computeAccrued += amount;
    else revenue.inbound = true;
    if (role === Role.Data) revenue.data += amount;
    if (role === Role.Model) revenue.model += amount;
  },
  Withdrawn: (book, [account, token, amount]) => {
    book.withdrawable.subtract(`${account}/${token}`, amount);
  },
};

function changeMeter(book: Book, meterId: bigint, change: Partial<Meter>) {
  const none = ethers.ZeroAddress;
  const meter = book.meters.get(`${meterId}`) ?? {
    owner: none,
    operator: none,
    payee: none,
    pendingOwner: none,
  };
  book.meters.set(`${meterId}`, { ...meter, ...change });
}

function withOwnersRows(rows: Row[]): Row[] {
  const missing = [Role.Data, Role.Model, Role.Compute].filter(
    (role) => !rows.some((row) => row.role === role),
  );
  const owners = missing.map((role) => ({ role, units: 1n, account: ethers.ZeroAddress, capsuleId: 0n }));
  return [...rows, ...owners];
}

function unitsOf(usage: bigint) {
  return usage & (2n ** 64n - 1n);
}

function accruePayment(book: Book, key: string, amount: bigint) {
  const revenue = revenueOf(book, key);
  revenue.computeAccrued += legsBetween(revenue.total, amount).compute;
  revenue.total += amount;
}

function revenueOf(book: Book, key: string): Revenue {
  const revenue = book.revenues.get(key) ?? {
    total: 0n,
    computeAccrued: 0n,
    inbound: false,
    data: 0n,
    model: 0n,
  };
  book.revenues.set(key, revenue);
  return revenue;
}

function offerOf(book: Book, offerId: bigint) {
  const offer = book.offers.get(`${offerId}`);
  if (!offer) throw new Error(`No event made offer ${offerId}.`);
  return offer;
}

/** Reads every event since deployment, in order. */
export async function readBook({ router, ledger, terms, capsules }: GridFixture): Promise<Book> {
  const contracts = await Promise.all(
    [router, ledger, terms, capsules].map(async (contract) => ({
      address: await contract.getAddress(),
      face: contract.interface,
    })),
  );
  const logs = await ethers.provider.getLogs({
    address: contracts.map(({ address }) => address),
    fromBlock: 0,
  });
  const book = emptyBook();
  for (const log of logs) {
    const event = contracts.find(({ address }) => address === log.address)?.face.parseLog(log);
    if (!event) throw new Error(`No ABI has event ${log.topics[0]}.`);
    book.counts.add(event.name, 1n);
    ENTRIES[event.name]?.(book, event.args);
  }
  return book;
}
