import { creditContributions, getMember, withdrawContribution } from "@benefit-grid/sdk";
import { AbiCoder, hexlify, keccak256, randomBytes } from "ethers";
import type { Citation } from "../answers/retrieval.ts";
import type { Catalog, Contributor } from "../parties/catalog.ts";
import { plural } from "../report/amounts.ts";
import type { Printer } from "../report/console.ts";
import type { WorkRow } from "../report/model.ts";
import { sum } from "../report/model.ts";
import type { Gas } from "./gas.ts";

type Token = `0x${string}`;
type Run = { readonly printer: Printer; readonly gas: Gas; readonly token: Token };

/** Credits each work of a settlement with one unit for each passage that its answers cited. */
export async function creditWorks(
  { printer, gas, token }: Run,
  { librarian, pool, contributors }: Catalog,
  cited: readonly Citation[],
): Promise<void> {
  const contributions = contributors
    .map((contributor) => ({ contributor, passages: passagesOf(contributor, cited) }))
    .filter(({ passages }) => passages.length > 0)
    .map(({ contributor, passages }) => ({
      member: contributor.actor.address,
      units: BigInt(passages.length),
      evidenceHash: evidenceOf(passages),
    }));
  if (contributions.length === 0) return;
  const credit = { pool, contributions, currencies: [token] };
  await printer.step(
    "credit the cited works",
    () => gas.count("credit works", creditContributions(librarian.client, credit), contributions.length),
    () => `${plural(cited.length, "passage")} of ${plural(contributions.length, "work")}`,
  );
}

function passagesOf({ workId }: Contributor, cited: readonly Citation[]): Citation[] {
  return cited.filter((citation) => citation.workId === workId);
}

/** Hides which passages were cited: without the salt, anyone could guess them. The curator keeps salt and passages. */
function evidenceOf(passages: readonly Citation[]): `0x${string}` {
  const places = passages.map(({ paragraph, start, end }) => [paragraph, start, end]);
  const types = ["bytes32", "tuple(uint256,uint256,uint256)[]"];
  const data = AbiCoder.defaultAbiCoder().encode(types, [hexlify(randomBytes(32)), places]);
  return keccak256(data) as `0x${string}`;
}

/** Pays every contributor. All works in the corpus' order, uncited ones with zeros. */
export async function payWorks(
  { operator, pool, contributors }: Catalog,
  token: Token,
  gas: Gas,
): Promise<WorkRow[]> {
  const rows: WorkRow[] = [];
  for (const { actor, title } of contributors) {
    const member = actor.address;
    const { units } = await getMember(operator.client, { pool, member, currencies: [] });
    const row = { title, contributor: actor.name, units };
    if (units === 0n) rows.push({ ...row, amount: 0n });
    else {
      const withdrawal = withdrawContribution(operator.client, { pool, member, currency: token });
      rows.push({ ...row, amount: (await gas.count("withdraw from the pool", withdrawal)).amount });
    }
  }
  return rows;
}

export const unitsOf = (works: readonly WorkRow[]): bigint => sum(works.map(({ units }) => units));
