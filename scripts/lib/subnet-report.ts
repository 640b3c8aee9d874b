import { type Client, explainReward } from "@benefit-grid/sdk";
import type { LocalSubnet, Party } from "./local-subnet.ts";

type Print = (line: string) => void;

/** Prints how the subnet was opened. */
export function printOpening({ subnetId, validators, miners }: LocalSubnet, pot: bigint, print: Print): void {
  print("chain       runs in this process, with the whole grid; its clock skips the waiting");
  print("mine        gives all accounts Foundation Coin: not earned by proof of benefit, for this test only");
  print(
    `sponsor     creates subnet ${subnetId} against a bond, and pays ${dollars(pot)} into each epoch's pot`,
  );
  print(`validators  ${namesOf(validators)} stake 4,000 coins each`);
  print(`miners      ${namesOf(miners)} register for a fee of 1 coin`);
}

/**
 * Says why a miner was paid, as `explainReward` finds it on chain. Returns what it was paid.
 *
 * @throws {Error} if it was paid nothing
 */
export async function printReasons(
  { subnetId, token, validators }: LocalSubnet,
  client: Client,
  { name, address: account }: Party,
  epoch: bigint,
  print: Print,
): Promise<bigint> {
  const {
    params,
    validators: rows,
    reasons,
    payments,
  } = await explainReward(client, {
    ...{ subnetId, epoch, account },
    tokens: [token],
  });
  const [payment] = payments;
  const reason = reasons.find(({ role }) => role === "miner");
  if (reason?.role !== "miner" || !payment) throw new Error(`${name} was paid nothing in epoch ${epoch}.`);
  print(`Why ${name} was paid ${dollars(payment.amount)} in epoch ${epoch}:`);
  for (const { validator, fraction, evidenceHash } of reason.weights) {
    const by = validators.find(({ address }) => address === validator)?.name;
    const stake = rows.find((row) => row.account === validator)?.stakeFraction ?? 0n;
    const given = `gave it ${percent(fraction)} of its weights`;
    print(`  ${by} has ${percent(stake)} of the stake and ${given}. Evidence: ${evidenceHash?.slice(0, 10)}`);
  }
  print(
    `  ${percent(params.kappa)} of the stake gave it ${percent(reason.consensus)} or more. Higher weights are cut to that.`,
  );
  print(
    `  So its part of the miners' pay is ${percent(reason.incentive)}, and of the whole pot ${percent(reason.share)}.`,
  );
  print(
    `  ${percent(reason.share)} of ${dollars(payment.pot)} is ${dollars(payment.amount)}, claimed in ${payment.hash?.slice(0, 10)}.`,
  );
  return payment.amount;
}

function namesOf(parties: readonly Party[]): string {
  return parties.map(({ name }) => name).join(", ");
}

/** A fraction in 2^-32. */
function percent(fraction: bigint): string {
  return `${((Number(fraction) / 2 ** 32) * 100).toFixed(2)} %`;
}

/** An amount with 6 decimals. */
export function dollars(amount: bigint): string {
  return `$${(Number(amount) / 1e6).toFixed(2)}`;
}
