import type { ContractName } from "../core/abi.ts";

/** The contract's function that was called. */
export type FailedCall = { readonly contract?: ContractName; readonly function?: string };

/** Any error of this package. */
export class GridError extends Error {
  /** The same in all versions and copies of this package, such as `"INVALID_PARAMETER"`. */
  readonly code: string;
  /** What is wrong, without advice: the message's first sentence. */
  readonly shortMessage: string;
  /** The contract that was called, if one was. */
  readonly contract: ContractName | undefined;
  /** Its function. */
  readonly function: string | undefined;

  constructor(code: string, message: string, call: FailedCall = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.shortMessage = message.split(/(?<=\.) (?=[A-Z])/)[0] as string;
    this.contract = call.contract;
    this.function = call.function;
  }
}

/** A parameter can never be valid. Nothing was sent. */
export class InvalidParameterError extends GridError {
  override readonly name = "InvalidParameterError";
  /** Path of the parameter: `shares[2].units`. */
  readonly parameter: string;

  constructor(parameter: string, problem: string, advice: string) {
    super("INVALID_PARAMETER", `\`${parameter}\` ${problem}. ${advice}.`);
    this.parameter = parameter;
  }
}

/** A message from somebody else is malformed. Answer it with HTTP status 400. */
export class MessageFormatError extends GridError {
  override readonly name = "MessageFormatError";
  /** JSON pointer (RFC 6901) to the wrong place. Empty for the whole message. */
  readonly pointer: string;
  readonly problem: string;

  constructor(pointer: string, problem: string) {
    super(
      "MESSAGE_FORMAT",
      `${pointer === "" ? "The message" : `\`${pointer}\` of the message`} ${problem}.`,
    );
    this.pointer = pointer;
    this.problem = problem;
  }

  /** The same error of a message inside of another. */
  within(pointer: string): MessageFormatError {
    return new MessageFormatError(`${pointer}${this.pointer}`, this.problem);
  }
}
