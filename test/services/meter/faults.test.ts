import { type Client, signVoucher } from "@benefit-grid/sdk";
import { toHeader, VOUCHER_HEADER, voucherToMessage } from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { Wallet } from "ethers";
import { networkHelpers } from "../../grid.ts";
import { licensed, refusalOf, request, startMeter, URL, vouchersOf } from "./support.ts";

async function fixture() {
  const given = await networkHelpers.loadFixture(licensed);
  return { ...given, sign: vouchersOf(given.client) };
}

/** A client whose node can be switched off, or shows an older block. */
function unreliable(client: Client) {
  const state = { isGone: false, behind: 0, calls: 0 };
  const provider = new Proxy(client.provider, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        state.calls += 1;
        if (state.isGone) throw new Error("connection refused");
        if (name !== "getBlock" || state.behind === 0) return value.apply(target, args);
        return await value.call(target, (await target.getBlockNumber()) - state.behind);
      };
    },
  });
  return { client: { ...client, provider }, state };
}

describe("a meter's faults", () => {
  it("when ten thousand invalid vouchers come, keeps none, asks the node little, and serves others", async () => {
    const { sign, ...given } = await fixture();
    const { client, state } = unreliable(given.client);
    const meter = await startMeter(client);
    const good = await sign(1n, 0n);
    expect((await meter.fetch(request(good))).status).to.equal(200);
    const forged = await signVoucher(client, {
      signer: Wallet.createRandom(),
      licenseId: 1n,
      units: 100n,
      contexts: 1n,
    });
    const headers = [
      toHeader(voucherToMessage(forged)),
      toHeader(voucherToMessage({ ...forged, licenseId: 99n })),
      "e30",
      "x".repeat(9_000),
    ];
    const before = state.calls;
    const statuses = new Map<number, number>();
    const flood = Array.from({ length: 10_000 }, async (_, i) => {
      const { status } = await meter.fetch(
        new Request(URL, { headers: { [VOUCHER_HEADER]: headers[i % 4] as string } }),
      );
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    const served = meter.fetch(request(await sign(1n, 100n)));
    await Promise.all(flood);
    expect((await served).status).to.equal(200);
    expect([...statuses].sort()).to.deep.equal([
      [400, 5_000],
      [401, 2_500],
      [403, 2_500],
    ]);
    expect(state.calls - before, "one look for the unknown license").to.be.at.most(10);
    expect(await meter.store.account(1n)).to.deep.include({ used: 200n });
    expect(await meter.store.account(99n)).to.equal(undefined);
  });

  it("when the node is gone, serves known licenses, and others once it is back", async () => {
    const { sign, ...given } = await fixture();
    const { client, state } = unreliable(given.client);
    const meter = await startMeter(client);
    await meter.fetch(request(await sign(1n, 0n)));
    state.isGone = true;
    expect((await meter.fetch(request(await sign(1n, 100n)))).status).to.equal(200);
    const other = await sign(2n, 0n);
    expect(await refusalOf(await meter.fetch(request(other)))).to.deep.equal([503, "ChainUnreachable"]);
    state.isGone = false;
    expect((await meter.fetch(request(other))).status).to.equal(200);
    await meter.close();
  });

  it("when the node is gone for too long, serves nobody until it is back", async () => {
    const { sign, ...given } = await fixture();
    const { client, state } = unreliable(given.client);
    const meter = await startMeter(client, { interval: 10, maxAge: 200 });
    await meter.fetch(request(await sign(1n, 0n)));
    state.isGone = true;
    while ((await meter.health()).ok) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await refusalOf(await meter.fetch(request(await sign(1n, 100n))))).to.deep.equal([
      503,
      "ChainUnreachable",
    ]);
    expect(String(meter.errors[0])).to.equal("Error: connection refused");
    state.isGone = false;
    while (!(await meter.health()).ok) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await meter.fetch(request(await sign(1n, 100n)))).status).to.equal(200);
    await meter.close();
  });

  it("when the node is back some blocks behind, misses no event", async () => {
    const { sign, licenses, buyer, stranger, ...given } = await fixture();
    const { client, state } = unreliable(given.client);
    const meter = await startMeter(client);
    await meter.fetch(request(await sign(1n, 0n)));
    // Earlier events of the license are too old to be read again.
    await networkHelpers.mine(20);
    await meter.update();
    await licenses.connect(buyer).setSigner(1n, stranger);
    await networkHelpers.mine(3);
    state.behind = 4;
    await meter.update();
    expect((await meter.fetch(request(await sign(1n, 100n)))).status, "not yet known").to.equal(200);
    state.behind = 0;
    await meter.update();
    expect(await refusalOf(await meter.fetch(request(await sign(1n, 200n))))).to.deep.equal([
      403,
      "SignerChanging",
    ]);
  });

  for (const years of [-30, 30]) {
    it(`when the computer's clock jumps by ${years} years, goes by the chain's time`, async () => {
      const { client, sign, licenses } = await fixture();
      const meter = await startMeter(client);
      const real = Date.now;
      Date.now = () => real() + years * 31_536_000_000;
      try {
        expect((await meter.fetch(request(await sign(1n, 0n)))).status).to.equal(200);
        await networkHelpers.time.increaseTo((await licenses.licenseOf(1n)).expiry + 1n);
        await meter.update();
        expect(await refusalOf(await meter.fetch(request(await sign(1n, 100n))))).to.deep.equal([
          403,
          "LicenseExpired",
        ]);
      } finally {
        Date.now = real;
      }
    });
  }
});
