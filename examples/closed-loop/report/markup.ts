const trusted = Symbol("markup");

/** Markup made by this module: all outside text in it is escaped. */
export type Markup = { readonly [trusted]: string };

type Value = string | number | bigint | Markup | readonly Markup[];

/** Builds HTML or SVG. Escapes every value except markup built here. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return {
    [trusted]: strings.map((text, i) => text + (i < values.length ? render(values[i] ?? "") : "")).join(""),
  };
}

/** For constants of this repository, such as a style sheet. Never for data. */
export const unescaped = (text: string): Markup => ({ [trusted]: text });

export const toText = (built: Markup): string => built[trusted];

function render(value: Value): string {
  if (Array.isArray(value)) return value.map(toText).join("");
  if (typeof value === "object" && trusted in value) return value[trusted];
  return escapeText(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text for element content and quoted attributes; characters outside of XML become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "")
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
