import { InvalidParameterError } from "../../errors.ts";

const MOST_SHOWN = 80;

/** A value in an error. `String` throws for some values that strangers can send as JSON, such as deep lists. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return (typeof value === "string" ? JSON.stringify(value) : String(value)).slice(0, MOST_SHOWN);
}

/** Whether this is a number from `minimum` to `maximum`. NaN is never. */
export function isWithin(value: number, minimum: number, maximum: number): boolean {
  return typeof value === "number" && value >= minimum && value <= maximum;
}

export function checkNumber(name: string, value: number, minimum: number, maximum: number): number {
  if (isWithin(value, minimum, maximum)) return value;
  const range = `from ${minimum} to ${maximum}`;
  throw new InvalidParameterError(name, `is ${shown(value)}`, `Pass a number ${range}`);
}

export function checkFinite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new InvalidParameterError(name, `is ${shown(value)}`, "Pass a finite number");
}

/** A list with at least one element, all of them valid. */
export function checkEach<T>(
  name: string,
  values: readonly T[],
  isValid: (value: T) => boolean,
  expected: string,
): readonly T[] {
  if (!Array.isArray(values) || values.length === 0) {
    const problem = Array.isArray(values) ? "is empty" : `is ${shown(values)}, not a list`;
    throw new InvalidParameterError(name, problem, "Pass an array with at least one element");
  }
  const wrong = values.findIndex((value) => !isValid(value));
  if (wrong === -1) return values;
  throw new InvalidParameterError(`${name}[${wrong}]`, `is ${shown(values[wrong])}`, `Pass ${expected}`);
}

export function checkBooleans(name: string, values: readonly boolean[]): readonly boolean[] {
  return checkEach(name, values, (value) => typeof value === "boolean", "true or false");
}

export function checkSameLength(name: string, values: readonly unknown[], labels: readonly unknown[]): void {
  if (values.length === labels.length) return;
  const problem = `has ${values.length} elements, but there are ${labels.length} labels`;
  throw new InvalidParameterError(name, problem, "Pass one element a label, in the same order");
}
