import { getLicense, getUsage, settleMeter, signVoucher } from "@benefit-grid/sdk";
import { createBooks, createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { expect } from "chai";
import { ethers, mintParams } from "../../grid.ts";
import { ledgerFixture } from "../../metering/support.ts";
import { addOffer } from "../../settlement/support.ts";
import { expectRevert, withClients } from "../clients.ts";

const FULL = 2n ** 120n - 1n;

/** A meter's books with vouchers of license 1, of offer 1, and of license 4, of offer 3: its revenue counter is full. */
async function metering() {
  const grid = await withClients(ledgerFixture);
  const { as, licenses, router, buyer } = grid;
  const token = await ethers.deployContract("TestUSD");
  await token.mint(buyer, 2n * FULL);
  await token.connect(buyer).approve(router, ethers.MaxUint256);
  await router.connect(buyer).pay(1n, token, FULL, "0x");
  const offerId = await addOffer(grid, { currency: await token.getAddress() });
  await licenses.connect(buyer).mint(mintParams(offerId, buyer, 100n), "0x");
  const client = await as(grid.meter);
  const user = await as(buyer);
  const { verify } = await createVoucherVerifier({ chainId: 31337n, ledger: await grid.ledger.getAddress() });
  const books = createBooks({ verify });
  const serve = async (licenseId: bigint) => {
    const license = await getLicense(client, { licenseId });
    books.admit({ ...license, licenseId, allowed: 7n, units: 0n, contexts: 0n });
    expect(books.accept(await signVoucher(user, { licenseId, units: 10n, contexts: 1n }))).to.include({
      ok: true,
    });
  };
  await serve(4n);
  const settle = (maxRows: number) => settleMeter(client, { meterId: 1n, books, maxRows });
  return { ...grid, client, user, books, serve, settle };
}

/** The router's refusal to release 250 base units. */
const OVERFLOW = {
  offerId: 3n,
  reason: { name: "SafeCastOverflowedUintDowncast", args: { bits: 120n, value: FULL + 250n } },
};

describe("settleMeter", () => {
  it("when an offer's release fails, reports it, settles the others and keeps its vouchers", async () => {
    const { client, books, serve, settle } = await metering();
    await serve(1n);
    const { settled, failed } = await settle(1);
    expect(settled?.totals).to.deep.equal([{ offerId: 1n, units: 10n }]);
    expect(failed).to.deep.equal([OVERFLOW]);
    expect(await getUsage(client, { licenseId: 1n })).to.include({ units: 10n });
    expect(books.batch(9).map(({ offerId }) => offerId)).to.deep.equal([3n]);
  });

  it("when no other offer is left, sends nothing", async () => {
    const { settle } = await metering();
    expect(await settle(9)).to.deep.equal({ settled: undefined, failed: [OVERFLOW] });
  });

  it("when something else fails, reverts and marks nothing", async () => {
    const { user, books, serve, buyer } = await metering();
    await serve(1n);
    const settling = settleMeter(user, { meterId: 1n, books, maxRows: 9 });
    await expectRevert(settling, "CallerNotMeterOperator", { meterId: 1n, caller: buyer.address });
    expect(books.batch(9)).to.have.length(2);
  });
});
