import type { Revert } from "./core/revert.ts";

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
