import { expect } from "chai";
import {
  capsuleShare,
  DAY,
  ethers,
  impersonate,
  LAPSE,
  MILLION,
  Mode,
  mintParams,
  networkHelpers,
  Role,
  share,
  signerChange,
  voucher,
  WINDOW,
} from "../grid.ts";
import { settle as settlePrivately, unprovenSettlement } from "../metering/private.ts";
import { type Book, readBook, Tally } from "./book.ts";
import { addCapsule, addOffer, earners, legsOf, payFixture, randomOf, sum } from "./support.ts";

const STEPS = 500;

/** Every event of router and ledger. The history must contain each of them. */
const EVENTS = [
  ...["Paid", "Deposited", "Released", "Refunded", "EscrowSwept", "Claimed", "PassedOn", "Withdrawn"],
  ...[
    "ApplicationShareSet",
    "SectorShareSet",
    "LicensesSet",
    "MeterSet",
    "OpenSettled",
    "PrivateSettled",
    "SignerChangeSkipped",
  ],
  ...["MeterTransferStarted", "MeterTransferred", "InstanceAdded", "RangeVerifierSet"],
];

/**
 * Six capsules naming each other, two offers in each of two tokens, one of them private. Buyers have plenty of money and
 * allowance. Any proof verifies: the events of a settlement do not depend on its verifier.
 */
async function marketFixture() {
  const grid = await networkHelpers.loadFixture(payFixture);
  const { usd, router, buyer, stranger, creator, dataOwner, ledger, meter } = grid;
  const other = await ethers.deployContract("PlainToken", [18]);
  for (const payer of [buyer, stranger]) {
    for (const token of [usd, other]) {
      await token.mint(payer, 10n ** 18n);
      await token.connect(payer).approve(router, ethers.MaxUint256);
    }
  }
  for (let id = 2n; id <= 6n; id += 1n) {
    await addCapsule(grid, [
      share(Role.Data, id, dataOwner),
      capsuleShare(Role.Data, 3n, id - 1n),
      capsuleShare(Role.Model, 1n, id - 1n),
      ...(id % 2n === 0n ? [capsuleShare(Role.Compute, 1n, 1n)] : []),
    ]);
  }
  await grid.capsules.connect(creator).setShares(1n, [capsuleShare(Role.Data, 1n, 6n)]);
  await addOffer(grid, { currency: await other.getAddress(), pricePerMillion: 7_300_001n });
  await addOffer(grid, { application: ethers.ZeroAddress, sector: 6n, pricePerMillion: 999_999n });
  await addOffer(grid, { currency: await other.getAddress(), mode: Mode.Private });
  await ledger.connect(meter).registerMeter(meter, meter, "https://second.example");
  await ledger.connect(meter).transferMeter(1n, creator);
  await ledger.connect(meter).transferMeter(2n, creator);
  await ledger.connect(creator).acceptMeter(2n);
  const credulous = await ethers.deployContract("CredulousVerifier");
  const { verifier } = await ledger.instanceOf(0n);
  await networkHelpers.setCode(verifier, await ethers.provider.getCode(credulous));
  /** Units settled privately, by license. */
  const privately = new Tally();
  return { ...grid, other, tokens: [usd, other] as const, privately };
}

type Market = Awaited<ReturnType<typeof marketFixture>>;
type Random = ReturnType<typeof randomOf>;

/** One action of some user. Many actions are refused, as expected. */
async function step(market: Market, random: Random) {
  const { router, licenses, ledger, capsules, buyer, stranger, creator, meter, payee, dataOwner, tokens } =
    market;
  const pick = <T>(options: readonly T[]) => options[random(options.length)] as T;
  const upTo = (below: number) => BigInt(1 + random(below));
  const rarely = (deed: () => Promise<unknown>) => async () => (random(4) === 0 ? await deed() : undefined);
  const who = pick([buyer, stranger]);
  const licenseId = upTo(Number(await licenses.lastLicenseId()) || 1);
  const ranges = async () => {
    const capsuleId = upTo(6);
    const sharesVersion = upTo(Number(await capsules.currentSharesVersion(capsuleId)));
    const earnersOf = (await capsules.sharesOf(capsuleId, sharesVersion)).length + 1;
    const first = random(2) * random(earnersOf);
    const count = 1 + random(earnersOf - first);
    return [await earners(pick(tokens), [BigInt(first), BigInt(count)], { capsuleId, sharesVersion })];
  };
  const settle = async () => {
    const { offerId, prepaid } = await licenses.licenseOf(licenseId);
    const used = BigInt(await ledger.usageOf(licenseId)) & (2n ** 64n - 1n);
    const signer = (await licenses.ownerOf(licenseId)) === buyer.address ? buyer : stranger;
    const units = used + upTo(Number(prepaid - used) || 1);
    const rows = [await voucher(market, signer, { licenseId, units, contexts: 7n })];
    return await ledger.connect(meter).settleOpen(1n, [{ offerId, rows }]);
  };
  const settlePrivate = async () => {
    const { offerId, prepaid } = await licenses.licenseOf(licenseId);
    const used = market.privately.get(`${licenseId}`);
    const units = BigInt(random(Number(prepaid - used) + 1));
    const by = (await licenses.ownerOf(licenseId)) === buyer.address ? "buyer" : "stranger";
    const next = { units: used + units, contexts: 1n, salt: upTo(1_000_000) };
    const settlement = await unprovenSettlement(market, {
      [`${offerId}`]: [{ licenseId, by, cap: prepaid, next }],
    });
    const batches = settlement.batches.map((batch) => ({ ...batch, units }));
    const sent = await settlePrivately(market, { ...settlement, batches });
    market.privately.add(`${licenseId}`, units);
    return sent;
  };
  const deeds = {
    pay: () => router.connect(who).pay(upTo(6), pick(tokens), upTo(5_000), "0x"),
    payAgain: () => router.connect(who).pay(upTo(6), pick(tokens), upTo(5_000), "0x"),
    mint: () => licenses.connect(who).mint(mintParams(upTo(4), who, upTo(300)), "0x"),
    topUp: () => licenses.connect(who).topUp(licenseId, upTo(50), 5_000n, "0x"),
    settle,
    settleAgain: settle,
    settlePrivate,
    settlePrivateAgain: settlePrivate,
    claim: async () => router.claim(await ranges()),
    passOn: async () => router.passOn(await ranges()),
    passOnAgain: async () => router.passOn(await ranges()),
    withdraw: () =>
      router.withdraw(pick([payee, buyer, stranger, market.application, dataOwner]), pick(tokens)),
    requestClose: rarely(() => licenses.connect(who).requestClose(licenseId)),
    close: () => ledger.close(licenseId),
    wait: () => networkHelpers.time.increase(upTo(Number(DAY))),
    setShares: rarely(async () => {
      const capsuleId = upTo(6);
      const rows = [
        share(pick([0n, 1n, 2n]), upTo(9), market.modelOwner),
        capsuleShare(pick([0n, 1n, 2n]), upTo(9), (capsuleId % 6n) + 1n),
      ];
      const owner = await ethers.getSigner(await capsules.ownerOf(capsuleId));
      return await capsules.connect(owner).setShares(capsuleId, rows);
    }),
    transferCapsule: rarely(async () => {
      const capsuleId = upTo(6);
      const owner = await ethers.getSigner(await capsules.ownerOf(capsuleId));
      return await capsules.connect(owner).transferFrom(owner, pick([creator, stranger]), capsuleId);
    }),
    transferLicense: async () => {
      const holder = await ethers.getSigner(await licenses.ownerOf(licenseId));
      await licenses.connect(holder).transferFrom(holder, who, licenseId);
      return await ledger.connect(meter).confirmSigners(1n, [await signerChange(market, licenseId)]);
    },
    setMeter: rarely(() => ledger.connect(meter).setMeter(1n, meter, pick([payee, stranger]), "")),
    setApplicationShare: rarely(async () =>
      router.connect(await impersonate(market.timelock)).setApplicationShare(upTo(5_000)),
    ),
    setSectorShare: async () =>
      router
        .connect(await impersonate(market.timelock))
        .setSectorShare(pick([6n, 7n]), pick([dataOwner, buyer]), BigInt(random(5_001))),
  };
  try {
    await pick(Object.values(deeds))();
  } catch (error) {
    if (!/revert/.test(String(error))) throw error;
  }
}

/** Retires an offer, lets its licenses lapse and sweeps the rest. */
async function sweepOffer({ capsules, terms, licenses, router, buyer }: Market) {
  await licenses.connect(buyer).mint(mintParams(1n, buyer, 100n), "0x");
  await terms.connect(await ethers.getSigner(await capsules.ownerOf(1n))).retireOffer(1n);
  await networkHelpers.time.increase(31n * DAY + WINDOW + LAPSE);
  for (let id = 1n; id <= (await licenses.lastLicenseId()); id += 1n) {
    const license = await licenses.licenseOf(id).catch(() => undefined);
    if (license?.offerId === 1n) await licenses.lapse(id);
  }
  await router.sweep(1n);
}

async function historyFixture() {
  const market = await networkHelpers.loadFixture(marketFixture);
  const random = randomOf(2100);
  for (let i = 0; i < STEPS; i += 1) await step(market, random);
  await sweepOffer(market);
  for (let i = 0; i < 20; i += 1) await step(market, random);
  return { ...market, book: await readBook(market) };
}

describe("events", () => {
  it("when a busy history is over, every event of router and ledger is in it", async () => {
    const { router, ledger, book } = await networkHelpers.loadFixture(historyFixture);
    const declared = [router, ledger].flatMap(({ interface: face }) =>
      face.fragments.filter(({ type }) => type === "event").map((event) => `${Object(event).name}`),
    );
    const inherited = /^Role|^EIP712/;
    expect(declared.filter((name) => !inherited.test(name)).sort()).to.deep.equal([...EVENTS].sort());
    for (const name of EVENTS) expect(book.counts.get(name) > 0n, name).to.equal(true);
  });

  it("when escrow is rebuilt from them, it equals the chain's", async () => {
    const { router, terms, book } = await networkHelpers.loadFixture(historyFixture);
    expect(book.offers.size).to.equal(Number(await terms.lastOfferId()));
    for (const offerId of book.offers.keys()) {
      expect(await router.escrowOf(offerId), `offer ${offerId}`).to.deep.equal([
        book.balances.get(offerId),
        book.released.get(offerId) % MILLION,
        book.openUnits.get(offerId),
      ]);
    }
  });

  it("when revenue and claims are rebuilt from them, they equal the chain's", async () => {
    const { router, tokens, book } = await networkHelpers.loadFixture(historyFixture);
    for (const [version, rows] of book.rows) {
      for (const token of tokens) {
        const key = `${version}/${await token.getAddress()}`;
        const [capsuleId, sharesVersion] = version.split("/") as [string, string];
        const {
          total = 0n,
          computeAccrued = 0n,
          inbound = false,
          data = 0n,
          model = 0n,
        } = book.revenues.get(key) ?? {};
        expect(await router.revenueOf(capsuleId, sharesVersion, token), key).to.deep.equal([
          total,
          computeAccrued,
          inbound,
          data,
          model,
        ]);
        for (let earner = 0; earner <= rows.length; earner += 1) {
          expect(await router.takenOf(capsuleId, sharesVersion, token, earner), `${key}/${earner}`).to.equal(
            book.taken.get(`${key}/${earner}`),
          );
        }
      }
    }
  });

  it("when withdrawable balances are rebuilt from them, they equal the chain's", async () => {
    const { router, book } = await networkHelpers.loadFixture(historyFixture);
    expect(book.withdrawable.size > 4).to.equal(true);
    for (const [key, amount] of book.withdrawable) {
      const [account, token] = key.split("/") as [string, string];
      expect(await router.withdrawable(account, token), key).to.equal(amount);
    }
  });

  it("when use and meters are rebuilt from them, they equal the chain's", async () => {
    const { ledger, licenses, book } = await networkHelpers.loadFixture(historyFixture);
    for (let id = 1n; id <= (await licenses.lastLicenseId()); id += 1n) {
      expect(BigInt(await ledger.usageOf(id)), `license ${id}`).to.equal(book.usage.get(`${id}`));
    }
    expect(book.meters.size).to.equal(Number(await ledger.lastMeterId()));
    for (const [meterId, meter] of book.meters) {
      expect(await ledger.meterOf(meterId), `meter ${meterId}`).to.deep.equal(Object.values(meter));
    }
  });

  it("when circuits are rebuilt from them, they equal the chain's", async () => {
    const { ledger, book } = await networkHelpers.loadFixture(historyFixture);
    expect(book.circuits.instances).to.have.lengthOf(Number(await ledger.instanceCount()));
    for (const [i, instance] of book.circuits.instances.entries()) {
      expect(await ledger.instanceOf(i)).to.deep.equal(instance);
    }
    expect(await ledger.RANGE_VERIFIER()).to.equal(book.circuits.rangeVerifier);
  });

  it("when private totals are rebuilt from them, they equal the settled units", async () => {
    const { book, privately } = await networkHelpers.loadFixture(historyFixture);
    expect(sum(book.privateUnits.values())).to.equal(sum(privately.values()));
    expect([...book.privateUnits.keys()]).to.deep.equal(["4"]);
    expect(book.usage.size).to.be.greaterThan(5);
  });

  it("when settings are rebuilt from them, they equal the chain's", async () => {
    const { router, book } = await networkHelpers.loadFixture(historyFixture);
    expect(book.settings).to.deep.equal({
      applicationShareBps: await router.applicationShareBps(),
      licenses: await router.licenses(),
    });
    expect([...book.sectorShares.keys()]).to.have.members(["6", "7"]);
    for (const [sector, { account, bps }] of book.sectorShares)
      expect(await router.sectorShareOf(sector)).to.deep.equal([account, bps]);
  });

  it("when all is added up, the router holds exactly its debts", async () => {
    const { router, tokens, book } = await networkHelpers.loadFixture(historyFixture);
    for (const token of tokens) {
      const address = await token.getAddress();
      expect(await token.balanceOf(router), address).to.equal(owedIn(book, address));
    }
  });
});

/** Escrow, unclaimed earnings and withdrawable balances, in one token. */
function owedIn(book: Book, token: string) {
  const isOurs = ([key]: readonly [string, unknown]) => key.split("/").includes(token);
  const escrow = [...book.offers].map(([id, { currency }]) =>
    currency === token ? book.balances.get(id) : 0n,
  );
  const earned = [...book.revenues].filter(isOurs).map(([, { total, computeAccrued, data, model }]) => {
    const legs = legsOf(total);
    return legs.platform + legs.data + legs.model + computeAccrued + data + model;
  });
  const taken = [...book.taken].filter(isOurs).map(([, amount]) => amount);
  const withdrawable = [...book.withdrawable].filter(isOurs).map(([, amount]) => amount);
  return sum(escrow) + sum(earned) - sum(taken) + sum(withdrawable);
}
