import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { signVoucher } from "@benefit-grid/sdk";
import { type AnyVoucher, toHeader, VOUCHER_HEADER, voucherToMessage } from "@benefit-grid/sdk/http";
import { licenseFixture, mintParams } from "../../grid.ts";
import { serve } from "../../sdk/cli/support.ts";
import { withClients } from "../../sdk/clients.ts";
import { startNode } from "./processes.ts";

/** Prepaid units of license 2, an open one. */
export const PREPAID = 10_000n;
export const LICENSE = 2n;

/** A license with units for many calls, and its vouchers of 100, 200, ... units. */
export async function busyLicense() {
  const given = await withClients(licenseFixture);
  await given.licenses.connect(given.buyer).mint(mintParams(1n, given.buyer, PREPAID), "0x");
  const client = await given.as(given.buyer);
  const vouchers: AnyVoucher[] = [];
  for (let units = 100n; units <= 4_000n; units += 100n)
    vouchers.push(await signVoucher(client, { licenseId: LICENSE, units, contexts: 1n }));
  return { ...given, client, vouchers };
}

export function headersOf(voucher: AnyVoucher): Record<string, string> {
  return { [VOUCHER_HEADER]: toHeader(voucherToMessage(voucher)) };
}

export type GatewayProcess = {
  readonly url: string;
  readonly child: ChildProcess;
  readonly kill: () => Promise<void>;
};

/** Starts gateways in processes of their own, on this process's chain. */
export async function gatewayProcesses({ deployment }: Awaited<ReturnType<typeof busyLicense>>) {
  const { rpc, close } = await serve();
  const children = new Set<ChildProcess>();
  const described = JSON.stringify({ ...deployment, chainId: Number(deployment.chainId) });

  return {
    start: async (address: string, delay = 5): Promise<GatewayProcess> => {
      const parameters = { address, rpc, deployment: described, delay: String(delay) };
      const child = startNode("test/services/meter/fixtures/gateway.ts", parameters);
      children.add(child);
      const [url] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line");
      return { url, child, kill: async () => await kill(child) };
    },
    close: async () => {
      await Promise.all([...children].map(kill));
      close();
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
