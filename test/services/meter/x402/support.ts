import type { VoucherCall, VoucherPort, VoucherRefusal } from "@benefit-grid/meter";
import { type Client, getLicense, verifyPrivateVoucher, verifyVoucher } from "@benefit-grid/sdk";
import type { AnyVoucher } from "@benefit-grid/sdk/http";
import { networkHelpers, offerFixture } from "../../../grid.ts";
import { withClients } from "../../../sdk/clients.ts";

/** A meter's books for one license, without storage. */
export function memoryPort(client: Client, { credit = 100n } = {}) {
  const state = {
    used: 0n,
    newest: undefined as AnyVoucher | undefined,
    inFlight: new Map<string, bigint>(),
    counted: new Map<string, bigint>(),
    seen: [] as bigint[],
  };

  async function refusal({ voucher, offerId }: VoucherCall): Promise<VoucherRefusal | undefined> {
    const license = await getLicense(client, voucher).catch(() => undefined);
    if (license?.offerId !== offerId) return "invalid_license_voucher_license";
    const { signer } = license;
    const isSigned =
      "usage" in voucher
        ? verifyPrivateVoucher(client, { ...voucher, signer })
        : verifyVoucher(client, { ...voucher, signer });
    return isSigned ? undefined : "invalid_license_voucher_signature";
  }

  async function signerOf({ voucher }: VoucherCall) {
    return (await getLicense(client, voucher)).signer;
  }

  const port: VoucherPort = {
    async verify(call) {
      const reason = await refusal(call);
      if (reason) return { ok: false, reason };
      const { voucher, callId, maxUnits } = call;
      if (state.counted.has(callId)) return { ok: false, reason: "license_voucher_call_repeated" };
      state.seen.push(voucher.units);
      if (!state.newest || voucher.units >= state.newest.units) state.newest = voucher;
      const open = [...state.inFlight.values()].reduce((sum, units) => sum + units, 0n);
      if (state.used + open + maxUnits > state.newest.units + credit) {
        const due = { licenseId: voucher.licenseId, used: state.used, voucher: state.newest };
        return { ok: false, reason: "license_voucher_due", due };
      }
      state.inFlight.set(callId, maxUnits);
      return { ok: true, payer: await signerOf(call) };
    },
    async settle(call) {
      const reason = await refusal(call);
      if (reason) return { ok: false, reason };
      if (!state.counted.has(call.callId)) state.used += call.units;
      state.counted.set(call.callId, call.units);
      state.inFlight.delete(call.callId);
      return { ok: true, payer: await signerOf(call), used: state.used };
    },
    release: async ({ callId }) => {
      state.inFlight.delete(callId);
    },
  };
  return { port, state };
}

/** The meter's operator sells capsule 1 by x402. The customer is the buyer. */
export async function exactFixture() {
  const given = await withClients(offerFixture);
  const { as, meter, buyer } = given;
  return { ...given, operator: await as(meter), customer: await as(buyer) };
}

/** How long payments are valid in tests: the chain may be ahead of the computer by the length of the whole run. */
export const DAY = 86_400;

/**
 * Loads a fixture at the computer's time, by which x402 signs. Hardhat's chain is ahead of it after a snapshot was taken
 * back, by the age of the snapshot.
 */
export async function atPresent<T>(fixture: () => Promise<T>): Promise<T> {
  const given = await networkHelpers.loadFixture(fixture);
  const latest = await networkHelpers.time.latest();
  await networkHelpers.time.increaseTo(Math.max(latest + 1, Math.floor(Date.now() / 1_000)));
  return given;
}
