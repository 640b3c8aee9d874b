import { type ClaimRange, claim, getRevenue, legsOf, passOn, withdraw } from "@benefit-grid/sdk";
import type { Actor } from "../parties/actors.ts";
import type { Catalog } from "../parties/catalog.ts";
import { formatInteger } from "../report/amounts.ts";
import type { Earning, Leg, Role } from "../report/model.ts";
import { sum } from "../report/model.ts";
import type { Gas } from "./gas.ts";

/** Shares versions of a run are the first: nobody changes shares or transfers a capsule. */
const SHARES_VERSION = 1n;

type Token = `0x${string}`;

/** Passes shares on to corpus and model, then pays everybody. */
export async function payOut(
  catalog: Catalog,
  applications: readonly Actor[],
  token: Token,
  gas: Gas,
): Promise<Earning[]> {
  const { operator, serviceId, corpusId, modelId, contributors } = catalog;
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
  const claims = [range(serviceId, 0n, 1), range(corpusId, 1n, contributors.length), range(modelId, 1n, 3)];
  const { paid } = await gas.count("claim for everyone", claim(operator.client, { claims }), claims.length);
  const claimed = (capsuleId: bigint, earner: bigint) =>
    sum(
      paid.filter((row) => row.capsuleId === capsuleId && row.earner === earner).map(({ amount }) => amount),
    );
  return [
    ...contributorEarnings(catalog, (earner) => claimed(corpusId, earner)),
    modelEarning(catalog, claimed(modelId, 2n)),
    ...(await withdrawals(catalog, applications, token, gas)),
    whole(
      "Platform",
      "Commons",
      "the platform's part, which the DAO assigns to a programme",
      claimed(serviceId, 0n),
    ),
  ];
}

function contributorEarnings({ contributors }: Catalog, claimed: (earner: bigint) => bigint): Earning[] {
  const total = sum(contributors.map(({ bytes }) => bytes));
  return contributors.map(({ actor, title, bytes }, i) => ({
    role: "Data",
    beneficiary: actor.name,
    reason: `gave ${title}, ${formatInteger(bytes)} of ${formatInteger(total)} bytes`,
    units: bytes,
    ofUnits: total,
    amount: claimed(BigInt(i + 1)),
  }));
}

function modelEarning({ modelOwner }: Catalog, amount: bigint): Earning {
  return whole("Model", modelOwner.name, "owns the language model that found the answers", amount);
}

async function withdrawals({ operator }: Catalog, applications: readonly Actor[], token: Token, gas: Gas) {
  const earnings: Earning[] = [];
  for (const actor of [operator, ...applications]) {
    const payment = withdraw(operator.client, { account: actor.address, token });
    const { amount } = await gas.count("withdraw", payment);
    earnings.push(
      actor === operator
        ? whole("Compute", actor.name, "served and counted every answer", amount)
        : whole("Platform", actor.name, "brought its customers", amount),
    );
  }
  return earnings;
}

function whole(role: Role, beneficiary: string, reason: string, amount: bigint): Earning {
  return { role, beneficiary, reason, units: 1n, ofUnits: 1n, amount };
}

/** The four legs, and what of each the router still holds after all claims, as the chain says. */
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
      remainder: await rest(catalog.corpusId, corpus.inboundData, catalog.contributors.length),
    },
    { role: "Model", amount: model, remainder: await rest(catalog.modelId, engine.inboundModel, 3) },
    { role: "Compute", amount: compute, remainder: 0n },
    { role: "Platform", amount: platform, remainder: 0n },
  ];
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
