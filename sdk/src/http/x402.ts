import { getAddress, hexlify, randomBytes } from "ethers";
import { addressOf, type Client, requireSigner } from "../client.ts";
import type { Address, Hex } from "../core/abi.ts";
import { MessageFormatError, RequirementsMismatchError } from "../errors.ts";
import { getLicense } from "../licenses/getLicense.ts";
import type { AnyVoucher } from "../shared/voucher.ts";
import { type VoucherMessage, voucherToMessage } from "./messages.ts";
import type { Call } from "./openCalls.ts";
import { createSession, type VoucherSessionParameters } from "./session.ts";
import { type VoucherDue, voucherDueFromMessage } from "./voucherDue.ts";

/** The x402 scheme of license vouchers. Its amounts are metered units, its asset is the usage ledger. */
export const VOUCHER_SCHEME = "license-voucher";

/** `PaymentRequirements` of x402 v2 for the scheme. */
export type VoucherRequirements = {
  readonly scheme: string;
  /** CAIP-2: `eip155:` and the chain id. */
  readonly network: string;
  /** Address of the usage ledger. */
  readonly asset: string;
  /** Most units that the call may use, as a decimal string. */
  readonly amount: string;
  /** The server's time for the call. */
  readonly maxTimeoutSeconds: number;
  /**
   * `offerId`: the license's offer, as a decimal string. `due`: after a voucher that covers too little, a
   * `VoucherDueMessage`.
   */
  readonly extra: Record<string, unknown>;
};

/** `payload` of x402 v2 for the scheme. */
export type VoucherPayload = {
  readonly voucher: VoucherMessage;
  /** 16 random bytes in hex. Tells calls with the same voucher apart. */
  readonly callId: Hex;
};

/** A part of x402's `PaymentResponseContext`. */
type PaymentResponse = {
  readonly paymentPayload: { readonly payload: Record<string, unknown> };
  readonly settleResponse?: { readonly success: boolean; readonly extra?: Record<string, unknown> };
  readonly paymentRequired?: { readonly accepts: readonly VoucherRequirements[] };
};

/** Satisfies `SchemeNetworkClient` of `@x402/core`. */
export type VoucherScheme = {
  readonly scheme: string;
  readonly schemeHooks: {
    readonly onPaymentResponse: (response: PaymentResponse) => Promise<undefined | { recovered: true }>;
  };
  readonly findDefaultAsset: (
    asset: string,
    network: string,
  ) => { asset: string; decimals: number; symbol: string } | undefined;
  readonly createPaymentPayload: (
    x402Version: number,
    requirements: VoucherRequirements,
  ) => Promise<{ x402Version: number; payload: VoucherPayload }>;
};

/** With x402's cap of $1 in a unit of this many decimals, only the scheme's own limits apply. */
const UNCAPPED_DECIMALS = 20;

/**
 * The client's part of `license-voucher` for x402. It signs within the same limits as `withVouchers`: `maxUnits` in all
 * and `maxUnitsPerCall` for each call. The limits of x402's `spendControls` do not apply: the license is paid for.
 *
 * @throws {@link InvalidParameterError} for a limit or contexts out of range
 * @throws {@link RequirementsMismatchError} from `createPaymentPayload`, for another chain, ledger or offer, or a call
 * that may use more than `maxUnitsPerCall`
 * @throws {@link VoucherLimitError} from `onPaymentResponse`, when the meter's count is beyond a limit: nothing is signed
 * @example
 * ```ts
 * const contexts = encodeContexts(["education"]);
 * const scheme = createVoucherScheme({ client, licenseId, contexts, maxUnits: 1_000_000n, maxUnitsPerCall: 4_000n });
 * const paid = wrapFetchWithPayment(fetch, new x402Client().register("eip155:*", scheme));
 * ```
 */
export function createVoucherScheme(parameters: VoucherSessionParameters): VoucherScheme {
  const session = createSession(parameters);
  const { client } = parameters;
  const ledger = addressOf(client, "UsageLedger");
  const network = `eip155:${client.chainId}`;
  const check = requirementsCheck(parameters, ledger, network);
  const calls = callsInFlight(session.end);
  /** Vouchers for calls that the server refused, to send again. */
  const covering: { readonly voucher: AnyVoucher; readonly call: Call; readonly callId: Hex }[] = [];
  const repeated = new Set<Hex>();

  const isOurs = (asset: string, of: string) =>
    of === network && asset.toLowerCase() === ledger.toLowerCase();

  /** The server did not count the call. Returns whether to send it again. */
  async function refused(callId: Hex, due: VoucherDue | undefined): Promise<boolean> {
    await session.refused();
    const call = calls.find(callId);
    if (!due || !call || repeated.has(callId)) return false;
    session.note(call, due.used.toString());
    const voucher = await session.cover(call, due);
    if (voucher) covering.push({ voucher, call, callId });
    return voucher !== undefined;
  }

  async function answered(
    callId: Hex,
    { settleResponse, paymentRequired }: PaymentResponse,
  ): Promise<boolean> {
    if (settleResponse) session.note(calls.find(callId), settleResponse.extra?.used);
    if (settleResponse?.success === false) return await refused(callId, undefined);
    return paymentRequired ? await refused(callId, dueIn(paymentRequired.accepts, isOurs)) : false;
  }

  return {
    scheme: VOUCHER_SCHEME,
    findDefaultAsset: (asset, of) =>
      isOurs(asset, of) ? { asset, decimals: UNCAPPED_DECIMALS, symbol: "units" } : undefined,
    async createPaymentPayload(x402Version, requirements) {
      await check(requirements);
      calls.forgetLost();
      const callId = hexlify(randomBytes(16)) as Hex;
      const again = covering.shift();
      const { call, voucher } = again ?? (await session.begin());
      if (again) {
        calls.remove(again.callId);
        repeated.add(callId);
      }
      calls.add(callId, call, requirements.maxTimeoutSeconds);
      return { x402Version, payload: { voucher: voucherToMessage(voucher), callId } };
    },
    schemeHooks: {
      async onPaymentResponse(response) {
        const callId = response.paymentPayload.payload.callId as Hex;
        let isAgain = false;
        try {
          isAgain = await answered(callId, response);
        } finally {
          repeated.delete(callId);
          if (!isAgain) calls.end(callId);
        }
        return isAgain ? { recovered: true } : undefined;
      },
    },
  };
}

/** Refuses requirements that the license cannot pay. Asks the chain for the license's offer once. */
function requirementsCheck(
  { client, licenseId, maxUnitsPerCall }: VoucherSessionParameters,
  ledger: Address,
  network: string,
) {
  let offer: Promise<bigint> | undefined;

  async function readOffer(): Promise<string> {
    offer ??= getLicense(client, { licenseId }).then(({ offerId }) => offerId);
    const offerId = await offer.catch((error) => {
      offer = undefined;
      throw error;
    });
    return offerId.toString();
  }

  return async ({ network: asked, asset, amount, extra }: VoucherRequirements): Promise<void> => {
    expectEqual("network", asked, network);
    expectEqual("asset", asset.toLowerCase(), ledger.toLowerCase());
    expectEqual("extra.offerId", extra.offerId, await readOffer());
    if (!/^\d{1,20}$/.test(amount) || BigInt(amount) > maxUnitsPerCall) {
      throw new RequirementsMismatchError("amount", amount, `at most ${maxUnitsPerCall}`);
    }
  };
}

function expectEqual(field: string, actual: unknown, expected: string): void {
  if (actual !== expected) throw new RequirementsMismatchError(field, actual, expected);
}

/** The units due by an answer with status 402, if any. */
function dueIn(
  accepts: readonly VoucherRequirements[],
  isOurs: (asset: string, network: string) => boolean,
): VoucherDue | undefined {
  const ours = accepts.find(
    ({ scheme, asset, network }) => scheme === VOUCHER_SCHEME && isOurs(asset, network),
  );
  if (ours?.extra.due === undefined) return undefined;
  try {
    return voucherDueFromMessage(ours.extra.due);
  } catch (error) {
    if (error instanceof MessageFormatError) throw error.within("/extra/due");
    throw error;
  }
}

/** A call ends by its answer or after its time: x402 does not report a failed network to its schemes. */
function callsInFlight(end: (call: Call) => void) {
  const flights = new Map<Hex, { readonly call: Call; readonly deadline: number }>();
  const find = (callId: Hex) => flights.get(callId)?.call;
  const remove = (callId: Hex) => flights.delete(callId);
  const endOf = (callId: Hex) => {
    const call = find(callId);
    if (call && remove(callId)) end(call);
  };
  return {
    add: (callId: Hex, call: Call, seconds: number) =>
      flights.set(callId, { call, deadline: Date.now() + seconds * 1_000 }),
    find,
    remove,
    end: endOf,
    forgetLost(): void {
      for (const [callId, { deadline }] of flights) if (deadline < Date.now()) endOf(callId);
    },
  };
}

/** Satisfies `ClientEvmSigner` of `@x402/evm`. */
export type ExactSigner = {
  readonly address: Address;
  readonly signTypedData: (message: {
    domain: Record<string, unknown>;
    types: Record<string, unknown>;
    primaryType: string;
    message: Record<string, unknown>;
  }) => Promise<Hex>;
};

/**
 * The client's ethers signer for the schemes of `@x402/evm`, such as `exact`.
 *
 * @throws {@link InvalidParameterError} without a signer
 * @example
 * ```ts
 * const exact = new ExactEvmScheme(await toExactSigner(client));
 * const paid = wrapFetchWithPayment(fetch, new x402Client().register("eip155:*", exact));
 * ```
 */
export async function toExactSigner(client: Client): Promise<ExactSigner> {
  const signer = requireSigner(client);
  return {
    address: getAddress(await signer.getAddress()) as Address,
    signTypedData: async ({ domain, types, message }) => {
      const { EIP712Domain: _, ...own } = types as Record<string, { name: string; type: string }[]>;
      return (await signer.signTypedData(domain, own, message)) as Hex;
    },
  };
}
