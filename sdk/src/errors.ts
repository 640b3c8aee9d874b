import type { Hex, Revert } from "./core/abi.ts";

/** A parameter cannot be right, whatever the chain says. Nothing was sent. */
export class InvalidParameterError extends Error {
  override readonly name = "InvalidParameterError";
  /** The parameter, with the path to it: `shares[2].units`. */
  readonly parameter: string;

  constructor(parameter: string, problem: string, advice: string) {
    super(`\`${parameter}\` ${problem}. ${advice}.`);
    this.parameter = parameter;
  }
}

/** Benefit Grid is not deployed on a chain, as far as this version of the package knows. */
export class DeploymentNotFoundError extends Error {
  override readonly name = "DeploymentNotFoundError";
  readonly chainId: bigint;
  /** The chains that have a deployment. */
  readonly chainIds: readonly bigint[];

  constructor(chainId: bigint, chainIds: readonly bigint[]) {
    const known = chainIds.length === 0 ? "no chain" : `chains ${chainIds.join(", ")}`;
    super(
      `Benefit Grid has no known deployment on chain ${chainId}, but on ${known}. Pass \`deployment\` for another.`,
    );
    this.chainId = chainId;
    this.chainIds = chainIds;
  }
}

/** A wallet signs the same message differently each time, so that nothing can be recovered from its signature. */
export class SignatureNotRepeatableError extends Error {
  override readonly name = "SignatureNotRepeatableError";

  constructor() {
    super(
      "The wallet signed the same message in two ways, so it could not find a secret made of it again. Take 32 random bytes as the secret, and keep them.",
    );
  }
}

/** A batch would have one license of an offer, and so publish its count. */
export class LoneRowError extends Error {
  override readonly name = "LoneRowError";
  readonly offerId: bigint;

  constructor(offerId: bigint) {
    super(
      `Of offer ${offerId} the batch has a single license, so the offer's total would be its count. Wait for another voucher, ask a customer for a cover (same units, next sequence), or pass \`allowLone\`.`,
    );
    this.offerId = offerId;
  }
}

/** A part of a circuit, a witness generator or a proving key, is not where it was looked for. */
export class ArtifactNotFoundError extends Error {
  override readonly name = "ArtifactNotFoundError";
  /** Name of the file. */
  readonly artifact: string;
  readonly location: string;

  constructor(artifact: string, location: string) {
    super(
      `There is no ${artifact} at ${location}. Build it in the repository, \`npm run circuits\` (\`-- --all\` for 128 rows), or pass \`artifacts\` with where it is.`,
    );
    this.artifact = artifact;
    this.location = location;
  }
}

/** A part of a circuit is not the one that this version of the package knows. */
export class ArtifactHashMismatchError extends Error {
  override readonly name = "ArtifactHashMismatchError";
  /** Name of the file. */
  readonly artifact: string;
  /** SHA-256 in hex. */
  readonly expected: string;
  readonly actual: string;

  constructor(artifact: string, expected: string, actual: string) {
    super(
      `The ${artifact} that was loaded has SHA-256 ${actual}, but ${expected} is expected: another version's, or not one of ours. \`npm run circuits\` builds the right one.`,
    );
    this.artifact = artifact;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A proof is of something else than was asked for, so that no verifier would take it. */
export class ProofMismatchError extends Error {
  override readonly name = "ProofMismatchError";
  readonly expected: readonly bigint[];
  readonly actual: readonly bigint[];

  constructor(expected: readonly bigint[], actual: readonly bigint[]) {
    super(`The proof has the public signals ${actual.join(", ")}, but ${expected.join(", ")} are expected.`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** None of the vouchers that were tried opens what the ledger has of a license. */
export class OpeningNotFoundError extends Error {
  override readonly name = "OpeningNotFoundError";
  readonly licenseId: bigint;
  /** The usage word. */
  readonly usage: Hex;
  /** How many vouchers were tried. */
  readonly tried: number;

  constructor(licenseId: bigint, usage: Hex, tried: number) {
    super(
      `None of ${tried} vouchers opens ${usage} of license ${licenseId}. Ask the meter, search further, or look whether another wallet signed the secret.`,
    );
    this.licenseId = licenseId;
    this.usage = usage;
    this.tried = tried;
  }
}

/** The guardian's council never proposed an operation. */
export class OperationNotFoundError extends Error {
  override readonly name = "OperationNotFoundError";
  readonly operationId: Hex;

  constructor(operationId: Hex) {
    super(`The council proposed nothing with the id ${operationId}.`);
    this.operationId = operationId;
  }
}

/**
 * A contract refused. `name` is the name of its custom error and narrows `args`; `Error` and `Panic` are
 * Solidity's own; `UnknownRevert` is anything else, such as an error of a token.
 *
 * @example
 * ```ts
 * try {
 *   await settleOpen(client, { meterId, batches });
 * } catch (error) {
 *   if (error instanceof ContractRevertError && error.name === "VoucherNotNewer") console.log(error.args.settled);
 *   else throw error;
 * }
 * ```
 */
export type ContractRevertError = Error & Revert;

class RevertError extends Error {
  override readonly name: string;
  readonly args: object;

  constructor({ name, args }: Revert, cause: unknown) {
    const list = Object.entries(args).map(([key, value]) => `${key}: ${value}`);
    super(`The contract reverted with ${name}(${list.join(", ")}).`, { cause });
    this.name = name;
    this.args = args;
  }
}

// A class cannot be a union, its type can.
export const ContractRevertError = RevertError as new (revert: Revert, cause: unknown) => ContractRevertError;
