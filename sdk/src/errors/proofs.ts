import { GridError } from "./base.ts";

/** A circuit's witness generator or proving key was not found. */
export class ArtifactNotFoundError extends GridError {
  override readonly name = "ArtifactNotFoundError";
  /** Name of the file. */
  readonly artifact: string;
  readonly location: string;
  /** The npm package with this file. */
  readonly package: string;

  constructor(artifact: string, location: string, home: string) {
    super(
      "ARTIFACT_NOT_FOUND",
      `${artifact} was not found at ${location}. Run \`npm install ${home}\`. In a web page, also pass the address of its files as \`artifacts\`. In the repository, run \`npm run circuits\` (add \`-- --all\` for 128 rows).`,
    );
    this.artifact = artifact;
    this.location = location;
    this.package = home;
  }
}

/** A package for proofs is not installed, or does not load. */
export class PackageNotFoundError extends GridError {
  override readonly name = "PackageNotFoundError";
  /** Its name. */
  readonly package: string;

  constructor(name: string, cause: unknown) {
    super(
      "PACKAGE_NOT_FOUND",
      `The package ${name} does not load: ${cause}. Run \`npm install ${name}\`.`,
      {},
      { cause },
    );
    this.package = name;
  }
}

/** A circuit's witness generator or proving key is not of this version of the package. */
export class ArtifactHashMismatchError extends GridError {
  override readonly name = "ArtifactHashMismatchError";
  /** Name of the file. */
  readonly artifact: string;
  /** SHA-256 in hex. */
  readonly expected: string;
  readonly actual: string;

  constructor(artifact: string, expected: string, actual: string) {
    super(
      "ARTIFACT_HASH_MISMATCH",
      `The loaded ${artifact} has SHA-256 ${actual}, but this package expects ${expected}. It is of another version, or not ours. Build the right one by \`npm run circuits\`.`,
    );
    this.artifact = artifact;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The proof's public signals are not the expected ones, so every verifier would refuse it. */
export class ProofMismatchError extends GridError {
  override readonly name = "ProofMismatchError";
  readonly expected: readonly bigint[];
  readonly actual: readonly bigint[];

  constructor(expected: readonly bigint[], actual: readonly bigint[]) {
    super(
      "PROOF_MISMATCH",
      `The proof's public signals are ${actual.join(", ")}, but expected are ${expected.join(", ")}. Build the input again and prove it unchanged.`,
    );
    this.expected = expected;
    this.actual = actual;
  }
}

/** A proof failed: an input does not satisfy the circuit, a file is damaged, or the thread ended early. */
export class ProvingError extends GridError {
  override readonly name = "ProvingError";

  constructor(reason: string, cause?: unknown) {
    super("PROVING_FAILED", `Proving failed: ${reason}`, {}, { cause });
  }
}

/** No wanted implementation of the signature check loads on this platform. `cause` lists the reasons. */
export class ImplementationUnavailableError extends GridError {
  override readonly name = "ImplementationUnavailableError";

  constructor(candidates: readonly string[], failures: readonly unknown[]) {
    super(
      "IMPLEMENTATION_UNAVAILABLE",
      `None of ${candidates.join(", ")} loads on this platform. The error's \`cause\` has the reasons.`,
      {},
      { cause: failures },
    );
  }
}
