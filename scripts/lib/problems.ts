/** A refused value: its field, what is wrong, and what to do. */
export type Problem = { readonly field: string; readonly problem: string; readonly advice: string };

/** A genesis would fail in the middle of a deployment, or deploy a grid that cannot work. Nothing was sent. */
export class GenesisError extends Error {
  override readonly name = "GenesisError";
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const lines = problems.map(({ field, problem, advice }) => `${field} ${problem}. ${advice}.`);
    const separator = problems.length === 1 ? " " : "\n  ";
    super(`${file} cannot be deployed:${lines.map((line) => `${separator}${line}`).join("")}`);
    this.file = file;
    this.problems = problems;
  }
}

/** A chain or its deployer cannot carry the deployment. Nothing was sent. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
}

/** Collects problems. The first problem of a field counts: others often follow from it. */
export class Problems {
  readonly list: Problem[] = [];

  report(field: string, problem: string, advice: string): void {
    if (!this.list.some((known) => known.field === field)) this.list.push({ field, problem, advice });
  }

  /** @throws {GenesisError} if there are any */
  refuse(file: string): void {
    if (this.list.length > 0) throw new GenesisError(file, this.list);
  }
}
