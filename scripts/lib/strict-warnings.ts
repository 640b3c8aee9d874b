import type { HardhatPlugin } from "hardhat/types/plugins";
import type { CompilerOutput, CompilerOutputError } from "hardhat/types/solidity";

// "Contract code size" and "contract initcode size": test contracts may be big.
const SIZE_WARNINGS = new Set(["5574", "3860"]);

/** A Hardhat plugin: warnings in our own Solidity sources are errors, those of dependencies are dropped. */
export const strictWarnings: HardhatPlugin = {
  id: "strict-warnings",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        async invokeSolc(context, compiler, input, config, next) {
          const output = await next(context, compiler, input, config);
          // Instrumented sources warn about things that their originals don't do.
          return context.globalOptions.coverage ? withoutWarnings(output) : withStrictWarnings(output);
        },
      }),
    }),
  },
};

function withStrictWarnings(output: CompilerOutput): CompilerOutput {
  const errors = output.errors?.flatMap((error) => {
    if (error.severity === "error") return [error];
    return isOurs(error) ? [asError(error)] : [];
  });
  return { ...output, errors };
}

function withoutWarnings(output: CompilerOutput): CompilerOutput {
  return { ...output, errors: output.errors?.filter((error) => error.severity === "error") };
}

// solc's output has the location, Hardhat's type leaves it out.
type LocatedError = CompilerOutputError & { sourceLocation?: { file: string } };

function isOurs({ sourceLocation, errorCode }: LocatedError): boolean {
  const file = sourceLocation?.file ?? "";
  if (file.startsWith("project/test/")) return !SIZE_WARNINGS.has(errorCode ?? "");
  return file.startsWith("project/");
}

function asError(warning: CompilerOutputError): CompilerOutputError {
  return {
    ...warning,
    type: "WarningAsError",
    severity: "error",
    formattedMessage: warning.formattedMessage?.replace(/^Warning/, "Warning as error"),
  };
}
