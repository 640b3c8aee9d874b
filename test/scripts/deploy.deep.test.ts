import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { keccak256, toBeHex, zeroPadValue } from "ethers";
import { VARYING } from "../../ignition/varying.ts";
import type { Deployment } from "../../scripts/lib/record.ts";
import { temporaryFolder } from "../sdk/cli/support.ts";
import {
  discard,
  journalsOf,
  KEY,
  placeToken,
  runScript,
  startAnvil,
  startHardhat,
  type TestNode,
} from "./nodes.ts";

const CHAINS = [11_155_111, 84_532, 421_614, 11_155_420];

describe("npm run deploy", () => {
  const folder = temporaryFolder();
  const nodes: TestNode[] = [];
  const records = new Map<number, Deployment>();

  after(async () => {
    for (const node of nodes) await discard(node);
  });

  const start = async (starting: Promise<TestNode>, chainId: number): Promise<TestNode> => {
    const node = await starting;
    nodes.push(node);
    const genesis = JSON.parse(readFileSync(`ignition/genesis/${chainId}.json`, "utf8"));
    for (const { token } of genesis.currencies) if (token !== "TestUSD") await placeToken(node, token);
    return node;
  };
  const deploy = async (node: TestNode, out: string, ...options: string[]) =>
    await runScript("deploy", ["--rpc", node.rpc, "--dev-keys", "--out", out, ...options]);
  const check = async (node: TestNode, file: string) =>
    await runScript("check-deployment", ["--rpc", node.rpc, "--deployment", file]);

  for (const chainId of CHAINS) {
    it(`when Anvil has chain id ${chainId}, deploys once, changes nothing again, and the check agrees`, async () => {
      const node = await start(startAnvil(chainId), chainId);
      const first = await deploy(node, folder, "--yes");
      expect(first.err).to.equal("");
      expect(first.out).to.match(
        new RegExp(`Chain ${chainId}, deployer 0x\\w{40}: \\d+ gas at .* gwei = .* ETH\\.`),
      );
      const file = `${folder}/${chainId}.json`;
      const text = readFileSync(file, "utf8");
      const record: Deployment = JSON.parse(text);
      records.set(chainId, record);
      expect(text).not.to.contain(KEY.slice(2));
      for (const [name, { address, block, codeHash }] of Object.entries(record.code ?? {})) {
        expect(keccak256(await node.request<string>("eth_getCode", address, "latest")), name).to.equal(
          codeHash,
        );
        expect(block, name).to.be.greaterThan(record.blockNumber);
      }

      const again = await deploy(node, folder);
      expect(again.out).to.contain("Everything stands already. Nothing was sent.");
      expect(readFileSync(file, "utf8")).to.equal(text);
      const checked = await check(node, file);
      expect(checked.err).to.equal("");
      expect(checked.out).to.match(
        new RegExp(`^Chain ${chainId}: 25 contracts have the code of this source, `),
      );
    });
  }

  it("when four chains have the grid, all contracts that are not listed as varying have equal addresses", () => {
    const [first, ...others] = CHAINS.map((chainId) => records.get(chainId)?.code ?? {});
    for (const code of others) {
      expect(Object.keys(code)).to.deep.equal(Object.keys(first ?? {}));
      for (const [name, { address }] of Object.entries(code))
        if (!(name in VARYING)) expect(address, name).to.equal(first?.[name]?.address);
    }
  });

  const refused: [script: string, options: string[], message: string][] = [
    ["deploy", ["--accounts", "0x00"], '--accounts needs addresses with commas between; "0x00" is none.'],
    [
      "deploy",
      ["--verify"],
      "ETHERSCAN_API_KEY is missing. Set it by npx hardhat keystore set ETHERSCAN_API_KEY,",
    ],
    [
      "deploy",
      ["--network", "baseSepolia"],
      "BASE_SEPOLIA_RPC_URL is missing. Set it by npx hardhat keystore set",
    ],
    ["check-deployment", [], "--network NAME or --rpc URL is missing."],
    ["check-deployment", ["--network", "default", "--deployment", "none.json"], "none.json does not exist."],
    [
      "check-deployment",
      ["--network", "default"],
      "The record of chain 31337 has no details: it is a dry run's.",
    ],
    ["verify", [], "--network NAME or --rpc URL is missing."],
    ["faucet", ["--network", "default"], "--to needs an address, 0x...."],
    [
      "faucet",
      ["--network", "default", "--to", `0x${"11".repeat(20)}`, "--amount", "1e9"],
      "--amount needs dollars,",
    ],
  ];
  for (const [script, options, message] of refused) {
    it(`when ${script} gets "${options.join(" ")}", says so in a line`, async () => {
      const { err, status } = await runScript(script, options);
      expect(err.trim().split("\n")).to.have.length(1);
      expect(err).to.contain(message);
      expect(status).to.equal(1);
    });
  }

  it("when nobody can answer, sends nothing without --yes", async () => {
    const node = await start(startAnvil(84_532), 84_532);
    const { err, status } = await deploy(node, folder);
    expect(err).to.equal("Nobody can answer: there is no terminal. Pass --yes to send without asking.\n");
    expect(status).to.equal(1);
    expect(await node.request("eth_blockNumber")).to.equal("0x0");
  });

  it("when Hardhat's node has the local chain id, creates by nonce, and the check agrees", async () => {
    const node = await startHardhat(31_337);
    nodes.push(node);
    const { err, status } = await deploy(node, folder);
    expect(err, "errors").to.equal("");
    expect(status).to.equal(0);
    const record: Deployment = JSON.parse(readFileSync(`${folder}/31337.json`, "utf8"));
    const local: Deployment = JSON.parse(readFileSync("deployments/31337.json", "utf8"));
    expect(record.contracts).to.deep.equal(local.contracts);
    expect((await check(node, `${folder}/31337.json`)).err).to.equal("");
  });

  it("when Hardhat's node has a testnet's id and the key is in the environment, deploys by it", async () => {
    const chainId = 421_614;
    const node = await start(startHardhat(chainId), chainId);
    const out = `${folder}/hardhat`;
    const accounts = Array.from({ length: 5 }, (_, i) => zeroPadValue(toBeHex(0xa00 + i), 20)).join(",");
    const env = { ARBITRUM_SEPOLIA_RPC_URL: node.rpc, DEPLOYER_PRIVATE_KEY: KEY };
    const options = [
      "--network",
      "arbitrumSepolia",
      "--dev-keys",
      "--yes",
      "--out",
      out,
      "--accounts",
      accounts,
    ];
    const { err, status } = await runScript("deploy", options, { env });
    expect(err, "errors").to.equal("");
    expect(status).to.equal(0);
    const record: Deployment = JSON.parse(readFileSync(`${out}/${chainId}.json`, "utf8"));
    expect(record.contracts.CapsuleRegistry).to.equal(records.get(chainId)?.contracts.CapsuleRegistry);
    expect(record.contracts.Guardian).not.to.equal(records.get(chainId)?.contracts.Guardian);
  });

  it("when it is killed again and again, before any kind of journal line, continues to the same deployment", async () => {
    const chainId = 11_155_111;
    const node = await start(startAnvil(chainId), chainId);
    const out = `${folder}/killed`;
    mkdirSync(out);
    let kills = 0;
    for (;;) {
      // Futures write six kinds of lines. Strides without a common factor stop before each of them.
      const env = { KILL_BEFORE_LINE: `${[11, 13, 17][kills % 3]}` };
      const options = ["--rpc", node.rpc, "--dev-keys", "--yes", "--out", out];
      const { signal, status, err } = await runScript("deploy", options, {
        env,
        node: ["--import", "./test/scripts/kill.mjs"],
      });
      if (signal === null) {
        expect(err).to.equal("");
        expect(status).to.equal(0);
        break;
      }
      expect(signal).to.equal("SIGKILL");
      kills++;
      const [journal = ""] = await journalsOf(node);
      // A line may be written in part.
      if (kills % 4 === 0) appendFileSync(`${journal}/journal.jsonl`, '\n{"futureId":"Grid#torn');
    }
    expect(kills).to.be.greaterThan(15);
    const {
      blockNumber: _,
      code,
      ...record
    }: Deployment = JSON.parse(readFileSync(`${out}/${chainId}.json`, "utf8"));
    const { blockNumber: __, code: ___, ...expected } = records.get(chainId) ?? ({} as Deployment);
    expect(record).to.deep.equal(expected);
    const [undisturbed] = nodes;
    const sent = async (one: TestNode | undefined) =>
      await one?.request("eth_getTransactionCount", record.deployer, "latest");
    expect(await sent(node), "nothing was sent twice").to.equal(await sent(undisturbed));
    expect((await check(node, `${out}/${chainId}.json`)).err).to.equal("");
  });

  it("when somebody tampered with a chain, the check names each change in a line", async () => {
    const [node] = nodes;
    const record = records.get(CHAINS[0] ?? 0);
    if (!node || !record) throw new Error("The first chain is not deployed.");
    const { contracts, code } = record;
    const { GridTimelock = "", UsageLedger = "" } = contracts;
    const stranger = "0x1234567890123456789012345678901234567890";
    await node.request("anvil_impersonateAccount", GridTimelock);
    await node.request("anvil_setBalance", GridTimelock, toBeHex(10n ** 18n));
    const call = async (to: string, data: string) =>
      await node.request("eth_sendTransaction", { from: GridTimelock, to, data });
    const word = (value: string) => zeroPadValue(value, 32).slice(2);
    await call(GridTimelock, `0x2f2ff15d${word("0x00")}${word(stranger)}`);
    const verifier = code?.UsageRangeVerifier?.address ?? "";
    const original = await node.request<string>("eth_getCode", verifier, "latest");
    await node.request("anvil_setCode", verifier, `${original.slice(0, -2)}00`);
    await node.request("anvil_setCode", UsageLedger, "0x");
    const { err, status } = await check(node, `${folder}/${record.chainId}.json`);
    expect(status).to.equal(1);
    const lines = err.trim().split("\n");
    expect(lines).to.have.length(3);
    expect(lines[0]).to.match(/^UsageRangeVerifier has other code at 0x/);
    expect(lines[1]).to.equal(`UsageLedger has no code at ${UsageLedger}.`);
    expect(lines[2]).to.equal(`GridTimelock: ${stranger} has DEFAULT_ADMIN_ROLE, but should not.`);
    const wrong = `${folder}/wrong.json`;
    writeFileSync(wrong, JSON.stringify({ ...record, contracts: { ...contracts, Commons: stranger } }));
    expect((await check(node, wrong)).err).to.contain("Commons has two addresses in the record.");
  });
});
