import { expect } from "chai";
import { addDerivative, addLicense, addParent } from "../capsules/support.ts";
import {
  DAY,
  ethers,
  type GridFixture,
  gridFixture,
  mintParams,
  networkHelpers,
  offerParams,
  Role,
  share,
  terms,
  UNIT_PRICE,
  voucher,
} from "../grid.ts";
import { accounts, earners, legsOf } from "./support.ts";

const GENERATIONS = 8;
const SHARE = 5_000n;
const PAYMENT = 10_000_000n;

/** Capsules 1 to 9: a root, and eight derivatives, each of the one before, for half of its data and model revenue. */
async function lineFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const { terms: registry, buyer, stranger, dataOwner, modelOwner } = grid;
  const rows = [share(Role.Data, 1n, dataOwner), share(Role.Model, 1n, modelOwner)];
  let { licenseId } = await addParent(grid, SHARE, { rows });
  for (let generation = 1; generation <= GENERATIONS; generation += 1) {
    const capsuleId = await addDerivative(grid, [licenseId]);
    if (generation === GENERATIONS) break;
    const permitting = terms({ derivatives: true, derivativeShareBps: SHARE });
    const termsId = await registry.register.staticCall(permitting);
    await registry.connect(buyer).createOffer(capsuleId, termsId, await offerParams(grid));
    licenseId = await addLicense(grid, await registry.lastOfferId(), buyer);
  }
  const newest = BigInt(GENERATIONS + 1);
  // Anyone passes on: by one row of data and one of models a capsule.
  const passOn = async () => {
    for (let capsuleId = newest; capsuleId > 1n; capsuleId -= 1n) {
      const range = await earners(grid.usd, [1n, 2n], { capsuleId });
      await grid.router.connect(stranger).passOn([range]);
    }
  };
  return { ...grid, newest, passOn };
}

/** What is left of an amount after so many generations, each rounded down. */
function passedOn(amount: bigint, generations: number) {
  let left = amount;
  for (let i = 0; i < generations; i += 1) left = (left * SHARE) / 10_000n;
  return left;
}

async function payCapsule({ router, usd, buyer }: GridFixture, capsuleId: bigint, amount: bigint) {
  await router.connect(buyer).pay(capsuleId, usd, amount, "0x");
}

/** A derivative of 16 capsules with 500 rows each. The derivative has 500 own rows too. */
async function widestFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const people = accounts(500, "earner");
  const licenseIds: bigint[] = [];
  for (let i = 0; i < 16; i += 1) {
    const rows = people.map((account, n) => share(n % 2 === 0 ? Role.Data : Role.Model, 1n, account));
    licenseIds.push((await addParent(grid, 600n, { rows })).licenseId);
  }
  const own = people.map((account, n) => share(n % 2 === 0 ? Role.Data : Role.Model, 3n, account));
  return { ...grid, people, capsuleId: await addDerivative(grid, licenseIds, own) };
}

describe("SettlementRouter: derivatives", () => {
  it("when the eighth generation is paid, the root's rows claim exactly their part", async () => {
    const grid = await networkHelpers.loadFixture(lineFixture);
    const { router, usd, dataOwner, modelOwner, newest, passOn } = grid;
    await payCapsule(grid, newest, PAYMENT);
    await passOn();
    const { data, model } = legsOf(PAYMENT);
    const due = [passedOn(data, GENERATIONS), passedOn(model, GENERATIONS)];
    expect(due).to.deep.equal([15_625n, 11_718n]);
    await expect(router.claim([await earners(usd, [1n, 2n])])).to.changeTokenBalances(
      ethers,
      usd,
      [dataOwner, modelOwner],
      due,
    );
  });

  it("when it is paid in parts, with passing on between, the root gets as much as at once", async () => {
    const grid = await networkHelpers.loadFixture(lineFixture);
    const { router, usd, newest, passOn } = grid;
    for (const part of [1n, 777n, 1_000_003n]) {
      await payCapsule(grid, newest, part);
      await passOn();
    }
    await payCapsule(grid, newest, PAYMENT - 1_000_781n);
    await passOn();
    const { amounts } = await router.claimable(await earners(usd, [1n, 2n]));
    const { data, model } = legsOf(PAYMENT);
    expect([...amounts]).to.deep.equal([passedOn(data, GENERATIONS), passedOn(model, GENERATIONS)]);
  });

  it("when every generation is paid for metered use, the root earns of each", async () => {
    const grid = await networkHelpers.loadFixture(lineFixture);
    const { router, terms: registry, licenses, ledger, usd, buyer, meter, newest, passOn } = grid;
    const units = 1_000n;
    for (let offerId = 1n; offerId <= (await registry.lastOfferId()); offerId += 1n) {
      await licenses.connect(buyer).mint(mintParams(offerId, buyer, units), "0x");
      const licenseId = await licenses.lastLicenseId();
      const rows = [await voucher(grid, buyer, { licenseId, units })];
      await ledger.connect(meter).settleOpen(1n, [{ offerId, rows }]);
    }
    await passOn();
    const { data } = legsOf(units * UNIT_PRICE);
    // Each capsule passes half of its own data leg and of its inbound data revenue on.
    let inbound = 0n;
    for (let capsuleId = newest - 1n; capsuleId > 1n; capsuleId -= 1n) {
      inbound = ((data + inbound) * SHARE) / 10_000n;
    }
    const { amounts } = await router.claimable(await earners(usd, [1n, 1n]));
    expect(amounts[0]).to.equal(data + inbound);
  });

  it("when a capsule in the line changes hands and shares, the root's part stays", async () => {
    const grid = await networkHelpers.loadFixture(lineFixture);
    const { router, capsules, usd, buyer, stranger, newest } = grid;
    await networkHelpers.time.increase(40n * DAY);
    for (let capsuleId = 2n; capsuleId <= newest; capsuleId += 1n) {
      await capsules.connect(buyer).transferFrom(buyer, stranger, capsuleId);
      await capsules.connect(stranger).setShares(capsuleId, [share(Role.Data, 7n, stranger)]);
    }
    await payCapsule(grid, newest, PAYMENT);
    for (let capsuleId = newest; capsuleId > 1n; capsuleId -= 1n) {
      await router.passOn([await earners(usd, [1n, 2n], { capsuleId, sharesVersion: 3n })]);
    }
    const { data, model } = legsOf(PAYMENT);
    const { amounts } = await router.claimable(await earners(usd, [1n, 2n]));
    expect([...amounts]).to.deep.equal([passedOn(data, GENERATIONS), passedOn(model, GENERATIONS)]);
  });

  it("when there are 16 parents of 500 rows, each parent and row gets its part", async () => {
    const grid = await networkHelpers.loadFixture(widestFixture);
    const { router, usd, people, capsuleId } = grid;
    await payCapsule(grid, capsuleId, PAYMENT);
    await router.passOn([await earners(usd, [1n, 32n], { capsuleId })]);
    const { data, model } = legsOf(PAYMENT);
    for (let parent = 1n; parent <= 16n; parent += 1n) {
      const { inboundData, inboundModel } = await router.revenueOf(parent, 1n, usd);
      expect([inboundData, inboundModel]).to.deep.equal([(data * 600n) / 10_000n, (model * 600n) / 10_000n]);
    }
    const { amounts, accounts: who } = await router.claimable(
      await earners(usd, [1n, 500n], { capsuleId: 16n }),
    );
    expect([...who]).to.deep.equal(people.map((account) => ethers.getAddress(account)));
    expect(amounts[0]).to.equal((data * 600n) / 10_000n / 250n);
    const own = await router.claimable(await earners(usd, [33n, 500n], { capsuleId }));
    expect(own.amounts[0]).to.equal((data * 400n) / 10_000n / 250n);
    expect(own.amounts[499]).to.equal((model * 400n) / 10_000n / 250n);
  });
});
