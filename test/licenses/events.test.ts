import { expect } from "chai";
import {
  DAY,
  ethers,
  impersonate,
  LAPSE,
  mintParams,
  networkHelpers,
  offerFixture,
  registration,
  share,
  signerChange,
  UNIT_PRICE,
  WINDOW,
} from "../grid.ts";
import { randomOf } from "../settlement/support.ts";
import { EVENTS, keysAt, readBook } from "./book.ts";
import { addOffer, fieldsOf, secondLedger } from "./support.ts";

const STEPS = 300;

/** Three offers under different terms, and two buyers with plenty of money and allowance. */
async function marketFixture() {
  const grid = await networkHelpers.loadFixture(offerFixture);
  await addOffer(grid, { duration: 2n * DAY, revocationNotice: 0n });
  await addOffer(grid, { transferable: false, derivatives: true, derivativeShareBps: 2_000n });
  await grid.usd.mint(grid.stranger, 10n ** 12n);
  await grid.usd.connect(grid.stranger).approve(grid.router, ethers.MaxUint256);
  return grid;
}

type Market = Awaited<ReturnType<typeof marketFixture>>;

/** One action of some user. Many actions are refused, as expected. */
async function step(market: Market, random: ReturnType<typeof randomOf>) {
  const { capsules, licenses, ledger, buyer, stranger, creator, payee, meter } = market;
  const pick = <T>(options: readonly T[]) => options[random(options.length)] as T;
  const who = pick([buyer, stranger]);
  const last = Number(await licenses.lastLicenseId());
  const id = BigInt(Math.max(1, last - random(12))); // the older ones are closed
  const capsuleId = BigInt(1 + random(Number(await capsules.lastCapsuleId())));
  const owner = await ethers.getSigner(await capsules.ownerOf(capsuleId));
  const { versions: newest } = await capsules.capsuleOf(capsuleId);
  const signer = pick([ethers.ZeroAddress, payee.address]);
  const mint = () =>
    licenses.connect(who).mint({ ...mintParams(BigInt(1 + random(3)), who, 5n), signer }, "0x");
  const deeds = [
    mint,
    () => licenses.connect(who).topUp(id, 2n, 2n * UNIT_PRICE, "0x"),
    async () => {
      const holder = await ethers.getSigner(await licenses.ownerOf(id));
      await licenses.connect(holder).renew(id, 1n, UNIT_PRICE, "0x");
    },
    () => licenses.connect(who).setSigner(id, pick([buyer, stranger, payee])),
    () => licenses.connect(who).transferFrom(who, pick([buyer, stranger]), id),
    async () => ledger.connect(meter).confirmSigners(1n, [await signerChange(market, id)]),
    async () => {
      const expires = BigInt((await networkHelpers.time.latest()) + 1 + random(5 * Number(DAY)));
      const user = pick([ethers.ZeroAddress, payee.address, stranger.address]);
      await licenses.connect(who).setUser(id, user, expires);
    },
    () => licenses.connect(payee).setSigner(id, pick([buyer, payee])),
    () => licenses.connect(who).subscribe(id, 1n, UNIT_PRICE),
    async () => (random(3) === 0 ? await licenses.connect(who).cancelSubscription(id) : undefined),
    () => licenses.renewSubscription(id),
    () => licenses.connect(who).requestClose(id),
    async () => (random(3) === 0 ? await licenses.connect(creator).revoke(id) : undefined),
    () => ledger.close(id),
    () => licenses.lapse(id),
    () => networkHelpers.time.increase(random(60) === 0 ? WINDOW + LAPSE : BigInt(1 + random(Number(DAY)))),
    async () => (random(4) === 0 ? await capsules.register(who, registration()) : undefined),
    () => capsules.connect(owner).publishVersion(capsuleId, ethers.id(`${random(40)}`), `v${random(9)}`),
    async () => {
      const content = ethers.id(`${random(40)}`);
      return await capsules.commit(await capsules.commitmentOf(owner, content, content));
    },
    async () => {
      const content = ethers.id(`${random(40)}`);
      await capsules.commit(await capsules.commitmentOf(owner, content, content));
      return await capsules.connect(owner).publishVersion(capsuleId, content, "committed");
    },
    async () => {
      const { contentHash } = await capsules.versionOf(capsuleId, newest);
      return await capsules.connect(owner).reveal(capsuleId, newest, contentHash);
    },
    () => capsules.connect(owner).publishManifest(capsuleId, newest, ethers.id(`${random(9)}`), ""),
    () => capsules.connect(owner).setShares(capsuleId, [share(0n, 1n, who)]),
    () => capsules.connect(who).registerDerivative(who, registration(), [id]),
    async () =>
      capsuleId > 1n ? await capsules.connect(owner).transferFrom(owner, who, capsuleId) : undefined,
  ];
  try {
    await pick(deeds)();
  } catch (error) {
    if (!/revert/.test(String(error))) throw error;
  }
}

async function historyFixture() {
  const market = await networkHelpers.loadFixture(marketFixture);
  const { terms, creator, timelock } = market;
  const random = randomOf(4_242);
  for (let i = 0; i < STEPS; i += 1) await step(market, random);
  await lapseAll(market);
  for (let i = 0; i < 2 * STEPS; i += 1) await step(market, random);
  await terms.connect(creator).retireOffer(2n);
  const ledger = await secondLedger(market);
  await terms.connect(await impersonate(timelock)).retireLedger(ledger);
  return { ...market, retiredLedger: ledger, book: await readBook(market) };
}

/** Waits until all unclosed licenses have lapsed. */
async function lapseAll({ licenses }: Market) {
  await networkHelpers.time.increase(31n * DAY + WINDOW + LAPSE);
  for (let id = 1n; id <= (await licenses.lastLicenseId()); id += 1n) {
    const isOpen = await licenses.licenseOf(id).then(
      () => true,
      () => false,
    );
    if (isOpen) await licenses.lapse(id);
  }
}

describe("events of capsules, terms and licenses", () => {
  it("when a busy history is over, every event is in it", async () => {
    const { capsules, terms, licenses, book } = await networkHelpers.loadFixture(historyFixture);
    const declared = [capsules, terms, licenses].flatMap(({ interface: face }) =>
      face.fragments.filter(({ type }) => type === "event").map((event) => `${Object(event).name}`),
    );
    const inherited = /^Role|^Approval|MetadataUpdate$/;
    expect(declared.filter((name) => !inherited.test(name)).sort()).to.deep.equal([...EVENTS].sort());
    for (const name of EVENTS) expect(book.counts.get(name) ?? 0, name).to.be.greaterThan(0);
  });

  it("when publishers are rebuilt from them, they are the capsules' creators", async () => {
    const { capsules, creator, book } = await networkHelpers.loadFixture(historyFixture);
    expect([...book.publishers]).to.deep.equal([[1n, creator.address]]);
    expect((await capsules.creatorOf(1n)).account).to.equal(creator.address);
  });

  it("when licenses are rebuilt from them, they equal the chain's", async () => {
    const { licenses, book } = await networkHelpers.loadFixture(historyFixture);
    const last = await licenses.lastLicenseId();
    const now = BigInt(await networkHelpers.time.latest());
    expect(book.licenses.size).to.be.greaterThan(5).and.lessThan(Number(last));
    for (let id = 1n; id <= last; id += 1n) {
      const license = book.licenses.get(id);
      if (!license) {
        await expect(licenses.licenseOf(id)).to.be.revertedWithCustomError(
          licenses,
          "ERC721NonexistentToken",
        );
        continue;
      }
      expect(await licenses.ownerOf(id), `license ${id}`).to.equal(book.holders.get(id));
      expect(fieldsOf(await licenses.licenseOf(id)), `license ${id}`).to.deep.equal(license);
      const keys = keysAt(book, id, await licenses.ownerOf(id), now);
      expect(fieldsOf(await licenses.keysOf(id)), `keys ${id}`).to.deep.equal(keys);
      const plan = license.closing ? undefined : book.subscriptions.get(id);
      expect(await licenses.subscriptionOf(id), `license ${id}`).to.deep.equal(plan ?? [0n, 0n]);
    }
  });

  it("when capsules are rebuilt from them, they equal the chain's", async () => {
    const { capsules, book } = await networkHelpers.loadFixture(historyFixture);
    expect(book.capsules.size).to.equal(Number(await capsules.lastCapsuleId()));
    for (const [id, capsule] of book.capsules) {
      const { kind, versions, sharesVersion } = await capsules.capsuleOf(id);
      expect(await capsules.parentsOf(id), `capsule ${id}`).to.deep.equal(book.parents.get(id) ?? []);
      expect({ kind, versions, sharesVersion }, `capsule ${id}`).to.deep.equal(capsule);
      expect(await capsules.ownerOf(id)).to.equal(book.capsuleOwners.get(id));
    }
    expect(await capsules.licenses()).to.equal(book.capsuleLicenses);
    for (const [key, version] of book.versions) {
      expect(await capsules.versionOf(...splitKey(key)), key).to.deep.equal(version);
    }
    for (const [commitment, time] of book.commitments) {
      expect(await capsules.committedAt(commitment)).to.equal(time);
    }
    for (const [contentHash, first] of book.firstRegistrations) {
      expect(await capsules.firstRegistered(contentHash), contentHash).to.deep.equal(first);
    }
    for (const [key, root] of book.manifests) {
      expect(await capsules.manifestOf(...splitKey(key)), key).to.equal(root);
    }
    for (const [key, owner] of book.shareOwners) {
      expect(await capsules.sharesOwnerOf(...splitKey(key)), key).to.equal(owner);
    }
  });

  it("when terms, offers and ledgers are rebuilt from them, they equal the chain's", async () => {
    const { terms, ledger, retiredLedger, book } = await networkHelpers.loadFixture(historyFixture);
    for (const [termsId, conditions] of book.conditions) {
      expect(await terms.conditionsOf(termsId)).to.deep.equal(conditions);
    }
    expect(await terms.contextsDefined()).to.equal(2n ** BigInt(book.contexts.length) - 1n);
    for (const [code, context] of book.contexts.entries()) {
      expect(await terms.contextOf(code)).to.deep.equal(context);
    }
    expect(book.offers.size).to.equal(Number(await terms.lastOfferId()));
    for (const [id, offer] of book.offers) expect(fieldsOf(await terms.offerOf(id))).to.include(offer);
    expect(book.ledgers.size).to.equal(2);
    for (const address of [ledger, retiredLedger]) {
      expect(await terms.ledgerStatus(address)).to.equal(book.ledgers.get(await address.getAddress()));
    }
  });
});

function splitKey(key: string): [bigint, bigint] {
  const [id = "", version = ""] = key.split("/");
  return [BigInt(id), BigInt(version)];
}
