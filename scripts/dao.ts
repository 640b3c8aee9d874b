// The DAO from the command line: delegate, propose, vote, queue, execute, cancel, status, list.
//   npm run dao -- help
//   npm run dao -- list --network sepolia                 a network of hardhat.config.ts, with its key from the keystore
//   npm run dao -- list --rpc http://127.0.0.1:8545       a node; its unlocked accounts sign
import { CommandError, type Connect, connectByUrl, runDao } from "@benefit-grid/sdk/cli";
import { getAddress, type Provider, VoidSigner } from "ethers";
import { network } from "hardhat";

// A reader such as `| head` may close the pipe early. The command still finishes: a transaction may be on its way.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const connect: Connect = async (values, writes) => {
  const { network: name, from, rpc, keystore, unsigned } = values;
  if (name === undefined) {
    if (rpc === undefined) throw new CommandError("--network NAME or --rpc URL is missing. See --help.");
    return await connectByUrl(values, writes);
  }
  for (const [option, value] of Object.entries({ rpc, keystore, unsigned })) {
    if (value !== undefined) throw new CommandError(`--network and --${option} exclude each other.`);
  }
  const { ethers, close } = await network.create(String(name));
  if (!writes) return { runner: watched(from, ethers.provider), close };
  const signers = await ethers.getSigners();
  const wanted = typeof from === "string" ? from.toLowerCase() : undefined;
  const runner = wanted ? signers.find(({ address }) => address.toLowerCase() === wanted) : signers[0];
  if (!runner) throw new CommandError(`Network ${name} has no account ${from ?? "to send from"}.`);
  return { runner, close };
};

/** Reads only; for an account if one is named. */
function watched(from: unknown, provider: Provider): Provider | VoidSigner {
  return typeof from === "string" ? new VoidSigner(getAddress(from), provider) : provider;
}

process.exitCode = await runDao(process.argv.slice(2), {
  connect,
  chain: { network: { value: "NAME", about: "a network of hardhat.config.ts, whose first account signs" } },
  name: "npm run dao --",
});
