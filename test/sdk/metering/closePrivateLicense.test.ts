import {
  closeLicense,
  closePrivateLicense,
  createClient,
  getWithdrawable,
  OpeningNotFoundError,
  recoverOpening,
  requestClose,
  settleBatch,
  settleOpen,
  signCloseConsent,
  signVoucher,
  verifyRange,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, networkHelpers, WINDOW } from "../../grid.ts";
import { expectInvalid, expectRevert, rejectionOf } from "../clients.ts";
import { provenBatch, provenRange } from "../proven.ts";
import { offerOf, privateGrid } from "./support.ts";

/** License 1 used 100 units, license 2 used 50. Both can be closed. */
async function closing() {
  const grid = await privateGrid();
  const { client, firstOffers, build, clientOf } = grid;
  const offers = await firstOffers();
  const batch = build(offers);
  await settleBatch(client, { batch, proof: await provenBatch(batch) });
  const voucher = offers[1]?.rows[0]?.voucher ?? expect.fail("no voucher");
  for (const licenseId of [1n, 2n]) await requestClose(clientOf(licenseId), { licenseId });
  await networkHelpers.time.increase(WINDOW + 1n);
  const opening = { units: voucher.units, contexts: voucher.contexts, salt: voucher.salt };
  return { ...grid, voucher, opening, holder: clientOf(1n) };
}

describe("closePrivateLicense", () => {
  it("when something is malformed, names it", async () => {
    const { holder, opening } = await closing();
    await expectInvalid(closePrivateLicense(holder, { licenseId: -1n, opening }), "licenseId");
    await expectInvalid(
      closePrivateLicense(holder, { licenseId: 1n, opening: { ...opening, units: -1n } }),
      "opening.units",
    );
    const proof = await provenRange({ licenseId: 1n, opening, min: 0n, max: 100n });
    await expectInvalid(
      closePrivateLicense(holder, { licenseId: 1n, maxUnits: 2n ** 64n, proof }),
      "maxUnits",
    );
    const within = { licenseId: 1n, maxUnits: 100n, proof };
    for (const [consent, field] of [
      [{ deadline: 1n, signature: "0x1" }, "consent.signature"],
      [{ deadline: -1n, signature: "0x" }, "consent.deadline"],
    ] as const) {
      await expectInvalid(closePrivateLicense(holder, { ...within, consent }), field);
    }
  });

  it("when something is settled privately, closing without an opening reverts", async () => {
    const { holder, opening, voucher } = await closing();
    await expectRevert(closeLicense(holder, { licenseId: 1n }), "OpeningNeeded", { licenseId: 1n });
    const wrong = closePrivateLicense(holder, { licenseId: 1n, opening: { ...opening, units: 99n } });
    await expectRevert(wrong, "OpeningInvalid", { licenseId: 1n, usage: voucher.usage });
  });

  it("when anyone shows the opening, the holder may withdraw the rest", async () => {
    const { client, ledger, opening, buyer, token } = await closing();
    const parameters = { licenseId: 1n, opening };
    expect(await closePrivateLicense.estimateGas(client, parameters)).to.be.greaterThan(50_000n);
    expect(await closePrivateLicense.simulate(client, parameters)).to.deep.equal({});
    const { data } = await closePrivateLicense.prepare(client, parameters);
    expect(data).to.equal(ledger.interface.encodeFunctionData("closeOpened", [1n, opening]));
    const closed = await closePrivateLicense(client, parameters);
    expect(closed).to.include({ holder: buyer.address, used: 100n, refund: 900n * 25n });
    expect(await getWithdrawable(client, { account: buyer.address, token })).to.equal(22_500n);
  });

  it("when the holder proves a bound, it counts as used", async () => {
    const { holder, opening, client } = await closing();
    const proof = await provenRange({ licenseId: 1n, opening, min: 0n, max: 128n });
    expect(await verifyRange(client, { licenseId: 1n, min: 0n, max: 128n, proof })).to.equal(true);
    expect(await verifyRange(client, { licenseId: 1n, min: 0n, max: 127n, proof })).to.equal(false);
    expect(await verifyRange(client, { licenseId: 2n, min: 0n, max: 128n, proof })).to.equal(false);
    await expectInvalid(verifyRange(client, { licenseId: 1n, min: 0n, max: 2n ** 64n, proof }), "max");
    await expectRevert(
      closePrivateLicense(holder, { licenseId: 1n, maxUnits: 127n, proof }),
      "ProofInvalid",
      {},
    );
    const closed = await closePrivateLicense(holder, { licenseId: 1n, maxUnits: 128n, proof });
    expect(closed).to.include({ used: 128n, refund: (1_000n - 128n) * 25n });
  });

  it("when somebody else proves a bound, needs the holder's consent to just this", async () => {
    const { client, holder, buyer, opening, deployment } = await closing();
    const proof = await provenRange({ licenseId: 1n, opening, min: 0n, max: 128n });
    const close = (change: object) =>
      closePrivateLicense(client, { licenseId: 1n, maxUnits: 128n, proof, ...change });
    const args = { licenseId: 1n, holder: buyer.address };
    await expectRevert(close({}), "CloseConsentInvalid", args);
    const deadline = BigInt(await networkHelpers.time.latest()) + 60n;
    const other = await signCloseConsent(holder, { licenseId: 1n, maxUnits: 1_000n, deadline });
    await expectRevert(close({ consent: other }), "CloseConsentInvalid", args);
    const late = await signCloseConsent(holder, { licenseId: 1n, maxUnits: 128n, deadline: 1n });
    await expectRevert(close({ consent: late }), "CloseConsentExpired", { licenseId: 1n, deadline: 1n });
    const bound = { licenseId: 1n, maxUnits: 128n, deadline };
    const consent = await signCloseConsent(client, { ...bound, signer: buyer });
    await expectRevert(
      close({ consent: { ...consent, deadline: deadline + 1n } }),
      "CloseConsentInvalid",
      args,
    );
    expect(await close({ consent })).to.include({ used: 128n });
    await expectInvalid(signCloseConsent(holder, { ...bound, maxUnits: -1n }), "maxUnits");
    await expectInvalid(signCloseConsent(holder, { ...bound, deadline: -1n }), "deadline");
    const reader = await createClient({ runner: ethers.provider, deployment });
    await expectInvalid(signCloseConsent(reader, { ...bound, licenseId: 2n }), "signer");
  });
});

describe("recoverOpening", () => {
  const SEARCH = {
    units: { from: 90n, to: 500n },
    contexts: [3n, 1n],
    covers: 2n,
  };

  it("when nothing is settled, is undefined; when it is settled in the open, refuses", async () => {
    const { as, client, buyer, meter, secretOf } = await privateGrid();
    const secret = await secretOf(1n);
    expect(await recoverOpening(client, { licenseId: 1n, secret })).to.equal(undefined);
    const voucher = await signVoucher(await as(buyer), { licenseId: 4n, units: 5n, contexts: 1n });
    const batches = [{ offerId: 1n, vouchers: [voucher] }];
    await settleOpen(await as(meter), { meterId: 1n, batches });
    await expectInvalid(recoverOpening(client, { licenseId: 4n, secret }), "licenseId");
  });

  it("from a known voucher, without its salt", async () => {
    const { client, secretOf, opening } = await closing();
    const secret = await secretOf(1n);
    const vouchers = [
      { units: 100n, contexts: 1n, cover: 1n },
      { units: 100n, contexts: 1n },
    ];
    const found = await recoverOpening(client, { licenseId: 1n, secret, vouchers });
    expect(found).to.deep.equal({ ...opening, cover: 0n });
  });

  it("from a settled cover", async () => {
    const { client, build, firstOffers, secretOf, sign } = await privateGrid();
    const [, offer] = await firstOffers();
    const voucher = await sign(1n, 100n, { cover: 2n });
    const other = offer?.rows[1]?.voucher ?? expect.fail("no voucher");
    const batch = build([offerOf(2n, voucher, other)]);
    await settleBatch(client, { batch, proof: await provenBatch(batch) });
    const secret = await secretOf(1n);
    const search = { units: { from: 100n, to: 100n }, contexts: [1n], covers: 2n };
    const found = await recoverOpening(client, { licenseId: 1n, secret, search });
    expect(found).to.deep.equal({ units: 100n, contexts: 1n, salt: voucher.salt, cover: 2n });
  });

  it("by a search, with nothing but the wallet", async () => {
    const { client, secretOf, opening } = await closing();
    const secret = await secretOf(1n);
    const heard: [number, number][] = [];
    const onProgress = (tried: number, total: number) => heard.push([tried, total]);
    const found = await recoverOpening(client, { licenseId: 1n, secret, search: SEARCH, onProgress });
    expect(found).to.deep.equal({ ...opening, cover: 0n });
    expect(heard).to.deep.equal([[500, 2_466]]);
  });

  it("when the bounds are too wide or malformed, refuses before it tries", async () => {
    const { client, secretOf } = await closing();
    const secret = await secretOf(1n);
    const recover = (change: object, limit = 10_000) =>
      recoverOpening(client, { licenseId: 1n, secret, search: { ...SEARCH, ...change }, limit });
    await expectInvalid(recover({}, 2_465), "search");
    await expectInvalid(recover({ units: { from: 0n, to: 2n ** 63n } }), "search");
    await expectInvalid(recover({ units: { from: 2n, to: 1n } }), "search.units.to");
    await expectInvalid(recover({ covers: -1n }), "search.covers");
    await expectInvalid(recover({ contexts: [] }), "search.contexts");
  });

  it("given ten million counts, searches them all by default, and shows progress", async () => {
    const { client, secretOf } = await closing();
    const secret = await secretOf(1n);
    const controller = new AbortController();
    const heard: [number, number][] = [];
    const onProgress = (tried: number, total: number) => {
      heard.push([tried, total]);
      controller.abort();
    };
    const search = { units: { from: 0n, to: 9_999_999n }, contexts: [1n] };
    const { signal } = controller;
    await rejectionOf(recoverOpening(client, { licenseId: 1n, secret, search, onProgress, signal }));
    expect(heard).to.deep.equal([[500, 10_000_000]]);
    const covered = recoverOpening(client, { licenseId: 1n, secret, search: { ...search, covers: 2n } });
    await expectInvalid(covered, "search");
  });

  it("when it is not found, says how many were tried", async () => {
    const { client, secretOf, voucher } = await closing();
    const secret = await secretOf(2n);
    const vouchers = [{ units: 100n, contexts: 1n }];
    const error = await rejectionOf(
      recoverOpening(client, { licenseId: 1n, secret, vouchers, search: SEARCH }),
    );
    expect(error).to.be.instanceOf(OpeningNotFoundError);
    const { licenseId, usage, tried } = error as OpeningNotFoundError;
    expect({ licenseId, usage, tried }).to.deep.equal({ licenseId: 1n, usage: voucher.usage, tried: 2_467 });
  });

  it("when it is aborted, ends with the reason", async () => {
    const { client, secretOf } = await closing();
    const controller = new AbortController();
    const reason = new Error("enough");
    let tries = 0;
    const onProgress = (tried: number) => {
      tries = tried;
      controller.abort(reason);
    };
    const { signal } = controller;
    const secret = await secretOf(2n);
    const search = recoverOpening(client, { licenseId: 1n, secret, search: SEARCH, onProgress, signal });
    expect(await rejectionOf(search)).to.equal(reason);
    expect(tries).to.equal(500);
  });
});
