import { GridError } from "../../errors.ts";

export type DocumentName = "evidence" | "submission";

/** A validator's evidence or a miner's submission is malformed. Do not rely on it. */
export class DocumentError extends GridError {
  override readonly name = "DocumentError";
  readonly document: DocumentName;
  /** JSON pointer (RFC 6901) to the wrong place. Empty for the whole document. */
  readonly pointer: string;
  readonly problem: string;
  readonly advice: string;

  constructor(document: DocumentName, pointer: string, problem: string, advice: string) {
    const place = pointer === "" ? `The ${document}` : `\`${pointer}\` of the ${document}`;
    super("DOCUMENT", `${place} ${problem}. ${advice}.`);
    this.document = document;
    this.pointer = pointer;
    this.problem = problem;
    this.advice = advice;
  }
}
