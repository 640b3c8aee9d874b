import {
  acceptMeter,
  confirmSigners,
  getLicense,
  getMeter,
  registerMeter,
  setMeter,
  setSigner,
  signVoucher,
  transferMeter,
} from "@benefit-grid/sdk";
import { createBooks, createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { expect } from "chai";
import { gridFixture, licenseFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const endpoint = "https://other.example";
const zero = `0x${"00".repeat(20)}` as const;

describe("registerMeter", () => {
  it("when the payee is zero, reverts", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const registering = registerMeter(await as(stranger), { payee: zero, endpoint });
    await expectRevert(registering, "MeterAccountZero", {});
  });

  it("when it names no operator, the caller owns and operates a new meter", async () => {
    const { as, stranger, payee } = await withClients(gridFixture);
    const client = await as(stranger);
    const { meterId } = await registerMeter(client, { payee: payee.address, endpoint });
    expect(await getMeter(client, { meterId })).to.deep.equal({
      owner: stranger.address,
      operator: stranger.address,
      payee: payee.address,
      pendingOwner: undefined,
    });
  });

  it("when it names an operator, the caller owns the meter and the operator operates it", async () => {
    const { as, stranger, meter, payee } = await withClients(gridFixture);
    const client = await as(stranger);
    const accounts = { operator: meter.address, payee: payee.address };
    const { meterId } = await registerMeter(client, { ...accounts, endpoint });
    expect(await getMeter(client, { meterId })).to.include({ ...accounts, owner: stranger.address });
  });
});

describe("getMeter", () => {
  it("when there is none, is undefined", async () => {
    const { as, stranger } = await withClients(gridFixture);
    expect(await getMeter(await as(stranger), { meterId: 9n })).to.equal(undefined);
  });
});

describe("setMeter", () => {
  it("when somebody else calls, reverts", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const account = stranger.address;
    const setting = setMeter(await as(stranger), {
      meterId: 1n,
      operator: account,
      payee: account,
      endpoint,
    });
    await expectRevert(setting, "CallerNotMeterOwner", { meterId: 1n, caller: account });
  });

  it("when the owner calls, replaces operator and payee", async () => {
    const { as, meter, stranger } = await withClients(gridFixture);
    const client = await as(meter);
    const account = stranger.address;
    await setMeter(client, { meterId: 1n, operator: account, payee: account, endpoint });
    expect(await getMeter(client, { meterId: 1n })).to.include({
      owner: meter.address,
      operator: account,
      payee: account,
    });
  });
});

describe("transferMeter", () => {
  it("when somebody else calls, reverts", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const caller = stranger.address;
    const transferring = transferMeter(await as(stranger), { meterId: 1n, newOwner: caller });
    await expectRevert(transferring, "CallerNotMeterOwner", { meterId: 1n, caller });
  });

  it("when the owner calls, names the next owner, or nobody", async () => {
    const { as, meter, stranger } = await withClients(gridFixture);
    const client = await as(meter);
    for (const [newOwner, pendingOwner] of [
      [stranger.address, stranger.address],
      [zero, undefined],
    ] as const) {
      await transferMeter(client, { meterId: 1n, newOwner });
      expect(await getMeter(client, { meterId: 1n })).to.include({ owner: meter.address, pendingOwner });
    }
  });
});

describe("acceptMeter", () => {
  it("when the owner did not name the caller, reverts", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const accepting = acceptMeter(await as(stranger), { meterId: 1n });
    await expectRevert(accepting, "CallerNotMeterPendingOwner", { meterId: 1n, caller: stranger.address });
  });

  it("when the owner named the caller, it owns the meter", async () => {
    const { as, meter, stranger } = await withClients(gridFixture);
    await transferMeter(await as(meter), { meterId: 1n, newOwner: stranger.address });
    const client = await as(stranger);
    await acceptMeter(client, { meterId: 1n });
    expect(await getMeter(client, { meterId: 1n })).to.include({
      owner: stranger.address,
      pendingOwner: undefined,
    });
  });
});

describe("confirmSigners", () => {
  it("when the list is empty, names it", async () => {
    const { as, meter } = await withClients(licenseFixture);
    await expectInvalid(confirmSigners(await as(meter), { meterId: 1n, changes: [] }), "changes");
  });

  it("when no change is pending, confirms nothing", async () => {
    const { as, meter } = await withClients(licenseFixture);
    const change = { licenseId: 1n, change: 5n };
    const result = await confirmSigners(await as(meter), { meterId: 1n, changes: [change] });
    expect(result).to.deep.include({ confirmed: [], skipped: [change] });
  });

  it("when a change is pending, it takes effect", async () => {
    const { as, meter, buyer, stranger } = await withClients(licenseFixture);
    const { change } = await setSigner(await as(buyer), { licenseId: 1n, signer: stranger.address });
    const changes = [{ licenseId: 1n, change }];
    const result = await confirmSigners(await as(meter), { meterId: 1n, changes });
    const confirmed = [{ licenseId: 1n, signer: stranger.address }];
    expect(result).to.deep.include({ confirmed, skipped: [] });
    const license = await getLicense(await as(meter), { licenseId: 1n });
    expect(license).to.include({ signer: stranger.address, nextSigner: undefined });
  });

  it("when the holder names another signer meanwhile, the meter serves only the one confirmed", async () => {
    const { as, ledger, meter: operator, buyer, stranger, creator } = await withClients(licenseFixture);
    const [client, holder] = [await as(operator), await as(buyer)];
    const { verify } = await createVoucherVerifier({ chainId: 31337n, ledger: await ledger.getAddress() });
    const books = createBooks({ verify });
    const license = await getLicense(client, { licenseId: 1n });
    books.admit({ ...license, licenseId: 1n, allowed: 7n, units: 0n, contexts: 0n });
    const accept = async (signer: typeof buyer) =>
      books.accept(await signVoucher(client, { licenseId: 1n, units: 5n, contexts: 1n, signer }));
    const confirm = async (change: bigint) => {
      const changes = [{ licenseId: 1n, change }];
      books.markConfirmed((await confirmSigners(client, { meterId: 1n, changes })).confirmed);
    };

    const seen = await setSigner(holder, { licenseId: 1n, signer: stranger.address });
    const replacement = await setSigner(holder, { licenseId: 1n, signer: creator.address });
    await confirm(seen.change);
    for (const signer of [stranger, creator])
      expect(await accept(signer)).to.include({ reason: "VoucherSignatureInvalid" });
    await confirm(replacement.change);
    expect(await accept(stranger)).to.include({ reason: "VoucherSignatureInvalid" });
    expect(await accept(creator)).to.include({ ok: true });
  });
});
