import { checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import { ACTIONS, LEFT_OPERANDS } from "./profile.ts";

/** Somebody wants to do something. */
export type PolicyRequest = {
  /** An action of the profile, such as `grid:meteredUse`, `derive` or `transfer`. */
  readonly action: string;
  readonly assignee?: string;
  readonly target?: string;
  /** Names of the contexts of this use. Each purpose, sector and territory has to be permitted. */
  readonly contexts?: readonly string[];
  /** Units to buy with this request. @default 0n */
  readonly units?: bigint;
  /** Values of other left operands, such as `{ language: "sw" }`. */
  readonly facts?: Readonly<Record<string, string | readonly string[]>>;
};

/** Whether a duty was done. Nobody is refused because it is unknown. */
export type Performance = "Performed" | "Unperformed" | "Unknown";

/** What is known besides the request. */
export type PolicyState = {
  readonly now: Date;
  /** Begin of the license's term. @default `now` */
  readonly since?: Date;
  /** When the licensor revoked. Undefined if it did not. */
  readonly revoked?: Date;
  /** Units bought in this term before. @default 0n */
  readonly units?: bigint;
  /** The license's holder. Undefined: anyone whom the policy permits. */
  readonly holder?: string;
  /** Parties and assets, and the collections that contain them. */
  readonly partOf?: Readonly<Record<string, readonly string[]>>;
  /** Performance of duties by their action. @default "Unknown" */
  readonly duties?: Readonly<Record<string, Performance>>;
};

/** Left operands whose values a request may state. */
const FACTS = Object.keys(LEFT_OPERANDS).filter((name) => {
  const operand = LEFT_OPERANDS[name];
  return operand?.type === "text" && !operand.isOfDuty;
});

/** Refuses names that no policy has: a misspelled one would be ignored. */
export function checkRequest(request: PolicyRequest, state: PolicyState): void {
  if (!ACTIONS.includes(request.action)) {
    const advice = `Pass one of ${ACTIONS.join(", ")}`;
    throw new InvalidParameterError("request.action", `is ${request.action}`, advice);
  }
  checkNames("request.facts", request.facts, FACTS);
  checkNames("state.duties", state.duties, ACTIONS);
  checkUint("request.units", request.units ?? 0n, 256);
  checkUint("state.units", state.units ?? 0n, 256);
  for (const name of ["now", "since", "revoked"] as const) {
    const time = state[name];
    if (time === undefined && name !== "now") continue;
    if (time instanceof Date && !Number.isNaN(time.getTime())) continue;
    throw new InvalidParameterError(`state.${name}`, `is ${time}`, "Pass a valid Date");
  }
}

function checkNames(parameter: string, given: object = {}, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InvalidParameterError(parameter, `contain ${unknown}`, `Pass any of ${known.join(", ")}`);
}
