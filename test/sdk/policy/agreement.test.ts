import { encodeContexts } from "@benefit-grid/sdk";
import {
  compilePolicy,
  evaluatePolicy,
  MOST_UNITS,
  type Policy,
  PolicyError,
} from "@benefit-grid/sdk/policy";
import { expect } from "chai";
import { gridFixture, mintParams, networkHelpers, offerParams, registration } from "../../grid.ts";
import { NAMES, type Random, randomOf, randomPolicy } from "./random.ts";

const LICENSES = 24;
const STEPS = 40;

type Grid = Awaited<ReturnType<typeof gridFixture>>;
type License = { id: bigint; policy: Policy; since: bigint; revoked?: bigint; units: bigint };

const { time } = networkHelpers;
const dateOf = (seconds: bigint) => new Date(Number(seconds) * 1_000);
const latest = async () => BigInt(await time.latest());

function compilable(random: Random): { policy: Policy; terms: ReturnType<typeof compilePolicy>["terms"] } {
  for (;;) {
    const policy = randomPolicy(random);
    try {
      return { policy, terms: compilePolicy(policy).terms };
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
    }
  }
}

/** A free license under a random policy. The buyer holds it and signs. */
async function license(
  { terms: registry, licenses, creator, buyer, ...grid }: Grid,
  random: Random,
): Promise<License> {
  const { policy, terms } = compilable(random);
  const { policyHash, ...conditions } = terms;
  const stored = { conditions, policyHash };
  const termsId = await registry.register.staticCall(stored);
  await registry.register(stored);
  const params = {
    ...(await offerParams({ terms: registry, licenses, creator, buyer, ...grid })),
    pricePerMillion: 0n,
  };
  await registry.connect(creator).createOffer(1n, termsId, params);
  const units = 1n + BigInt(random.below(Number(terms.maxUnits < 500n ? terms.maxUnits : 500n)));
  await licenses.connect(buyer).mint(mintParams(await registry.lastOfferId(), buyer, units, 0n), "0x");
  return { id: await licenses.lastLicenseId(), policy, since: await latest(), units };
}

/** Decides as a gateway and as the policy's reader do. */
async function bothDecide(grid: Grid, { id, policy, since, revoked, units }: License, random: Random) {
  const { licenses, buyer, stranger } = grid;
  const user = random.chance(0.85) ? buyer : stranger;
  const contexts = random.some(NAMES, 0).slice(0, random.below(4));
  const access = await licenses.authorize(id, user.address, encodeContexts(contexts));
  const state = {
    now: dateOf(await latest()),
    since: dateOf(since),
    units,
    holder: `eip155:31337:${buyer.address}`,
    ...(revoked !== undefined && { revoked: dateOf(revoked) }),
  };
  const request = { action: "grid:meteredUse", assignee: `eip155:31337:${user.address}`, contexts };
  return { onChain: access === 0n, decision: evaluatePolicy(policy, request, state), access };
}

/** Revokes, renews, or waits: sometimes to the second before or of the term's end. */
async function live({ licenses, creator, buyer, terms }: Grid, one: License, random: Random): Promise<void> {
  const { expiry } = await licenses.licenseOf(one.id);
  const now = await latest();
  switch (random.below(5)) {
    case 0: {
      const { revocationNotice } = await terms.offerConditionsOf((await licenses.licenseOf(one.id)).offerId);
      if (one.revoked !== undefined || revocationNotice === 2n ** 40n - 1n) return;
      await licenses.connect(creator).revoke(one.id);
      one.revoked = await latest();
      return;
    }
    case 1: {
      const renewed = await licenses
        .connect(buyer)
        .renew.staticCall(one.id, 1n, 0n, "0x")
        .then(
          () => true,
          () => false,
        );
      if (!renewed) return;
      await licenses.connect(buyer).renew(one.id, 1n, 0n, "0x");
      [one.since, one.units] = [await latest(), 1n];
      return;
    }
    case 2: {
      const end = expiry - BigInt(random.below(2));
      if (end > now && end < now + 10_000_000n) await time.increaseTo(end);
      return;
    }
    default:
      await time.increase(random.below(400_000));
  }
}

describe("evaluatePolicy and the chain", () => {
  it("decide the same for random licenses, users, contexts and times", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    const random = randomOf(21);
    await grid.capsules.connect(grid.creator).register(grid.creator.address, registration());
    const all: License[] = [];
    for (let i = 0; i < LICENSES; i++) all.push(await license(grid, random));
    const seen: Record<string, number> = {};
    for (let step = 0; step < STEPS; step++) {
      const one = random.pick(all);
      await live(grid, one, random);
      for (const each of [one, one, ...random.some(all).slice(0, 6)]) {
        const { onChain, decision, access } = await bothDecide(grid, each, random);
        expect(decision.permitted, `${access}: ${decision.text} ${JSON.stringify(each.policy)}`).to.equal(
          onChain,
        );
        seen[String(access)] = (seen[String(access)] ?? 0) + 1;
      }
    }
    // Allowed, expired, another user, other contexts.
    for (const access of ["0", "2", "5", "6"])
      expect(seen[access], JSON.stringify(seen)).to.be.greaterThan(10);
  });

  it("permit the same numbers of units, transfers and derivatives", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    const { licenses, buyer, stranger, terms } = grid;
    const random = randomOf(22);
    await grid.capsules.connect(grid.creator).register(grid.creator.address, registration());
    for (let i = 0; i < 10; i++) {
      const { id, policy, since, units: bought } = await license(grid, random);
      const state = { now: dateOf(await latest()), since: dateOf(since), units: bought };
      const { offerId } = await licenses.licenseOf(id);
      const { maxUnits, derivatives } = await terms.offerConditionsOf(offerId);
      for (const units of [1n, maxUnits - bought, maxUnits - bought + 1n]) {
        // The most units stand for no limit, so the chain has one unit less than none.
        if (units <= 0n || (maxUnits === MOST_UNITS && units > maxUnits - bought)) continue;
        const isSold = await succeeds(licenses.connect(buyer).topUp.staticCall(id, units, 0n, "0x"));
        const { permitted } = evaluatePolicy(policy, { action: "grid:meteredUse", units }, state);
        expect(permitted).to.equal(isSold);
      }
      const move = licenses.connect(buyer).transferFrom.staticCall(buyer, stranger, id);
      expect(evaluatePolicy(policy, { action: "transfer" }, state).permitted).to.equal(await succeeds(move));
      expect(evaluatePolicy(policy, { action: "derive" }, state).permitted).to.equal(derivatives);
    }
  });
});

async function succeeds(call: Promise<unknown>): Promise<boolean> {
  return await call.then(
    () => true,
    () => false,
  );
}
