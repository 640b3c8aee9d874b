/** A token's symbol and decimals, for printing. */
export type Currency = { readonly symbol: string; readonly decimals: number };

/** `1234567` as `1,234,567`. */
export function formatInteger(value: bigint | number): string {
  const digits = value.toString();
  const sign = digits.startsWith("-") ? "-" : "";
  return sign + digits.slice(sign.length).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * Base units as a decimal number with all decimals: columns align and the last base unit shows.
 *
 * @example formatDecimal(1234567890n, 6) // "1,234.567890"
 */
export function formatDecimal(amount: bigint, decimals: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const whole = formatInteger(BigInt(digits.slice(0, digits.length - decimals)));
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : "";
  return (amount < 0n ? "-" : "") + whole + fraction;
}

/** All decimals and the symbol: `1,234.567890 USDC`. */
export function formatAmount(amount: bigint, { symbol, decimals }: Currency): string {
  return `${formatDecimal(amount, decimals)} ${symbol}`;
}

/** For reading: at most six decimals, cut off, and no zeros at the end: `1,234.5 USDC`. */
export function formatShort(amount: bigint, { symbol, decimals }: Currency): string {
  const [whole = "", fraction = ""] = formatDecimal(amount, decimals).split(".");
  const shown = fraction.slice(0, 6).replace(/0+$/, "");
  return `${shown === "" ? whole : `${whole}.${shown}`} ${symbol}`;
}

/** A height of the mine, in 2^-64, rounded: `1,234.56`. */
export function formatHeight(height: bigint): string {
  return formatDecimal((height * 100n + 2n ** 63n) >> 64n, 2);
}

/** `1 license`, `2 licenses`. */
export function plural(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? "" : "s"}`;
}
