import { readFile } from "node:fs/promises";
import { createOffer, hashContent, publishCapsule, registerCapsule, registerMeter } from "@benefit-grid/sdk";
import { corpusHash, loadCorpus, modelHash } from "../answers/corpus.ts";
import type { Gas } from "../money/gas.ts";
import type { Actor, Actors } from "./actors.ts";
import { terms } from "./policy.ts";
import { gatherContributors } from "./pool.ts";

/** Price of a million tokens of questions and answers, base units: $3, as usual on the market. */
export const PRICE_PER_MILLION = 3_000_000n;
/** Contexts allowed by the terms. */
export const CONTEXTS = terms.contexts;

/** The giver of one work of the corpus: a member of its pool. */
export type Contributor = { readonly actor: Actor; readonly workId: string; readonly title: string };

/** The published capsules and offers, and the people behind them. */
export type Catalog = {
  readonly corpusId: bigint;
  /** Earns from the corpus. Contributors divide its revenue by the passages that answers cite. */
  readonly pool: `0x${string}`;
  /** The pool's curator, and owner of the corpus. */
  readonly librarian: Actor;
  readonly modelId: bigint;
  readonly serviceId: bigint;
  readonly contributors: readonly Contributor[];
  readonly modelOwner: Actor;
  /** Owns the service's capsule and its offers. It does not serve, so it knows only what is on the chain. */
  readonly serviceOwner: Actor;
  /** Operates the meter. */
  readonly operator: Actor;
  readonly meterId: bigint;
  /** One offer for each application, in their order. */
  readonly offerIds: readonly bigint[];
};

/** Publishes corpus, model and service, with one offer for each application. */
export async function publishCatalog(
  actors: Actors,
  applications: readonly Actor[],
  currency: `0x${string}`,
  gas: Gas,
): Promise<Catalog> {
  const [librarian, modelOwner, serviceOwner, operator] = [
    await actors.create("corpus steward"),
    await actors.create("model steward"),
    await actors.create("service steward"),
    await actors.create("meter"),
  ];
  const contributors = await createContributors(actors);
  const pool = await gatherContributors(librarian, contributors, gas);
  const corpusId = await registerCorpus(librarian, pool, gas);
  const modelId = await registerModel(modelOwner, gas);
  const { meterId } = await gas.count(
    "register the meter",
    registerMeter(operator.client, { payee: operator.address, endpoint: "http://127.0.0.1" }),
  );
  const parts = { corpusId, modelId, meterId, currency, applications };
  const offers = await publishService(serviceOwner, parts, gas);
  return {
    corpusId,
    pool,
    librarian,
    modelId,
    contributors,
    modelOwner,
    serviceOwner,
    operator,
    meterId,
    ...offers,
  };
}

async function createContributors(actors: Actors): Promise<Contributor[]> {
  const contributors: Contributor[] = [];
  for (const { id, title, author } of loadCorpus()) {
    const actor = await actors.create(`contributor (${author.split(" ").at(-1)})`, { hasGas: false });
    contributors.push({ actor, workId: id, title });
  }
  return contributors;
}

async function registerCorpus(steward: Actor, pool: `0x${string}`, gas: Gas) {
  const shares = [{ role: "data" as const, units: 1n, account: pool }];
  const contentHash = `0x${corpusHash()}` as const;
  const { capsuleId } = await gas.count(
    "register the corpus",
    registerCapsule(steward.client, {
      owner: steward.address,
      kind: "data",
      contentHash,
      uri: hashUri(contentHash),
      shares,
    }),
  );
  return capsuleId;
}

async function registerModel(owner: Actor, gas: Gas) {
  const contentHash = `0x${modelHash()}` as const;
  const { capsuleId } = await gas.count(
    "register the model",
    registerCapsule(owner.client, {
      owner: owner.address,
      kind: "model",
      contentHash,
      uri: "https://www.npmjs.com/package/wink-eng-lite-web-model",
    }),
  );
  return capsuleId;
}

type ServiceParts = {
  corpusId: bigint;
  modelId: bigint;
  meterId: bigint;
  currency: `0x${string}`;
  applications: readonly Actor[];
};

async function publishService(owner: Actor, parts: ServiceParts, gas: Gas) {
  const { corpusId, modelId, meterId, currency, applications } = parts;
  const ledger = owner.client.addresses.UsageLedger;
  const contentHash = await hashContent(await readFile(new URL("../answers/retrieval.ts", import.meta.url)));
  const [first, ...others] = applications.map(({ address: application }) => {
    return {
      ledger,
      meterId,
      currency,
      pricePerMillion: PRICE_PER_MILLION,
      application,
      mode: "private" as const,
    };
  });
  if (!first) throw new TypeError("A service needs an application.");
  const { capsuleId, offerId, termsId } = await gas.count(
    "publish the service with terms and offer",
    publishCapsule(owner.client, {
      kind: "agent",
      contentHash,
      uri: hashUri(contentHash),
      shares: [
        { role: "data", units: 1n, capsuleId: corpusId },
        { role: "model", units: 1n, capsuleId: modelId },
      ],
      terms,
      offer: first,
    }),
  );
  const offerIds = [offerId];
  for (const offer of others) {
    const added = await gas.count(
      "add an offer",
      createOffer(owner.client, { capsuleId, termsId, ...offer }),
    );
    offerIds.push(added.offerId);
  }
  return { serviceId: capsuleId, offerIds };
}

/** A URI with the content's hash (RFC 6920). */
function hashUri(contentHash: `0x${string}`): string {
  return `ni:///sha-256;${Buffer.from(contentHash.slice(2), "hex").toString("base64url")}`;
}
