import { AbortedError, TimeoutError } from "../errors.ts";

/** When a client stops waiting for node, wallet and receipts. */
export type Limits = {
  /** Stops waiting at once when it aborts. */
  readonly signal?: AbortSignal;
  /** Most milliseconds for a request, for an answer of the wallet, and for a receipt. @default no limit */
  readonly timeout?: number;
};

/** Throws if the signal has aborted. */
export function checkAborted({ signal }: Limits): void {
  if (signal?.aborted) throw new AbortedError(signal.reason);
}

/** Waits for work, but no longer than the limits allow. `ended` aborts with them, so that loops can stop. */
export async function within<T>(
  limits: Limits,
  what: string,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, timeout } = limits;
  checkAborted(limits);
  const end = new AbortController();
  return await new Promise<T>((resolve, reject) => {
    const stop = (error: Error) => {
      reject(error);
      end.abort(error);
    };
    const abort = () => stop(new AbortedError(signal?.reason));
    const timer = timeout && setTimeout(() => stop(new TimeoutError(what, timeout)), timeout);
    const clean = () => {
      if (timer) clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    signal?.addEventListener("abort", abort);
    end.signal.addEventListener("abort", clean);
    work(end.signal).then(resolve, reject).finally(clean);
  });
}

const originals = new WeakMap<object, object>();

/** The provider, signer or wallet behind a limited one. */
export function originalOf<T extends object>(target: T): T {
  return (originals.get(target) as T | undefined) ?? target;
}

/** Methods of providers, signers and wallets that ask node or user. The others answer at once. */
const REQUEST =
  /^(authorize|broadcast|call|estimate|get|list|lookup|populate|request|resolve|send|sign|wait)/;

/** A provider, signer or wallet whose requests end at the limits. */
export function limited<T extends object>(target: T, limits: Limits): T {
  const original = originalOf(target);
  if (!limits.signal && limits.timeout === undefined) return original;
  const get = (_: object, key: string | symbol): unknown => {
    const value = Reflect.get(original, key, original);
    if (key === "provider" && value) return limited(value, limits);
    if (typeof value !== "function") return value;
    const isRequest = typeof key === "string" && REQUEST.test(key);
    const ask = (...args: unknown[]) => value.apply(original, args);
    return isRequest ? (...args: unknown[]) => within(limits, key, async () => await ask(...args)) : ask;
  };
  const set = (_: object, key: string | symbol, value: unknown) =>
    Reflect.set(original, key, value, original);
  // Not the original itself: a proxy must return its constant properties unchanged.
  const proxy = new Proxy(Object.create(original), { get, set });
  originals.set(proxy, original);
  return proxy;
}

/** Waits some milliseconds, or until the end of the limits. */
export async function pause(milliseconds: number, ended: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
