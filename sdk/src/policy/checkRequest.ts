import { checkUint } from "../core/check.ts";
import { InvalidParameterError } from "../errors.ts";
import type { PolicyRequest, PolicyState } from "./evaluatePolicy.ts";
import { ACTIONS, LEFT_OPERANDS } from "./profile.ts";

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
