import { decodeContexts, type Opening, verifyOpening } from "@benefit-grid/sdk";
import { formatInteger } from "../report/amounts.ts";
import type { ChainView, PublicLicense } from "./chain-view.ts";

/** A party's knowledge besides the chain, which everybody can read. */
export type Party = {
  readonly name: string;
  /** By license. */
  readonly openings: ReadonlyMap<bigint, Opening>;
  /** Questions that it read. */
  readonly texts: readonly string[];
};

/** Both ends are included. */
export type Range = { readonly from: bigint; readonly to: bigint };

type Openings = Party["openings"];

/** Possible range of each license's settled units, given the chain and these openings. */
export function unitsKnown(chain: ChainView, openings: Openings): Map<bigint, Range> {
  const ranges = new Map(
    chain.licenses.map((license) => [license.licenseId, rangeOf(license, openings)] as const),
  );
  for (const [offerId, total] of chain.totals) {
    const ids = chain.licenses.filter((one) => one.offerId === offerId).map(({ licenseId }) => licenseId);
    while (ids.some((id) => narrow(ranges, id, ids, total)));
  }
  return ranges;
}

function rangeOf(license: PublicLicense, openings: Openings): Range {
  const opening = openingKnown(license, openings);
  if (opening) return { from: opening.units, to: opening.units };
  if (!license.usage) return { from: 0n, to: 0n };
  return { from: 0n, to: license.closed?.used ?? license.prepaid };
}

/** The opening of the license's usage word: the party's own, or after closing the chain's. */
function openingKnown(license: PublicLicense, openings: Openings): Opening | undefined {
  const { licenseId, usage, closed } = license;
  return [openings.get(licenseId), closed?.opening].find(
    (opening) => usage && opening && verifyOpening({ licenseId, usage, ...opening }),
  );
}

/** Narrows one range to the total less the others' ranges. Returns whether it became smaller. */
function narrow(ranges: Map<bigint, Range>, id: bigint, ids: readonly bigint[], total: bigint): boolean {
  const known = ranges.get(id) as Range;
  const others = ids.filter((other) => other !== id).map((other) => ranges.get(other) as Range);
  const least = others.reduce((rest, { to }) => rest - to, total);
  const most = others.reduce((rest, { from }) => rest - from, total);
  const from = least > known.from ? least : known.from;
  const to = most < known.to ? most : known.to;
  ranges.set(id, { from, to });
  return from !== known.from || to !== known.to;
}

/** A count, or its range if it is hidden. */
export function describeUnits({ from, to }: Range): string {
  return from === to ? formatInteger(from) : `hidden: ${formatInteger(from)} to ${formatInteger(to)}`;
}

export function describeContexts(chain: ChainView, license: PublicLicense, openings: Openings): string {
  const opening = openingKnown(license, openings);
  if (opening) return decodeContexts(opening.contexts).join(", ");
  return license.usage ? `hidden: some of ${decodeContexts(chain.allowed).length}` : "none";
}

/** Number of these texts on the chain or with the party. */
export function describeTexts(questions: readonly string[], chain: ChainView, { texts }: Party): string {
  const isOnChain = (text: string) => chain.bytes.includes(Buffer.from(text).toString("hex"));
  const read = questions.filter((text) => texts.includes(text) || isOnChain(text));
  return `${formatInteger(read.length)} of ${formatInteger(questions.length)}`;
}
