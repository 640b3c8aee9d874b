import { InvalidParameterError } from "@benefit-grid/sdk";
import { DocumentError } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";

type Call = () => unknown;

async function thrownBy(call: Call): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return expect.fail("Nothing was thrown.");
}

/** The call throws an InvalidParameterError that names this parameter. */
export async function expectInvalid(call: Call, parameter: string): Promise<void> {
  const error = await thrownBy(call);
  expect(error).to.be.instanceOf(InvalidParameterError);
  expect((error as InvalidParameterError).parameter).to.equal(parameter);
}

/** The call throws a DocumentError at this pointer, with problem and advice. */
export async function expectProblem(call: Call, pointer: string, problem: RegExp): Promise<void> {
  const error = (await thrownBy(call)) as DocumentError;
  expect(error).to.be.instanceOf(DocumentError);
  expect(error.pointer, error.message).to.equal(pointer);
  expect(error.problem).to.match(problem);
  expect(error.advice).to.match(/^[A-Z]/);
  expect(error.message).to.contain(error.problem).and.to.contain(error.advice);
}

const DEPTH = 100_000;

/** Values of a wrong type, for numbers. Strangers can send the last ones as JSON, and `String` throws for them. */
export const NO_NUMBERS = [
  Number.NaN,
  "0.5",
  null,
  undefined,
  1n,
  Object.create(null),
  ...["{}", '{"toString":1}', `${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`].map((json) => JSON.parse(json)),
] as number[];
