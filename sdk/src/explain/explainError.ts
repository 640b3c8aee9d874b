import type { Revert } from "../core/abi.ts";
import { ContractRevertError, GridError } from "../errors.ts";
import { CAPSULES } from "./capsules.ts";
import { COIN } from "./coin.ts";
import { COMMONS } from "./commons.ts";
import { GOVERNANCE } from "./governance.ts";
import { LICENSES } from "./licenses.ts";
import { METERING } from "./metering.ts";
import { SETTLEMENT } from "./settlement.ts";
import { STANDARDS } from "./standards.ts";
import { SUBNETS } from "./subnets.ts";

/** Sentences for a person. */
export type Explanation = {
  /** What is wrong. */
  readonly happened: string;
  /** What to do. Empty if the error has no advice. */
  readonly advice: string;
};

/** What each error of a contract means, and what to do: all names that `ContractRevertError.name` can have. */
export const explanations: Readonly<Record<Revert["name"], readonly [happened: string, advice: string]>> = {
  ...CAPSULES,
  ...LICENSES,
  ...METERING,
  ...SETTLEMENT,
  ...COIN,
  ...COMMONS,
  ...SUBNETS,
  ...GOVERNANCE,
  ...STANDARDS,
};

/**
 * An error of this package in sentences for a person, in English. Undefined for any other error.
 *
 * @example
 * ```ts
 * try {
 *   await mintLicense(client, { offerId, to: account, units: 1_000n, maxPrice: 2_500n });
 * } catch (error) {
 *   const explained = explainError(error);
 *   console.log(explained ? `${explained.happened} ${explained.advice}` : "Something else failed.");
 * }
 * ```
 */
export function explainError(error: unknown): Explanation | undefined {
  if (error instanceof ContractRevertError) {
    const [happened, advice] = explanations[error.name];
    return { happened: withValues(happened, error.args), advice: withValues(advice, error.args) };
  }
  if (!(error instanceof GridError)) return undefined;
  const { message, shortMessage } = error;
  return { happened: shortMessage, advice: message.slice(shortMessage.length).trim() };
}

/** Replaces an argument's name in backquotes by its value. Other names in backquotes stay. */
function withValues(text: string, args: object): string {
  const values: ReadonlyMap<string, unknown> = new Map(Object.entries(args));
  return text.replace(/`(\w+)`/g, (name, key) => (values.has(key) ? String(values.get(key)) : name));
}
