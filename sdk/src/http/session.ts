import type { Signer } from "ethers";
import { type Client, checkClient } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import { checkParameters, checkUint } from "../core/check.ts";
import { MessageFormatError, VoucherLimitError } from "../errors.ts";
import { getLicense } from "../licenses/getLicense.ts";
import { getOffer } from "../licenses/getOffer.ts";
import { deriveUsageSecret } from "../metering/deriveUsageSecret.ts";
import { signPrivateVoucher } from "../metering/signPrivateVoucher.ts";
import { signVoucher } from "../metering/signVoucher.ts";
import { verifyPrivateVoucher } from "../metering/verifyPrivateVoucher.ts";
import { verifyVoucher } from "../metering/verifyVoucher.ts";
import { type AnyVoucher, isPrivate } from "../shared/voucher.ts";
import { type Call, createOpenCalls } from "./openCalls.ts";
import type { VoucherDue } from "./voucherDue.ts";

/** What a customer must not forget. */
export type SignedCount = {
  /** Highest units ever signed. */
  readonly units: bigint;
  /** Contexts signed with them. */
  readonly contexts: bigint;
  /** Calls that the units may lack: started since, or left before their end. */
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

/** Units signed, and the most that the calls so far allow. */
type Count = Pick<SignedCount, "units" | "contexts"> & { readonly allowed: bigint };

/** One license's count. Its steps follow each other, also of calls at the same time. */
export function createSession(parameters: VoucherSessionParameters) {
  const { licenseId, maxUnitsPerCall, store = memory() } = checked(parameters);
  const vouchers = voucherMaker(parameters);
  const open = createOpenCalls();
  let count: Count = { units: 0n, contexts: 0n, allowed: 0n };
  let isLoaded = false;
  let newest: AnyVoucher | undefined;
  /** The meter's highest count so far. Includes all calls that are not open. */
  let used = 0n;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = last.then(step);
    last = result.catch(() => undefined);
    return result;
  }

  async function load(): Promise<void> {
    const kept = await store.load();
    if (kept) {
      const { units, contexts, calls } = kept;
      count = { units, contexts, allowed: units + BigInt(calls) * maxUnitsPerCall };
      open.loseEarlier(calls);
    }
    isLoaded = true;
  }

  async function save(next: Count): Promise<void> {
    const { units, contexts, allowed } = next;
    // Rounds down: a restart must not allow more.
    const calls = maxUnitsPerCall > 0n && allowed > units ? Number((allowed - units) / maxUnitsPerCall) : 0;
    await store.save({ units, contexts, calls });
    count = next;
  }

  async function allow(units: bigint): Promise<void> {
    await save({ ...count, allowed: count.allowed + units });
  }

  /** @param except the call of this voucher. It is allowed afterwards */
  async function sign(units: bigint, except?: Call): Promise<AnyVoucher> {
    if (newest?.units === units) return newest;
    // A later voucher has all contexts of earlier ones. The same units again are the same voucher.
    const isSame = units === count.units && units !== 0n;
    const contexts = isSame ? count.contexts : count.contexts | parameters.contexts;
    if (units > count.units) {
      // Only open calls are allowed more. `count.allowed` still limits all: the count may include some of their units.
      const rest = larger(units, used) + BigInt(open.count(except)) * maxUnitsPerCall;
      await save({ units, contexts, allowed: rest < count.allowed ? rest : count.allowed });
    }
    newest = await vouchers.of(units, contexts);
    return newest;
  }

  return {
    /** Counts a call. Returns it with a voucher for all calls before, as far as they are known. */
    begin: () =>
      inTurn(async () => {
        if (!isLoaded) await load();
        // A count beyond the limits must not stay.
        if (limitError(parameters, used, count)) used = count.units;
        const voucher = await sign(larger(used, count.units));
        await allow(maxUnitsPerCall);
        return { call: open.add(), voucher };
      }),
    /** Counts the repeated call. Returns a voucher for the meter's count, or undefined if the sent one covered it. */
    cover: (call: Call, due: VoucherDue) =>
      inTurn(async () => {
        if (due.licenseId !== licenseId) throw new MessageFormatError("/licenseId", `is not ${licenseId}`);
        const shown = due.voucher;
        const isOurs = shown !== undefined && shown.units > count.units && (await vouchers.isOurs(shown));
        if (isOurs) {
          newest = shown;
          // Its calls are forgotten too. One may be uncovered.
          const calls = Math.max(open.count(call), 1);
          open.loseEarlier(1);
          const { units, contexts } = shown;
          await save({ units, contexts, allowed: units + BigInt(calls) * maxUnitsPerCall });
        }
        if (due.used <= count.units && !isOurs) return undefined;
        const units = larger(due.used, count.units);
        const error = limitError(parameters, units, count);
        if (error) throw error;
        const voucher = await sign(units, call);
        await allow(maxUnitsPerCall);
        open.repeat(call);
        return voucher;
      }),
    /** The meter answered 402, and so did not count the call. */
    refused: () => inTurn(() => allow(-maxUnitsPerCall)),
    /** Remembers the meter's count in the answer to a call, if that is known. Returns whether the value is one. */
    note(call: Call | undefined, value: unknown): boolean {
      const shown = readCount(value);
      if (shown === undefined) return false;
      used = larger(used, shown);
      if (call) open.settle(call);
      return true;
    },
    end: open.end,
    endBody: open.endBody,
    lose: open.lose,
  };
}

/** A meter's count in a header or receipt, if the value is one. */
export function readCount(value: unknown): bigint | undefined {
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function checked(parameters: VoucherSessionParameters): VoucherSessionParameters {
  checkClient(checkParameters(parameters).client);
  checkUint("licenseId", parameters.licenseId, 64, 1n);
  checkUint("contexts", parameters.contexts, 32);
  checkUint("maxUnits", parameters.maxUnits, 64);
  checkUint("maxUnitsPerCall", parameters.maxUnitsPerCall, 64);
  return parameters;
}

/** The limit that forbids a voucher of these units, if any. */
function limitError(
  { licenseId, maxUnits }: VoucherSessionParameters,
  units: bigint,
  { allowed }: Count,
): VoucherLimitError | undefined {
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
