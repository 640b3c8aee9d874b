import { formatEther, formatUnits } from "ethers";
import type { Client } from "../client.ts";
import type { DecodedCall } from "../governance/calls.ts";
import { type Tokens, tokenOf } from "./tokens.ts";

/** Base units of the coin as text: 1,234.5 coins. */
export function coins(amount: bigint): string {
  return `${grouped(formatUnits(amount, 8))} ${amount === 10n ** 8n ? "coin" : "coins"}`;
}

function grouped(decimal: string): string {
  const [whole = "", fraction = "0"] = decimal.split(".");
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === "0" ? digits : `${digits}.${fraction}`;
}

/** Percent to a tenth, rounded down: an unreached threshold never looks reached. */
export function percent(part: bigint, all: bigint): string {
  if (all === 0n) return "0";
  const tenths = (part * 1_000n) / all;
  return tenths % 10n === 0n ? `${tenths / 10n}` : `${tenths / 10n}.${tenths % 10n}`;
}

/** A threshold in percent to a tenth, rounded to the nearest: 4 % rounded down to base units is still 4 %. */
export function percentNeeded(part: bigint, all: bigint): string {
  return all === 0n ? "100" : percent(part + all / 2_000n, all);
}

/** Seconds in a fitting unit, rounded. */
export function duration(seconds: bigint): string {
  const units = [
    { name: "day", length: 86_400n, from: 172_800n },
    { name: "hour", length: 3_600n, from: 7_200n },
    { name: "minute", length: 60n, from: 120n },
    { name: "second", length: 1n, from: 0n },
  ] as const;
  const { name, length } = units.find(({ from }) => seconds >= from) ?? units[3];
  const count = (seconds + length / 2n) / length;
  return `${count} ${name}${count === 1n ? "" : "s"}`;
}

/** The last second of the year 9999. Governance may set longer times. */
const LAST_DATE = 253_402_300_799n;

/** Seconds since 1970 as a date. */
export function date(seconds: bigint): string {
  if (seconds > LAST_DATE) return `second ${seconds}`;
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The first digits of a long id. */
export function short(id: bigint | string): string {
  return String(id).slice(0, String(id).startsWith("0x") ? 12 : 10);
}

/** Names of known addresses. */
export type Names = ReadonlyMap<string, string>;

export function namesOf({ addresses }: Client): Names {
  return new Map(Object.entries(addresses).map(([name, address]) => [address as string, name]));
}

/** Names of addresses, and tokens of amounts. */
export type Vocabulary = { readonly names: Names; readonly tokens?: Tokens };

/** Calls as text: contract, function, arguments by name. Calls among the arguments follow, numbered 1.1, 1.2. */
export function callsText(calls: readonly DecodedCall[], vocabulary: Vocabulary, prefix = ""): string[] {
  return calls.flatMap((call, i) => {
    const number = `${prefix}${i + 1}.`;
    const inner = callsText(call.inner ?? [], vocabulary, number).map((line) => `   ${line}`);
    return [`${number} ${headOf(call)}`, ...bodyOf(call, vocabulary), ...inner];
  });
}

export function headOf({ contract, target, data, function: name }: DecodedCall): string {
  if (contract && name) return `${contract}.${name}`;
  if (data === "0x") return `payment to ${contract ?? target}`;
  return `function ${data.slice(0, 10)} of ${contract ?? target}`;
}

function bodyOf(call: DecodedCall, vocabulary: Vocabulary): string[] {
  const value = call.value === 0n ? [] : [`   with ${formatEther(call.value)} ether`];
  if (!call.args) return call.data === "0x" ? value : [...value, `   data: ${call.data}`];
  return [...value, ...argumentLines(call, call.args, vocabulary, "   ")];
}

/** Arguments shown as calls. */
const CALL_ARGUMENTS = [
  "target",
  "value",
  "data",
  "payload",
  "targets",
  "values",
  "payloads",
  "calldatas",
  "calls",
];

/** Amounts of the coin among arguments. */
const COIN_AMOUNTS: Readonly<Record<string, readonly string[]>> = {
  FoundationCoin: ["value", "amount"],
  SubnetHub: ["bond", "minValidatorStake", "minTotalStake", "registrationFee"],
  GridGovernor: ["newProposalThreshold"],
};

function argumentLines(
  call: DecodedCall,
  args: Readonly<Record<string, unknown>>,
  vocabulary: Vocabulary,
  indent: string,
): string[] {
  return Object.entries(args).flatMap(([name, value]) => {
    if (call.inner && CALL_ARGUMENTS.includes(name)) return [];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return argumentLines(call, value as Record<string, unknown>, vocabulary, indent);
    }
    const amount = typeof value === "bigint" ? amountText(call, name, value, vocabulary) : undefined;
    return [`${indent}${name}: ${amount ?? valueText(value, vocabulary.names)}`];
  });
}

/** An amount of the coin or of a known token. Undefined for other numbers. */
function amountText(
  call: DecodedCall,
  name: string,
  value: bigint,
  { tokens }: Vocabulary,
): string | undefined {
  if (COIN_AMOUNTS[call.contract ?? ""]?.includes(name)) return coins(value);
  const token = tokenOf(call, name);
  return tokens?.has(token ?? "") ? tokenAmount(value, token ?? "", tokens) : undefined;
}

/** An amount of a token, in base units if the token is unknown. */
export function tokenAmount(value: bigint, address: string, tokens: Tokens): string {
  const token = tokens.get(address);
  if (!token) return `${value} base units`;
  return `${grouped(formatUnits(value, token.decimals))} ${token.symbol}`;
}

function valueText(value: unknown, names: Names): string {
  if (Array.isArray(value)) return value.map((one) => valueText(one, names)).join(", ") || "none";
  if (typeof value === "object" && value !== null) return toJson(value, 0);
  // JSON, because text with a line break could look like another call.
  if (/\s/.test(String(value))) return toJson(value);
  const name = names.get(String(value));
  return name ? `${value} (${name})` : String(value);
}

/**
 * Removes control characters, which could rewrite a terminal's lines. Proposals and errors contain text of
 * strangers.
 */
export function clean(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/** JSON with whole numbers as decimal strings. */
export function toJson(value: unknown, space = 2): string {
  const plain = (_: string, one: unknown) => {
    if (typeof one === "bigint") return one.toString();
    return one instanceof Error ? { name: one.name, message: one.message } : one;
  };
  return JSON.stringify(value, plain, space);
}
