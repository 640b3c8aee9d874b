// Vouchers checked per second on one core, by implementation, compared with ethers in the same run.
//   npm run bench:vouchers            a table
//   npm run bench:vouchers -- --json  one object
import {
  createClient,
  type Deployment,
  type SignedVoucher,
  signVoucher,
  verifyVoucher,
} from "@benefit-grid/sdk";
import { createVoucherVerifier, type Implementation } from "@benefit-grid/sdk/meter";
import { toBeHex, Wallet } from "ethers";
import { network } from "hardhat";
import { deployGrid } from "../scripts/lib/deployment.ts";

const VOUCHERS = 512;
const MILLISECONDS = 3_000;
const IMPLEMENTATIONS: Implementation[] = ["native", "wasm", "javascript"];

const connection = await network.create();
const deployment = (await deployGrid(connection)) as Deployment;
const client = await createClient({ runner: connection.ethers.provider, deployment });
const ledger = client.addresses.UsageLedger;
const signer = new Wallet(toBeHex(1, 32));
const vouchers = await Promise.all(
  Array.from({ length: VOUCHERS }, (_, i) =>
    signVoucher(client, { signer, licenseId: BigInt(i + 1), units: BigInt(1_000 + i), contexts: 1n }),
  ),
);

const rates: Record<string, number> = {
  ethers: rate((voucher) => verifyVoucher(client, { ...voucher, signer: signer.address })),
};
for (const implementation of IMPLEMENTATIONS) {
  const { verify } = await createVoucherVerifier({ chainId: client.chainId, ledger, implementation });
  rates[implementation] = rate((voucher) => verify(voucher, signer.address));
}
await connection.close();
if (process.argv.includes("--json")) console.log(JSON.stringify(rates, null, 2));
else printTable();

/** Checks per second, after a warm-up. A failed check ends the bench. */
function rate(check: (voucher: SignedVoucher) => boolean): number {
  const checkAll = () => {
    for (const voucher of vouchers) if (!check(voucher)) throw new Error("A valid voucher was refused.");
  };
  checkAll();
  const started = performance.now();
  let rounds = 0;
  while (performance.now() - started < MILLISECONDS) {
    checkAll();
    rounds += 1;
  }
  return Math.round((rounds * VOUCHERS * 1_000) / (performance.now() - started));
}

function printTable(): void {
  const base = rates.ethers ?? Number.NaN;
  console.table(
    Object.fromEntries(
      Object.entries(rates).map(([name, perSecond]) => [
        name,
        { perSecond, timesEthers: (perSecond / base).toFixed(1) },
      ]),
    ),
  );
}
