import { PolicyError, type Problem, pointerTo } from "./errors.ts";

/** Most UTF-8 bytes of a policy's text. */
export const MAX_BYTES = 1_048_576;
/** Most levels of objects and lists. */
export const MAX_DEPTH = 32;

/** The value of a JSON text. Refuses large and deep texts, duplicate keys and lone surrogates. */
export function readJson(text: string): unknown {
  if (text.length > MAX_BYTES || new TextEncoder().encode(text).length > MAX_BYTES) {
    throw one(`has more than ${MAX_BYTES} bytes`, "Shorten it");
  }
  if (depthOf(text) > MAX_DEPTH) throw one(`has more than ${MAX_DEPTH} levels`, "Nest less");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw one(`is not JSON: ${(error as Error).message}`, "Correct the text");
  }
  const problems = duplicatesIn(text);
  if (problems.length > 0) throw new PolicyError(problems);
  return value;
}

function one(problem: string, advice: string): PolicyError {
  return new PolicyError([{ pointer: "", problem, advice }]);
}

/** Strings, brackets, colons and commas. Numbers and words between them do not matter here. */
function* tokensOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      const start = at;
      for (at++; at < text.length && text.charAt(at) !== '"'; at++) if (text.charAt(at) === "\\") at++;
      yield text.slice(start, at + 1);
    } else if ("{}[],:".includes(character)) yield character;
  }
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const token of tokensOf(text)) {
    if (token === "{" || token === "[") deepest = Math.max(deepest, ++depth);
    else if (token === "}" || token === "]") depth--;
  }
  return deepest;
}

/** An object's names so far, or a list's index. `key` leads to the present member. */
type Level = {
  readonly names?: Set<string>;
  readonly pointer: string;
  key: string | number;
  isName: boolean;
};

/** JSON.parse keeps the last of duplicate keys and drops the others. The text is valid JSON. */
function duplicatesIn(text: string): Problem[] {
  const problems: Problem[] = [];
  const levels: Level[] = [];
  for (const token of tokensOf(text)) {
    const level = levels.at(-1);
    if (token === "{" || token === "[") {
      const pointer = level ? pointerTo(level.pointer, level.key) : "";
      if (token === "{") levels.push({ names: new Set(), pointer, key: "", isName: true });
      else levels.push({ pointer, key: 0, isName: false });
    } else if (token === "}" || token === "]") levels.pop();
    else if (level) problems.push(...step(level, token));
  }
  return problems;
}

function step(level: Level, token: string): Problem[] {
  if (token === ",") {
    if (level.names) level.isName = true;
    else level.key = Number(level.key) + 1;
  } else if (level.names && level.isName && token !== ":") {
    level.key = JSON.parse(token) as string;
    level.isName = false;
    const isKnown = level.names.has(level.key);
    level.names.add(level.key);
    const pointer = pointerTo(level.pointer, level.key);
    if (isKnown) return [{ pointer, problem: "appears twice", advice: "Keep one of them" }];
  }
  return [];
}
