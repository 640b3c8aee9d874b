import { settleBatch } from "@benefit-grid/sdk";
import { type Batch, buildBatch, describeAnonymity, proveBatch } from "@benefit-grid/sdk/proofs";
import { formatInteger, plural } from "./amounts.ts";
import type { Catalog } from "./catalog.ts";
import type { Printer } from "./console.ts";
import type { Gas } from "./gas.ts";
import { sum } from "./report-model.ts";
import type { Service } from "./service.ts";

const LONE =
  "With one license of an offer in the batch, its count is public. A meter that can wait waits for a second one.";

type Run = { readonly printer: Printer; readonly gas: Gas };

/** Settles all vouchers with one proof, in one transaction; returns who hides whom, an offer a sentence. */
export async function settle({ printer, gas }: Run, catalog: Catalog, service: Service): Promise<string[]> {
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
  for (const sentence of anonymity) printer.line(`  ${sentence}`);
  const proof = await printer.step(
    "prove the batch",
    (progress) =>
      proveBatch(batch, {
        onProgress: (stage, fraction) => progress(`${stage}, ${Math.round(100 * fraction)} %`),
      }),
    () => `one for ${plural(licensesOf(batch), "license")} of ${plural(batch.offers.length, "offer")}`,
  );
  await printer.step(
    "settle in one transaction",
    async () => {
      const settlement = settleBatch(client, { batch, proof });
      const { totals } = await gas.count("settle all vouchers with one proof", settlement, licensesOf(batch));
      service.settled(offers);
      return sum(totals.map(({ units }) => units));
    },
    (units) => `${formatInteger(units)} tokens`,
  );
  return anonymity;
}

function describe(batch: Batch): string[] {
  const isLone = batch.anonymity.some(({ rows }) => rows === 1);
  return [...describeAnonymity(batch).split("\n"), ...(isLone ? [LONE] : [])];
}

const licensesOf = ({ offers }: Batch): number => offers.flatMap(({ rows }) => rows).length;
