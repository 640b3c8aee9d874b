import { type ClaimRange, claim, getRevenue, legsOf, passOn, withdraw } from "@benefit-grid/sdk";
import type { Actor } from "../parties/actors.ts";
import type { Catalog } from "../parties/catalog.ts";
import { formatInteger } from "../report/amounts.ts";
import type { Earning, Leg, WorkRow } from "../report/model.ts";
import { sum } from "../report/model.ts";
import type { Gas } from "./gas.ts";
import { payWorks, unitsOf } from "./royalties.ts";

/** Nobody changes shares or transfers a capsule during a run. */
const SHARES_VERSION = 1n;

type Token = `0x${string}`;

const COMMONS =
  "is the fund for public goods: gets the rest of the platform's part, for a programme named by the DAO";

/** Passes shares on to corpus and model, then pays every beneficiary, the corpus' pool and its members included. */
export async function payOut(
  catalog: Catalog,
  applications: readonly Actor[],
  token: Token,
  gas: Gas,
): Promise<{ earnings: Earning[]; works: WorkRow[] }> {
  const { operator, serviceId, corpusId, modelId } = catalog;
  const range = (capsuleId: bigint, first: bigint, count: number): ClaimRange => ({
    capsuleId,
    sharesVersion: SHARES_VERSION,
    token,
    first,
    count: BigInt(count),
  });
  await gas.count(
    "pass on to corpus and model",
    passOn(operator.client, { claims: [range(serviceId, 1n, 2)] }),
  );
  const claims = [range(serviceId, 0n, 1), range(corpusId, 1n, 1), range(modelId, 1n, 3)];
  const { paid } = await gas.count("claim for everyone", claim(operator.client, { claims }), claims.length);
  const claimed = (capsuleId: bigint, earner: bigint) =>
    sum(
      paid.filter((row) => row.capsuleId === capsuleId && row.earner === earner).map(({ amount }) => amount),
    );
  const works = await payWorks(catalog, token, gas);
  const earnings: Earning[] = [
    ...works.filter(({ amount }) => amount > 0n).map((work) => workEarning(work, unitsOf(works))),
    modelEarning(catalog, claimed(modelId, 2n)),
    ...(await withdrawals(catalog, applications, token, gas)),
    { role: "Platform", beneficiary: "Commons", reason: COMMONS, amount: claimed(serviceId, 0n) },
  ];
  return { earnings, works };
}

function workEarning({ title, contributor, units, amount }: WorkRow, ofUnits: bigint): Earning {
  const cited = `${formatInteger(units)} of ${formatInteger(ofUnits)} cited passages`;
  const reason = `gave ${title}: ${cited}`;
  return { role: "Data", beneficiary: contributor, reason, share: { units, ofUnits }, amount };
}

function modelEarning({ modelOwner }: Catalog, amount: bigint): Earning {
  const reason = "owns the language model that found the answers";
  return { role: "Model", beneficiary: modelOwner.name, reason, share: { units: 1n, ofUnits: 1n }, amount };
}

async function withdrawals({ operator }: Catalog, applications: readonly Actor[], token: Token, gas: Gas) {
  const { client } = operator;
  const percent = Number(await client.contracts.SettlementRouter.applicationShareBps()) / 100;
  const compute = { role: "Compute", reason: "served and counted every answer" } as const;
  const platform = {
    role: "Platform",
    reason: `sold its customers their licenses: gets ${percent}\u00a0% of the platform's part of their use`,
  } as const;
  const earnings: Earning[] = [];
  for (const actor of [operator, ...applications]) {
    const { amount } = await gas.count("withdraw", withdraw(client, { account: actor.address, token }));
    const { role, reason } = actor === operator ? compute : platform;
    earnings.push({ role, beneficiary: actor.name, reason, amount });
  }
  return earnings;
}

/** The four legs, and the part of each still in the router after all claims, read from the chain. */
export async function readLegs(catalog: Catalog, token: Token): Promise<Leg[]> {
  const { client } = catalog.operator;
  const revenue = (capsuleId: bigint) =>
    getRevenue(client, { capsuleId, sharesVersion: SHARES_VERSION, token });
  const { total } = await revenue(catalog.serviceId);
  const { data, model, compute, platform } = legsOf(total);
  const rest = async (capsuleId: bigint, earned: bigint, earners: number) =>
    earned - (await taken(catalog, capsuleId, token, earners));
  const [corpus, engine] = [await revenue(catalog.corpusId), await revenue(catalog.modelId)];
  return [
    {
      role: "Data",
      amount: data,
      remainder: await rest(catalog.corpusId, corpus.inboundData, 1),
      pooled: await pooled(catalog),
    },
    { role: "Model", amount: model, remainder: await rest(catalog.modelId, engine.inboundModel, 3) },
    { role: "Compute", amount: compute, remainder: 0n },
    { role: "Platform", amount: platform, remainder: 0n },
  ];
}

/** The pool's balance: fractions of members, or all of it while no work was cited. */
async function pooled({ operator, pool }: Catalog): Promise<bigint> {
  return (await operator.client.contracts.TestUSD?.balanceOf(pool)) ?? 0n;
}

async function taken(
  { operator }: Catalog,
  capsuleId: bigint,
  token: Token,
  earners: number,
): Promise<bigint> {
  const router = operator.client.contracts.SettlementRouter;
  const numbers = Array.from({ length: earners }, (_, i) => i + 1);
  return sum(
    await Promise.all(numbers.map((earner) => router.takenOf(capsuleId, SHARES_VERSION, token, earner))),
  );
}
