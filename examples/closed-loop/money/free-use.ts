import { createOffer, encodeContexts, getOffer } from "@benefit-grid/sdk";
import type { Use } from "../finish.ts";
import type { Run } from "../loop.ts";
import { ask, buyLicense, type Licensee, payLast } from "../parties/customer.ts";
import { startService } from "../parties/service.ts";
import { plural } from "../report/amounts.ts";
import type { BenefitModel } from "../report/benefit-model.ts";
import { sum } from "../report/model.ts";
import { creditWorks } from "./royalties.ts";
import { settle } from "./settle.ts";

/** Questions of people without payment. */
const QUESTIONS = [
  ["What is the very first canon of nursing?", "Can disinfectants purify the air of a sick room?"],
  ["Does the cow pox protect from the small pox?", "What is the most powerful antiseptic known to Lister?"],
] as const;

/** Makes a free offer in a sector, lets two people ask, and settles their use with one proof. */
export async function serveForFree(
  run: Run,
  use: Use,
  sector: bigint,
): Promise<Pick<BenefitModel, "citizens" | "units" | "anonymity">> {
  const { catalog, retrieval } = use;
  const offerId = await offerForFree(run, use, sector);
  const service = await startService({ ...catalog, offerIds: [offerId] }, retrieval);
  try {
    const citizens = await run.printer.step(
      "answer questions for free",
      () => serveCitizens(run, offerId, service.endpoint),
      (all) => `${QUESTIONS.flat().length} answers to ${plural(all.length, "citizen")}`,
    );
    const anonymity = await settle(run, catalog, service, "free");
    await creditWorks(run, catalog, service.cited());
    return { citizens: citizens.length, units: sum(citizens.map(({ used }) => used)), anonymity };
  } finally {
    await service.close();
  }
}

async function serveCitizens(run: Run, offerId: bigint, endpoint: string): Promise<Licensee[]> {
  const citizens: Licensee[] = [];
  for (const [i, questions] of QUESTIONS.entries()) {
    const citizen = await admit(run, offerId, `citizen ${i + 1}`);
    for (const question of questions) await ask(citizen, endpoint, question);
    await payLast(citizen, endpoint);
    citizens.push(citizen);
  }
  return citizens;
}

async function offerForFree({ gas }: Run, { catalog }: Use, sector: bigint): Promise<bigint> {
  const { serviceOwner, serviceId, offerIds } = catalog;
  const { client } = serviceOwner;
  const paid = await getOffer(client, { offerId: offerIds[0] ?? 0n });
  const { termsId, ledger, meterId, currency } = paid;
  const offer = { ledger, meterId, currency, pricePerMillion: 0n, sector, mode: "private" as const };
  const created = createOffer(client, { capsuleId: serviceId, termsId, ...offer });
  return (await gas.count("add a free offer", created)).offerId;
}

async function admit({ actors, apps, token: currency, gas }: Run, offerId: bigint, name: string) {
  const [application] = apps;
  if (!application) throw new TypeError("The run has no application.");
  const customer = await actors.create(name, { hasGas: false });
  const contexts = encodeContexts(["health", "inference"]);
  const terms = { offerId, contexts, keepsCount: false, pricePerMillion: 0n };
  return await buyLicense({ customer, application, ...terms, currency, gas });
}
