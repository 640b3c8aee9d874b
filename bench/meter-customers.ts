// The customers of bench/meter.ts: vouchers signed in advance, and connections to send them.

import { Agent, request as send } from "node:http";
import { createRequire } from "node:module";
import { type Client, signPrivateVoucher } from "@benefit-grid/sdk";
import { type AnyVoucher, toHeader, VOUCHER_HEADER, voucherToMessage } from "@benefit-grid/sdk/http";
import { createVoucherVerifier } from "@benefit-grid/sdk/meter";
import { concat, getBytes, hexlify, id, keccak256, TypedDataEncoder, toBeHex, Wallet } from "ethers";
import { UNITS_HEADER } from "./meter-messages.ts";

export type Place = {
  readonly licenseIds: readonly string[];
  readonly chainId: string;
  readonly ledger: `0x${string}`;
};

/** One customer's requests, in order. */
export type Session = readonly { readonly voucher: string; readonly units: number }[];

const CONTEXTS = 1n << 5n;
const SECONDS = 1;
const CHECKED = 512;
const { ecdsaSign } = createRequire(import.meta.url)("secp256k1/bindings.js") as {
  ecdsaSign: (digest: Uint8Array, key: Uint8Array) => { signature: Uint8Array; recid: number };
};

export function createCustomers(count: number) {
  const wallets = Array.from({ length: count }, (_, i) => new Wallet(toBeHex(i + 1, 32)));
  return {
    wallets,
    addresses: wallets.map(({ address }) => address),
    /** The trace's requests in turn, each with a voucher for all before it. */
    requests: (place: Place, trace: readonly number[]): Session[] =>
      createEndless(wallets, place, trace)(trace.length),
    /** The trace again and again. */
    endless: (place: Place, trace: readonly number[]) => ({ next: createEndless(wallets, place, trace) }),
  };
}

export type Customers = ReturnType<typeof createCustomers>;

function createEndless(wallets: readonly Wallet[], place: Place, trace: readonly number[]) {
  const signers = wallets.map(({ privateKey }, i) =>
    signerOf(place, privateKey, BigInt(place.licenseIds[i] as string)),
  );
  const used = wallets.map(() => 0n);
  let at = 0;
  return (count: number): Session[] => {
    const sessions: { voucher: string; units: number }[][] = wallets.map(() => []);
    for (const end = at + count; at < end; at++) {
      const i = at % wallets.length;
      const units = trace[at % trace.length] as number;
      const voucher = toHeader(
        voucherToMessage((signers[i] as (units: bigint) => AnyVoucher)(used[i] as bigint)),
      );
      (sessions[i] as { voucher: string; units: number }[]).push({ voucher, units });
      used[i] = (used[i] as bigint) + BigInt(units);
    }
    return sessions;
  };
}

/** Signs open vouchers of a license, some ten times as fast as ethers. */
function signerOf({ chainId, ledger }: Place, privateKey: string, licenseId: bigint) {
  const domain = { name: "Benefit Grid UsageLedger", version: "1", chainId, verifyingContract: ledger };
  const separator = TypedDataEncoder.hashDomain(domain);
  const type = id("UsageVoucher(uint256 licenseId,bytes32 usage)");
  const key = getBytes(privateKey);
  return (units: bigint): AnyVoucher => {
    const usage = toBeHex((CONTEXTS << 64n) | units, 32);
    const struct = keccak256(concat([type, toBeHex(licenseId, 32), usage]));
    const digest = getBytes(keccak256(concat(["0x1901", separator, struct])));
    const { signature: rs, recid } = ecdsaSign(digest, key);
    const signature = `${hexlify(rs)}${(27 + recid).toString(16)}` as `0x${string}`;
    return { licenseId, units, contexts: CONTEXTS, signature };
  };
}

/** Sends all sessions at the same time, each on a connection of its own. */
export async function replay(port: number, sessions: readonly Session[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: sessions.length });
  await Promise.all(
    sessions.map(async (session) => {
      for (const { voucher, units } of session) await post(agent, port, voucher, units);
    }),
  );
  agent.destroy();
}

function post(agent: Agent, port: number, voucher: string, units: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { [VOUCHER_HEADER]: voucher, [UNITS_HEADER]: units, "content-length": 2 };
    const sent = send(
      { agent, host: "127.0.0.1", port, method: "POST", path: "/ask", headers },
      (response) => {
        if (response.statusCode === 200) response.resume().on("end", resolve);
        else
          response
            .setEncoding("utf8")
            .on("data", (body) => reject(new Error(`${response.statusCode}: ${body}`)));
      },
    );
    sent.on("error", reject);
    sent.end("hi");
  });
}

/** Vouchers checked in a second of one core, open and private, of so many runs each. */
export async function checksPerSecond(place: Place, { wallets }: Customers, runs: number) {
  const client = { chainId: BigInt(place.chainId), addresses: { UsageLedger: place.ledger } } as Client;
  const { verify } = await createVoucherVerifier({ chainId: client.chainId, ledger: place.ledger });
  const signer = wallets[0] as Wallet;
  const sign = signerOf(place, signer.privateKey, 1n);
  const open = Array.from({ length: CHECKED }, (_, i) => sign(BigInt(i)));
  const secret = `0x${"5e".repeat(32)}` as const;
  const closed = await Promise.all(
    open.map(({ units }) =>
      signPrivateVoucher(client, { signer, licenseId: 1n, units, contexts: 1n, secret }),
    ),
  );
  // CPU time, as all figures here: other programs take a core's time too.
  const rate = (vouchers: readonly AnyVoucher[]) => {
    const started = process.cpuUsage();
    let checked = 0;
    let seconds = 0;
    while (seconds < SECONDS) {
      for (const voucher of vouchers)
        if (!verify(voucher, signer.address)) throw new Error("A valid voucher was refused.");
      checked += vouchers.length;
      const { user, system } = process.cpuUsage(started);
      seconds = (user + system) / 1e6;
    }
    return Math.round(checked / seconds);
  };
  const rates = (vouchers: readonly AnyVoucher[]) => Array.from({ length: runs }, () => rate(vouchers));
  // The first run loads and compiles.
  rate(open);
  rate(closed);
  return { signatures: rates(open), openings: rates(closed) };
}
