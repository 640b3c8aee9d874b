/** An element of XML. Text is unescaped. */
export type Element = {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
};

const NAME = "[a-zA-Z][a-zA-Z0-9-]*";
const VALUE = `"[^"<&]*"`;
const TOKEN = new RegExp(
  `(?:<(${NAME})((?: ${NAME}=${VALUE})*)(/?)>)|(?:</(${NAME})>)|((?:[^<&]|&(?:amp|lt|gt|quot|#39);)+)`,
  "y",
);
const ENTITIES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/** Parses the XML of pictures and nothing else: elements, quoted attributes, text with escapes, printable ASCII. */
export function parseXml(source: string): Element {
  if (!/^[\x20-\x7e]*$/.test(source)) throw new Error("There are characters other than printable ASCII.");
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match) throw new Error(`Not well-formed at ${at}: ${source.slice(at, at + 40)}`);
    const [, name, attributes = "", isEmpty, closed, text] = match;
    const parent = open.at(-1) as Element;
    if (name !== undefined) {
      const element = { name, attributes: attributesOf(attributes), children: [], text: "" };
      parent.children.push(element);
      if (!isEmpty) open.push(element);
    } else if (closed !== undefined) {
      if (parent.name !== closed) throw new Error(`<${parent.name}> is closed by </${closed}>.`);
      open.pop();
    } else if (text !== undefined) {
      parent.text += text.replace(/&[^;]*;/g, (entity) => ENTITIES[entity] as string);
    }
  }
  const [only] = root.children;
  if (open.length !== 1 || !only || root.children.length !== 1) throw new Error("There is not one root.");
  return only;
}

function attributesOf(source: string): Record<string, string> {
  const pairs = [...source.matchAll(new RegExp(` (${NAME})="([^"]*)"`, "g"))];
  const names = new Set(pairs.map(([, name]) => name));
  if (names.size !== pairs.length) throw new Error(`An attribute is there twice: ${source}`);
  return Object.fromEntries(pairs.map(([, name, value]) => [name as string, value as string]));
}

/** All texts of a picture, in order. */
export function textsOf({ children, text, name }: Element): string[] {
  return [...(name === "text" ? [text] : []), ...children.flatMap(textsOf)];
}

/** All elements of a picture, in order. */
export function elementsOf(element: Element): Element[] {
  return [element, ...element.children.flatMap(elementsOf)];
}

type Metadata = {
  name: string;
  description: string;
  image: string;
  attributes: { trait_type: string; value: string | number; display_type?: string }[];
};

/** Metadata and picture of a license's data URI. */
export function readMetadata(uri: string): { metadata: Metadata; picture: Element } {
  const metadata: Metadata = JSON.parse(decoded(uri, "data:application/json;base64,"));
  return { metadata, picture: parseXml(decoded(metadata.image, "data:image/svg+xml;base64,")) };
}

function decoded(uri: string, prefix: string): string {
  if (!uri.startsWith(prefix)) throw new Error(`Not ${prefix}: ${uri.slice(0, 60)}`);
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(uri.slice(prefix.length), "base64"));
}
