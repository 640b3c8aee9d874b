import { settleBatch } from "@benefit-grid/sdk";
import { type Batch, buildBatch, describeAnonymity, proveBatch } from "@benefit-grid/sdk/proofs";
import type { Catalog } from "../parties/catalog.ts";
import type { Service } from "../parties/service.ts";
import { formatInteger, plural } from "../report/amounts.ts";
import type { Printer } from "../report/console.ts";
import { LONE, sum } from "../report/model.ts";
import type { Gas } from "./gas.ts";

/** The use to settle, in the names of steps. */
type Use = "paid" | "free";
type Run = { readonly printer: Printer; readonly gas: Gas };

/** Settles all vouchers with one proof, in one transaction. Returns sentences on how many licenses share a total. */
export async function settle(
  { printer, gas }: Run,
  catalog: Catalog,
  service: Service,
  use: Use,
): Promise<string[]> {
  const { client } = catalog.operator;
  const offers = service.batch();
  const batch = buildBatch({
    chainId: client.chainId,
    ledger: client.addresses.UsageLedger,
    meterId: catalog.meterId,
    offers,
    allowLone: true,
  });
  const anonymity = describe(batch);
  const proof = await printer.step(
    `prove the ${use} use`,
    (progress) =>
      proveBatch(batch, {
        onProgress: (stage, fraction) => progress(`${stage}, ${Math.round(100 * fraction)} %`),
      }),
    () => `one proof for ${plural(licensesOf(batch), "license")} of ${plural(batch.offers.length, "offer")}`,
  );
  await printer.step(
    `settle the ${use} use`,
    async () => {
      const settlement = settleBatch(client, { batch, proof });
      const { totals } = await gas.count("settle all vouchers with one proof", settlement, licensesOf(batch));
      service.settled(offers);
      return sum(totals.map(({ units }) => units));
    },
    (units) => `${formatInteger(units)} tokens in one transaction`,
  );
  return anonymity;
}

function describe(batch: Batch): string[] {
  const isLone = batch.anonymity.some(({ rows }) => rows === 1);
  return [...describeAnonymity(batch).split("\n"), ...(isLone ? [LONE] : [])];
}

const licensesOf = ({ offers }: Batch): number => offers.flatMap(({ rows }) => rows).length;
