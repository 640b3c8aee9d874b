import type { Signer } from "ethers";
import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkUint } from "../core/check.ts";
import { MessageFormatError, VoucherLimitError } from "../errors.ts";
import { getLicense } from "../licenses/getLicense.ts";
import { getOffer } from "../licenses/getOffer.ts";
import { deriveUsageSecret } from "../metering/deriveUsageSecret.ts";
import { signPrivateVoucher } from "../metering/signPrivateVoucher.ts";
import { signVoucher } from "../metering/signVoucher.ts";
import { verifyPrivateVoucher } from "../metering/verifyPrivateVoucher.ts";
import { verifyVoucher } from "../metering/verifyVoucher.ts";
import { type AnyVoucher, isPrivate } from "../shared/voucher.ts";
import type { VoucherDue } from "./voucherDue.ts";

/** What a customer must not forget. */
export type SignedCount = {
  /** Highest units ever signed. */
  readonly units: bigint;
  /** Contexts signed with them. */
  readonly contexts: bigint;
  /** Calls started since, which no voucher covers yet. */
  readonly calls: number;
};

/** Keeps a license's count over restarts. `save` ends before its count is used. */
export type CountStore = {
  readonly load: () => Promise<SignedCount | undefined>;
  readonly save: (count: SignedCount) => Promise<void>;
};

export type VoucherSessionParameters = {
  readonly client: Client;
  readonly licenseId: bigint;
  /** Contexts of this use, see `encodeContexts`. */
  readonly contexts: bigint;
  /** Most units to sign for, over the license's life. */
  readonly maxUnits: bigint;
  /** Most units for one call. The meter cannot claim more. */
  readonly maxUnitsPerCall: bigint;
  /** The license's signer, such as a session key. @default the client's signer */
  readonly signer?: Signer;
  /** In private mode, 32 bytes for the salts. @default derived once by `deriveUsageSecret` */
  readonly secret?: Hex;
  /** @default memory: after a restart the meter has to show the newest voucher, and one more call is allowed */
  readonly store?: CountStore;
};

/** One license's count. Its steps follow each other, also of calls at the same time. */
export function createSession(parameters: VoucherSessionParameters) {
  const { licenseId, store = memory() } = checked(parameters);
  const vouchers = voucherMaker(parameters);
  let count: SignedCount = { units: 0n, contexts: 0n, calls: 0 };
  let isLoaded = false;
  let newest: AnyVoucher | undefined;
  /** The meter's count, by its last answer. */
  let used = 0n;
  let inFlight = 0;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = last.then(step);
    last = result.catch(() => undefined);
    return result;
  }

  async function save(next: SignedCount): Promise<void> {
    await store.save(next);
    count = next;
  }

  async function addCalls(calls: number): Promise<void> {
    await save({ ...count, calls: count.calls + calls });
  }

  /** @param others calls in flight besides the one of this voucher: its units may lack theirs */
  async function sign(units: bigint, others: number): Promise<AnyVoucher> {
    if (newest?.units === units) return newest;
    // A later voucher has all contexts of earlier ones. The same units again are the same voucher.
    const isSame = units === count.units && units !== 0n;
    const contexts = isSame ? count.contexts : count.contexts | parameters.contexts;
    if (units > count.units) await save({ units, contexts, calls: others });
    newest = await vouchers.of(units, contexts);
    return newest;
  }

  return {
    /** Counts a call. Returns a voucher for all calls before, as far as they are known. */
    begin: () =>
      inTurn(async () => {
        if (!isLoaded) count = (await store.load()) ?? count;
        isLoaded = true;
        const isCovered = used <= count.units || limitError(parameters, used, count) !== undefined;
        const voucher = await sign(isCovered ? count.units : used, inFlight);
        await addCalls(1);
        inFlight += 1;
        return voucher;
      }),
    /** Counts the repeated call. Returns a voucher for the meter's count, or undefined if the sent one covered it. */
    cover: (due: VoucherDue) =>
      inTurn(async () => {
        if (due.licenseId !== licenseId) throw new MessageFormatError("/licenseId", `is not ${licenseId}`);
        const shown = due.voucher;
        const isOurs = shown !== undefined && shown.units > count.units && (await vouchers.isOurs(shown));
        if (isOurs) {
          newest = shown;
          // Its calls are forgotten too. One may be uncovered.
          await save({ units: shown.units, contexts: shown.contexts, calls: Math.max(inFlight - 1, 1) });
        }
        if (due.used <= count.units && !isOurs) return undefined;
        const units = due.used > count.units ? due.used : count.units;
        const error = limitError(parameters, units, count);
        if (error) throw error;
        const voucher = await sign(units, inFlight - 1);
        await addCalls(1);
        return voucher;
      }),
    /** The meter answered 402, and so did not count the call. */
    refused: () => inTurn(() => addCalls(-1)),
    /** Remembers the meter's count, if the value is one. */
    note(value: unknown): void {
      if (typeof value === "string" && /^\d{1,20}$/.test(value)) used = BigInt(value);
    },
    end(): void {
      inFlight -= 1;
    },
  };
}

function checked(parameters: VoucherSessionParameters): VoucherSessionParameters {
  checkUint("licenseId", parameters.licenseId, 64, 1n);
  checkUint("contexts", parameters.contexts, 32);
  checkUint("maxUnits", parameters.maxUnits, 64);
  checkUint("maxUnitsPerCall", parameters.maxUnitsPerCall, 64);
  return parameters;
}

/** The limit that forbids a voucher of these units, if any. */
function limitError(
  { licenseId, maxUnits, maxUnitsPerCall }: VoucherSessionParameters,
  units: bigint,
  count: SignedCount,
): VoucherLimitError | undefined {
  const allowed = count.units + BigInt(count.calls) * maxUnitsPerCall;
  if (units > allowed) return new VoucherLimitError(licenseId, units, allowed, "maxUnitsPerCall");
  if (units > maxUnits) return new VoucherLimitError(licenseId, units, maxUnits, "maxUnits");
  return undefined;
}

function memory(): CountStore {
  let kept: SignedCount | undefined;
  return {
    load: async () => kept,
    save: async (count) => {
      kept = count;
    },
  };
}

/** Makes the license's vouchers, and knows them again. Asks chain and wallet at the first voucher only. */
function voucherMaker({ client, licenseId, signer, secret }: VoucherSessionParameters) {
  const signing = { ...(signer && { signer }), licenseId };
  let salts: Promise<Hex | undefined> | undefined;

  /** Undefined in open mode. */
  async function readSecret(): Promise<Hex | undefined> {
    const { offerId } = await getLicense(client, { licenseId });
    const { mode } = await getOffer(client, { offerId });
    return mode === "private" ? (secret ?? (await deriveUsageSecret(client, signing))) : undefined;
  }

  return {
    async of(units: bigint, contexts: bigint): Promise<AnyVoucher> {
      salts ??= readSecret();
      const known = await salts.catch((error) => {
        salts = undefined;
        throw error;
      });
      const use = { ...signing, units, contexts };
      return known === undefined
        ? await signVoucher(client, use)
        : await signPrivateVoucher(client, { ...use, secret: known });
    },
    /** Whether this license's signer signed it. */
    async isOurs(shown: AnyVoucher): Promise<boolean> {
      if (shown.licenseId !== licenseId) return false;
      const account = (await getLicense(client, { licenseId })).signer;
      return isPrivate(shown)
        ? verifyPrivateVoucher(client, { ...shown, signer: account })
        : verifyVoucher(client, { ...shown, signer: account });
    },
  };
}
