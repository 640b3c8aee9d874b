// Fails on compiler warnings in Solidity sources, tests included. Stops after analysis: generating code takes minutes.
import hre from "hardhat";

const { solidity } = hre;

let failed = false;
for (const scope of ["contracts", "tests"] as const) {
  const files = await solidity.getRootFilePaths({ scope });
  const jobs = await solidity.getCompilationJobs(files, { scope, force: true, quiet: true });
  if (!("compilationJobsPerFile" in jobs)) throw new Error(jobs.formattedReason);
  for (const job of new Set(jobs.compilationJobsPerFile.values())) {
    const input = await job.getSolcInput();
    const settings = { ...input.settings, outputSelection: {} };
    const analysis = { ...job, getSolcInput: async () => ({ ...input, settings }) };
    const { output } = await solidity.runCompilationJob(analysis, { quiet: true });
    for (const error of output.errors ?? []) {
      failed = true;
      console.error((await solidity.remapCompilerError(job, error, true)).formattedMessage);
    }
  }
}
if (failed) process.exitCode = 1;
