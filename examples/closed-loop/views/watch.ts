import { createClient } from "@benefit-grid/sdk";
import type { Use } from "../finish.ts";
import type { Run } from "../loop.ts";
import type { Catalog } from "../parties/catalog.ts";
import type { Licensee } from "../parties/customer.ts";
import type { AnswerRow, ViewRow } from "../report/model.ts";
import { type ChainView, readChain } from "./chain-view.ts";
import type { Party } from "./knowledge.ts";
import { closedRows, type Names, settledRows } from "./rows.ts";

type Chain = Pick<Run, "connection" | "deployment" | "apps" | "startBlock">;

/** Looks at a run as each party, twice. */
export type Watch = {
  readonly parties: readonly string[];
  readonly settled: () => Promise<ViewRow[]>;
  readonly closed: () => Promise<ViewRow[]>;
};

export async function createWatch(chain: Chain, use: Use): Promise<Watch> {
  const parties = await partiesOf(use);
  const names = namesOf(chain, use);
  const questions = use.answers.map(({ question }) => question);
  return {
    parties: parties.map(({ name }) => name),
    settled: async () => settledRows(await look(chain, use.catalog), parties, questions, names),
    closed: async () => closedRows(await look(chain, use.catalog), parties, names),
  };
}

/** Reads with a client that cannot sign. */
async function look({ connection, deployment, startBlock }: Chain, catalog: Catalog): Promise<ChainView> {
  const client = await createClient({ runner: connection.ethers.provider, deployment });
  return await readChain({ client, offerIds: catalog.offerIds, fromBlock: startBlock });
}

/** The parties' own knowledge. The capsule's owner has none: it neither serves nor asks. */
async function partiesOf({ licensees: [customer], answers, service }: Use): Promise<Party[]> {
  const nothing = { openings: new Map(), texts: [] };
  const parties = [
    { name: "outsider", ...nothing },
    { name: "meter", ...(await service.books()) },
  ];
  return [
    ...parties,
    ...(customer ? [ownView(customer, answers)] : []),
    { name: "capsule's owner", ...nothing },
  ];
}

/** A customer has its last voucher and its questions. */
function ownView({ customer: { name }, licenseId, voucher }: Licensee, answers: readonly AnswerRow[]): Party {
  const texts = answers.filter(({ customer }) => customer === name).map(({ question }) => question);
  return { name, openings: new Map(voucher ? [[licenseId, voucher]] : []), texts };
}

function namesOf({ apps }: Chain, { licensees, catalog }: Use): Names {
  const offers = catalog.offerIds.map((offerId, i) => [offerId, apps[i]?.name ?? ""] as const);
  return {
    customers: new Map(licensees.map(({ licenseId, customer }) => [licenseId, customer.name])),
    applications: new Map(offers),
  };
}
