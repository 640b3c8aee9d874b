import { Contract, concat, formatEther, type Provider } from "ethers";
import type { Genesis } from "./genesis.ts";
import { DeploymentError, Problems } from "./problems.ts";

/** TSTORE, MCOPY and PUSH0, as the contracts use them: creation code that returns one byte. */
const CANCUN = concat(["0x5f5f5d", "0x5f5f5f5e", "0x60015ff3"]);

type Place = { readonly file: string; readonly isForTests: boolean };

/** Checks what depends on the chain: its instructions, the council's contract and the currencies. */
export async function checkChain(
  provider: Provider,
  { admissions, parameters }: Genesis,
  { file, isForTests }: Place,
): Promise<void> {
  const result = await provider.call({ data: CANCUN }).catch(() => "0x");
  if (result !== "0x00")
    throw new DeploymentError(
      "The chain lacks instructions of Ethereum's Cancun upgrade. Use another chain.",
    );
  const problems = new Problems();
  const council = String(parameters.Governance?.council);
  if (!isForTests && (await provider.getCode(council)) === "0x")
    problems.report(
      "council",
      "is not a contract on this chain",
      "Name a multisig: a single key can be lost or stolen",
    );
  for (const [i, { token }] of admissions.currencies.entries()) {
    if (token === "TestUSD" || (await isToken(provider, token))) continue;
    const advice = "Name the address of an ERC-20 token with decimals";
    problems.report(`currencies[${i}].token`, `is ${token}, which is no token on this chain`, advice);
  }
  problems.refuse(file);
}

const ERC20 = [
  "function decimals() view returns (uint8)",
  "function balanceOf(address) view returns (uint256)",
];

async function isToken(provider: Provider, address: string): Promise<boolean> {
  const token = new Contract(address, ERC20, provider);
  const answers = [token.getFunction("decimals")(), token.getFunction("balanceOf")(address)];
  return (await Promise.allSettled(answers)).every(({ status }) => status === "fulfilled");
}

/** The deployer needs the rehearsal's gas at the present price. */
export async function checkFunds(
  provider: Provider,
  accounts: readonly string[],
  gas: bigint,
): Promise<void> {
  const [deployer] = accounts;
  if (deployer === undefined) throw new DeploymentError("The network has no account to send from.");
  const { gasPrice } = await provider.getFeeData();
  const needed = gas * (gasPrice ?? 0n);
  const balance = await provider.getBalance(deployer);
  if (balance >= needed) return;
  throw new DeploymentError(
    `The deployer ${deployer} has ${formatEther(balance)}, but the deployment takes ${gas} gas, now ${formatEther(needed)}. Send it more.`,
  );
}
