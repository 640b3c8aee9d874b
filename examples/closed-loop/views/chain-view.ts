import { type Client, getConditions, getOffer, type Opening } from "@benefit-grid/sdk";

/** A license as the chain shows it to everybody. */
export type PublicLicense = {
  readonly licenseId: bigint;
  readonly offerId: bigint;
  readonly prepaid: bigint;
  /** Number of batches with the license. */
  readonly batches: number;
  /** Its last usage word, if any use is settled. */
  readonly usage?: `0x${string}`;
  /** Its end: units counted as used, and the opening if it was closed by one. */
  readonly closed?: { readonly used: bigint; readonly opening?: Opening };
};

export type ChainView = {
  readonly licenses: readonly PublicLicense[];
  /** Units settled, by offer. */
  readonly totals: ReadonlyMap<bigint, bigint>;
  /** Contexts allowed by the terms. */
  readonly allowed: bigint;
  /** Input of every transaction and topics and data of every event, in hexadecimal. */
  readonly bytes: string;
};

export type Sight = {
  /** Needs no account. */
  readonly client: Client;
  /** Offers under the same terms. */
  readonly offerIds: readonly bigint[];
  /** First block to read. */
  readonly fromBlock: number;
};

/** Reads the offers' licenses, batches and closings from transactions and events alone, as an outsider. */
export async function readChain(sight: Sight): Promise<ChainView> {
  const [licenses, topUps, batches, endings] = await Promise.all([
    readLicenses(sight),
    readTopUps(sight),
    readBatches(sight),
    readEndings(sight),
  ]);
  return {
    licenses: licenses.map(({ licenseId, offerId, units }) => {
      const words = batches.flatMap(({ rows }) => rows).filter((row) => row.licenseId === licenseId);
      const closed = endings.get(licenseId);
      const usage = words.at(-1)?.usage;
      return {
        licenseId,
        offerId,
        prepaid: units + sumOf(topUps, licenseId),
        batches: words.length,
        ...(usage && { usage }),
        ...(closed && { closed }),
      };
    }),
    totals: addUp(batches.flatMap(({ totals }) => totals)),
    allowed: await readAllowed(sight),
    bytes: await readBytes(sight),
  };
}

async function readLicenses({ client, offerIds, fromBlock }: Sight) {
  const { LicenseNFT } = client.contracts;
  const minted = await LicenseNFT.queryFilter(LicenseNFT.filters.LicenseMinted(), fromBlock);
  return minted.map(({ args }) => args).filter(({ offerId }) => offerIds.includes(offerId));
}

async function readTopUps({ client, fromBlock }: Sight) {
  const { LicenseNFT } = client.contracts;
  const events = await LicenseNFT.queryFilter(LicenseNFT.filters.LicenseToppedUp(), fromBlock);
  return events.map(({ args }) => args);
}

function sumOf(topUps: readonly { licenseId: bigint; units: bigint }[], licenseId: bigint): bigint {
  return topUps.filter((one) => one.licenseId === licenseId).reduce((sum, { units }) => sum + units, 0n);
}

async function readBatches({ client, fromBlock }: Sight) {
  const { UsageLedger } = client.contracts;
  const settled = await UsageLedger.queryFilter(UsageLedger.filters.PrivateSettled(), fromBlock);
  return settled.map(({ args }) => ({
    totals: args.totals
      .map(BigInt)
      .map((total) => ({ offerId: BigInt.asUintN(64, total), units: total >> 64n })),
    rows: decodeRows(args.rows),
  }));
}

/** 40 bytes for each license: its id (8 bytes) and its new usage word. */
function decodeRows(rows: string): { licenseId: bigint; usage: `0x${string}` }[] {
  return Array.from(rows.slice(2).matchAll(/(.{16})(.{64})/g), ([, licenseId, usage]) => {
    return { licenseId: BigInt(`0x${licenseId}`), usage: `0x${usage}` };
  });
}

function addUp(totals: readonly { offerId: bigint; units: bigint }[]): Map<bigint, bigint> {
  const sums = new Map<bigint, bigint>();
  for (const { offerId, units } of totals) sums.set(offerId, (sums.get(offerId) ?? 0n) + units);
  return sums;
}

async function readEndings({ client, fromBlock }: Sight) {
  const { LicenseNFT, UsageLedger } = client.contracts;
  const events = await LicenseNFT.queryFilter(LicenseNFT.filters.LicenseClosed(), fromBlock);
  const endings = await Promise.all(
    events.map(async (event) => {
      const { licenseId, used } = event.args;
      const call = UsageLedger.interface.parseTransaction(await event.getTransaction());
      if (call?.name !== "closeOpened") return [licenseId, { used }] as const;
      const { units, contexts, salt } = call.args.opening;
      return [licenseId, { used, opening: { units, contexts, salt } }] as const;
    }),
  );
  return new Map<bigint, NonNullable<PublicLicense["closed"]>>(endings);
}

async function readAllowed({ client, offerIds: [offerId = 0n] }: Sight): Promise<bigint> {
  const { termsId } = await getOffer(client, { offerId });
  return (await getConditions(client, { termsId })).contexts;
}

async function readBytes({ client: { provider }, fromBlock }: Sight): Promise<string> {
  const parts: string[] = [];
  const logs = await provider.getLogs({ fromBlock, toBlock: "latest" });
  for (const { topics, data } of logs) parts.push(...topics, data);
  const latest = await provider.getBlockNumber();
  for (let number = fromBlock; number <= latest; number++) {
    const block = await provider.getBlock(number, true);
    for (const { data } of block?.prefetchedTransactions ?? []) parts.push(data);
  }
  return parts.map((part) => part.slice(2)).join(" ");
}
