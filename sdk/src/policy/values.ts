/** Days, hours, minutes and seconds of an xsd:duration. Years and months have no fixed length. */
export const DURATION =
  "^P(?=[0-9T])([0-9]{1,12}D)?(T(?=[0-9])([0-9]{1,12}H)?([0-9]{1,12}M)?([0-9]{1,13}S)?)?$";
export const DECIMAL = "^(0|[1-9][0-9]{0,38})([.][0-9]{1,18})?$";
export const DATE_TIME =
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,3})?(Z|[+-][0-9]{2}:[0-9]{2})$";
/** An absolute IRI, without spaces, quotes, control characters and marks of writing direction. */
export const IRI =
  '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\u0000-\\u0020\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069<>"{}|\\\\^`]{1,500}$';
/** A context's name with the profile's prefix. The chain allows the same characters. */
export const CONCEPT = "^grid:[a-z0-9-]{1,31}$";
/** CAIP-19 of an ERC-20 token. */
export const TOKEN = /^eip155:([1-9][0-9]{0,31})\/erc20:(0x[0-9a-fA-F]{40})$/;

const SECONDS = { D: 86_400n, H: 3_600n, M: 60n, S: 1n } as const;

/** Seconds of an xsd:duration that {@link DURATION} accepts. */
export function secondsOf(duration: string): bigint {
  const parts = [...duration.matchAll(/(\d+)([DHMS])/g)];
  return parts.reduce((sum, [, count = "0", unit]) => sum + BigInt(count) * SECONDS[unit as "D"], 0n);
}

/** The xsd:duration of seconds, in days if these are whole. */
export function durationOf(seconds: bigint): string {
  return seconds > 0n && seconds % SECONDS.D === 0n ? `P${seconds / SECONDS.D}D` : `PT${seconds}S`;
}

/** Seconds in words: 1 day, 2 hours and 5 seconds. */
export function durationText(seconds: bigint): string {
  const units = [
    ["day", SECONDS.D],
    ["hour", SECONDS.H],
    ["minute", SECONDS.M],
    ["second", SECONDS.S],
  ] as const;
  let rest = seconds;
  const parts = units.flatMap(([name, length]) => {
    const count = rest / length;
    rest %= length;
    return count === 0n ? [] : [`${grouped(count)} ${name}${count === 1n ? "" : "s"}`];
  });
  return listed(parts, "and") || "0 seconds";
}

export function grouped(value: bigint | number | string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** An author's text in one line. A line break or a mark of writing direction could fake another rule. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

/** An author's text in quotation marks, to tell it from words of ours. */
export function quoted(text: string): string {
  return `"${oneLine(text).replaceAll('"', "'")}"`;
}

/** Words of a list: a, b or c. */
export function listed(words: readonly string[], joint: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1)}`;
}

/** Basis points of a decimal number of percent. Undefined if it has more than two decimals. */
export function basisPointsOf(decimal: string): bigint | undefined {
  const [whole = "0", fraction = ""] = decimal.split(".");
  if (/[1-9]/.test(fraction.slice(2))) return undefined;
  return BigInt(whole) * 100n + BigInt(fraction.slice(0, 2).padEnd(2, "0"));
}

/** Basis points as percent. */
export function percentOf(basisPoints: bigint): string {
  const fraction = String(basisPoints % 100n)
    .padStart(2, "0")
    .replace(/0+$/, "");
  return `${basisPoints / 100n}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Milliseconds since 1970. Undefined for a date that does not exist. */
export function millisecondsOf(dateTime: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})T/.exec(dateTime) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // Date.UTC counts the 30th of February as a day of March, and years below 100 from 1900.
  if (date.toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  const milliseconds = Date.parse(dateTime);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
