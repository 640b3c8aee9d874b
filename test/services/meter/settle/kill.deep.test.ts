import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type SettleReport, sqliteStore } from "@benefit-grid/meter";
import { expect } from "chai";
import { networkHelpers } from "../../../grid.ts";
import { serve, temporaryFolder } from "../../../sdk/cli/support.ts";
import type { Settings } from "./process.ts";
import { commitmentOf, paid, type Settling, settling, unitsOf } from "./support.ts";

const folder = temporaryFolder();
let files = 0;

/** Open and private vouchers in a file, and a node for processes. */
async function prepared() {
  files += 1;
  const file = join(folder, `${files}.db`);
  const given = await settling(await sqliteStore(file));
  await given.keep(await given.open(10n));
  await given.keepPrivate();
  const { rpc, close } = await serve();
  const contracts = given.deployment.contracts as Settings["contracts"];
  const settings = { rpc, file, key: given.wallet.privateKey, contracts, confirmations: 1 };
  return { ...given, settings, close, nonce: await given.wallet.getNonce() };
}

function start(settings: Settings): {
  process: ChildProcess;
  kinds: string[];
  sees: (kind: string) => Promise<void>;
} {
  const env = { ...process.env, SETTINGS: JSON.stringify(settings) };
  const child = spawn(process.execPath, [join(import.meta.dirname, "process.ts")], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const kinds: string[] = [];
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
  lines.on("line", (line) => kinds.push(line));
  const sees = async (kind: string) => {
    while (!kinds.includes(kind)) {
      if (child.exitCode !== null) throw new Error(`The process ended with ${child.exitCode}.`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { process: child, kinds, sees };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** All is settled, by two transactions of the operator. */
async function expectSettledOnce(given: Settling & { nonce: number }): Promise<void> {
  expect(await unitsOf(given.client, 4n)).to.equal(10n);
  expect(await commitmentOf(given.client, 1n)).to.equal((await given.sign(1n, 100n)).usage);
  expect(await paid(given, 1n)).to.equal(250n);
  expect(await paid(given, 2n)).to.equal(3_750n);
  expect(await given.wallet.getNonce()).to.equal(given.nonce + 2);
}

/** Another process takes over, until nothing is left to do. */
async function finish(given: Settling, settings: Settings): Promise<void> {
  const { process: child, kinds } = start({ ...settings, stopAt: undefined });
  while ((await given.store.unsettled(9)).length + (await given.store.batchesUnderWay()).length > 0) {
    if (child.exitCode !== null) throw new Error(`The process ended with ${child.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await kill(child);
  expect(kinds.filter((kind) => kind.startsWith("error"))).to.deep.equal([]);
}

describe("a settler's process that is killed", () => {
  const stops: [when: string, kind: SettleReport["kind"]][] = [
    ["when a batch is formed", "formed"],
    ["during a proof", "proving"],
    ["after a proof", "proved"],
    ["between storing a transaction and sending it", "sent"],
    ["after a settlement", "settled"],
  ];
  for (const [when, stopAt] of stops) {
    it(`${when}, is continued by another, which settles each voucher once`, async () => {
      const given = await prepared();
      const { process: child, sees } = start({ ...given.settings, stopAt });
      await sees(stopAt);
      await kill(child);
      await finish(given, { ...given.settings, stopAt: undefined });
      await expectSettledOnce(given);
      given.close();
    });
  }

  it("between sending a transaction and its confirmation, is continued by another", async () => {
    const given = await prepared();
    const settings: Settings = { ...given.settings, stopAt: undefined, confirmations: 3 };
    const { process: child } = start(settings);
    while ((await paid(given, 2n)) === 0n) await new Promise((resolve) => setTimeout(resolve, 10));
    await kill(child);
    const sent = (await given.store.batchesUnderWay()).map(({ state }) => state);
    expect(sent).to.include("sent");
    await networkHelpers.mine(3);
    await finish(given, settings);
    await expectSettledOnce(given);
    given.close();
  });

  it("while another one stands by, leaves its work to it", async () => {
    const given = await prepared();
    const first = start({ ...given.settings, stopAt: "proving" });
    await first.sees("proving");
    const second = start({ ...given.settings, stopAt: undefined });
    while ((await given.store.unsettled(9)).length + (await given.store.batchesUnderWay()).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await kill(first.process);
    await kill(second.process);
    await expectSettledOnce(given);
    given.close();
  });
});
