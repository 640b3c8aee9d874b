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

/** What a deployment will cost. */
export type Quote = {
  readonly chainId: bigint;
  readonly deployer: string;
  readonly gas: bigint;
  /** Wei per gas at present. */
  readonly fee: bigint;
  /** Wei. */
  readonly cost: bigint;
};

export async function quoteOf(
  provider: Provider,
  place: { readonly chainId: bigint; readonly deployer: string },
  gas: bigint,
): Promise<Quote> {
  const fee = (await provider.getFeeData()).gasPrice ?? 0n;
  return { ...place, gas, fee, cost: gas * fee };
}

/** The deployer needs the gas of the rehearsal at the present price. */
export async function checkFunds(provider: Provider, { deployer, gas, cost }: Quote): Promise<void> {
  const balance = await provider.getBalance(deployer);
  if (balance >= cost) return;
  throw new DeploymentError(
    `The deployer ${deployer} has ${formatEther(balance)}, but the deployment takes ${gas} gas, now ${formatEther(cost)}. Send it more.`,
  );
}

/** Nothing stands yet where the contracts will be. */
export async function checkFree(
  provider: Provider,
  addresses: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, address] of Object.entries(addresses)) {
    if ((await provider.getCode(address)) === "0x") continue;
    throw new DeploymentError(
      `${name} stands already at ${address}, without a journal in ignition/deployments. ` +
        "Restore the journal to continue that deployment, or begin another one with --salt TEXT.",
    );
  }
}
