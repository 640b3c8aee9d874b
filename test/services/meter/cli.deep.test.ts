import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { getUsage } from "@benefit-grid/sdk";
import { RECEIPTS_PATH, receiptFromMessage, verifyReceipt, withVouchers } from "@benefit-grid/sdk/http";
import { expect } from "chai";
import { HDNodeWallet } from "ethers";
import { networkHelpers } from "../../grid.ts";
import { serve } from "../../sdk/cli/support.ts";
import { headersOf } from "./gateways.ts";
import { licensed, vouchersOf } from "./support.ts";

const MAIN = "services/meter/dist/cli/main.js";
const FLAGS = ["--disable-warning=ExperimentalWarning", MAIN];
const PHRASE = "test test test test test test test test test test test junk";

/** A private key of Hardhat's chain. */
function keyOf(address: string): string {
  for (let i = 0; i < 20; i++) {
    const wallet = HDNodeWallet.fromPhrase(PHRASE, "", `m/44'/60'/0'/0/${i}`);
    if (wallet.address === address) return wallet.privateKey;
  }
  throw new Error(`${address} is none of Hardhat's accounts.`);
}

describe("the meter's command", () => {
  let folder: string;
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    return join(folder, name);
  };
  /** Not at once: this process serves the chain. */
  const run = async (...args: string[]) => {
    const { METER_OPERATOR_KEY: _, ...env } = process.env;
    const child = spawn(process.execPath, [...FLAGS, ...args], { env });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { status: status as number, stdout, stderr };
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "meter-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  describe("given wrong input", () => {
    it("when there is no configuration, prints its usage and fails", async () => {
      for (const args of [[], ["--config"], ["--confg", "x"], ["fly", "--config", "x"]]) {
        const { status, stdout, stderr } = await run(...args);
        expect([status, stdout]).to.deep.equal([1, ""]);
        expect(stderr).to.match(/Usage: benefit-grid-meter|argument missing|Unknown option '--confg'/);
      }
      expect((await run("--help")).stdout).to.match(/^Usage: benefit-grid-meter \[status\] --config FILE\n/);
    });

    it("when the file is absent or no JSON, says so", async () => {
      expect((await run("--config", join(folder, "none.json"))).stderr).to.include(
        "none.json cannot be used:\n  ENOENT",
      );
      expect((await run("--config", file("broken.json", "{"))).stderr).to.include(
        "broken.json cannot be used:\n  ",
      );
    });

    it("when fields are wrong, names all of them", async () => {
      const wrong = {
        rpc: 5,
        offers: [],
        roles: ["king"],
        port: 70_000,
        colour: "red",
        service: { type: "openai", upstream: "http://x" },
      };
      const path = file("wrong.json", wrong);
      expect((await run("--config", path)).stderr.trim().split("\n")).to.have.members([
        `${path} cannot be used:`,
        "  the file must have required property 'store'",
        "  the file must NOT have additional properties (colour)",
        "  /rpc must be string",
        "  /offers must NOT have fewer than 1 items",
        "  /roles/0 must be equal to one of the allowed values: gateway, worker",
        "  /port must be <= 65535",
        "  /service must have required property 'maxAnswerTokens'",
      ]);
    });

    it("when fields contradict each other, says how", async () => {
      const path = file("odd.json", {
        rpc: "http://127.0.0.1:1",
        store: ":memory:",
        offers: [1],
        contexts: ["fun"],
        maxUnits: 5,
        credit: 4,
      });
      expect((await run("--config", path)).stderr.trim().split("\n").slice(1)).to.deep.equal([
        "  the file must have `service`, because it has the role gateway",
        "  /contexts has fun, which is none of research, education, health, commercial, training, inference, evaluation, government, africa, americas, asia, europe, oceania",
        "  /credit 4 must not be below /maxUnits 5",
      ]);
    });

    it("when a worker has no key, says where it is taken from", async () => {
      const path = file("keyless.json", {
        rpc: "http://127.0.0.1:1",
        store: ":memory:",
        offers: [1],
        roles: ["worker"],
      });
      const { status, stderr } = await run("--config", path);
      expect([status, stderr.trim()]).to.deep.equal([
        1,
        "The worker has no operator's key. Set METER_OPERATOR_KEY to the operator's private key, or `keystore` to its file.",
      ]);
    });
  });

  it("when it runs, serves, settles, shows metrics and status, and ends at a signal", async () => {
    const given = await networkHelpers.loadFixture(licensed);
    const { client, deployment, meter } = given;
    const chain = await serve();
    const upstream = createServer((request, response) =>
      response.end(`${request.url} without ${request.headers.host === undefined}`),
    );
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const { port } = upstream.address() as AddressInfo;
    const config = {
      rpc: chain.rpc,
      deployment: file("deployment.json", { ...deployment, chainId: Number(deployment.chainId) }),
      store: "meter.db",
      offers: [1],
      port: 0,
      adminPort: 0,
      maxUnits: 1,
      credit: 2,
      service: { type: "http", upstream: `http://127.0.0.1:${port}`, unit: "call" },
      settle: { maxAgeSeconds: 1, confirmations: 1 },
    };
    const path = file("config.json", config);
    const env = { ...process.env, METER_OPERATOR_KEY: keyOf(meter.address) };
    const child = spawn(process.execPath, [...FLAGS, "--config", path], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const ports = await listening(child);
      const gateway = `http://127.0.0.1:${ports.gateway}`;
      const admin = `http://127.0.0.1:${ports.admin}`;
      const limits = { licenseId: 1n, contexts: 1n, maxUnits: 10n, maxUnitsPerCall: 1n };
      const paid = withVouchers(fetch, { client, ...limits });
      for (let i = 0; i < 3; i++) {
        expect(await (await paid(`${gateway}/ask?question=${i}`)).text()).to.match(
          new RegExp(`^/ask\\?question=${i} `),
        );
      }
      expect((await fetch(`${gateway}/ask`)).status).to.equal(401);
      expect(await (await fetch(`${admin}/health`)).json()).to.deep.equal({ ok: true });
      const metrics = await (await fetch(`${admin}/metrics`)).text();
      expect(metrics).to.include('meter_served_units_total{offer="1"} 3');
      expect(metrics).to.include('meter_refused_total{reason="VoucherMissing"} 1');
      expect(metrics).to.include('meter_credit_units{offer="1"} 1');
      expect((await fetch(`${admin}/`)).status).to.equal(404);

      while ((await getUsage(client, { licenseId: 1n })).units !== 2n) await pause(100);
      const voucher = await vouchersOf(client)(1n, 2n);
      const receipt = await settledReceipt(`${gateway}${RECEIPTS_PATH}1`, headersOf(voucher));
      expect(await verifyReceipt(client, { licenseId: 1n, receipt })).to.include({ units: 2n });

      const { status, stdout } = await run("status", "--config", path);
      expect(status).to.equal(0);
      expect(stdout).to.match(/credit/);
    } finally {
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      chain.close();
      upstream.close();
      expect(code).to.equal(0);
    }
  });
});

/** Ports of the program's servers, from its log. */
async function listening(child: ChildProcess): Promise<{ gateway: number; admin: number }> {
  const ports: Record<string, number> = {};
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const { msg, port } = JSON.parse(line) as { msg: string; port?: number };
    if (port !== undefined) ports[msg.split(" ")[0] as string] = port;
    if (ports.gateway !== undefined && ports.admin !== undefined) break;
  }
  child.stdout?.resume();
  return { gateway: ports.gateway as number, admin: ports.admin as number };
}

/** The settlement is final a little after the chain shows it. */
async function settledReceipt(url: string, headers: Record<string, string>) {
  for (;;) {
    const response = await fetch(url, { headers });
    if (response.ok) return receiptFromMessage(await response.json());
    await pause(100);
  }
}
