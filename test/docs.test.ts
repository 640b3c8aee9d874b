import { once } from "node:events";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@benefit-grid/sdk";
import { runPolicy } from "@benefit-grid/sdk/cli";
import { expect } from "chai";
import { HDNodeWallet, type Provider, Wallet } from "ethers";
import { deployLedger } from "../scripts/lib/ledger.ts";
import { deployedGrid } from "./deployed.ts";
import { run as runCommand, runOfValidator, serve } from "./sdk/cli/support.ts";

const DAY = 86_400;
const { connection } = await deployedGrid();

// The code of the docs runs as it stands, in order, on a new grid, with these names around it.
describe("docs", () => {
  it("when the README's examples run, pay the data rows 300,000 and 100,000, and serve a customer", async () => {
    const { run, balanceOf, alice, bob } = await reader();
    const { answer, server, meter } = await run("README.md", "answer, server, meter");
    expect([await balanceOf(alice), await balanceOf(bob)]).to.deep.equal([300_000n, 100_000n]);
    expect(await answer.text()).to.equal("All people are paid people");
    await meter.close();
    server.close();
  });

  it("when the guide to licenses runs, pays what it says", async () => {
    const { run, balanceOf, alice, bob } = await reader();
    const { paid, compute, totals } = await run("docs/guides/license-and-meter.md", "paid, compute, totals");
    expect(totals).to.deep.equal([{ offerId: 1n, units: 1_234n }]);
    expect(compute).to.equal(617n);
    expect(paid).to.have.length(2);
    expect([await balanceOf(alice), await balanceOf(bob)]).to.deep.equal([925n, 1_235n]);
  });

  it("when the guide to buying runs, pays what it says", async () => {
    const { run, balanceOf, alice, router } = await reader();
    const results = "shown, bought, method, amount, answer, earned, canceled, token";
    const found = await run("docs/guides/buy.md", results);
    const { shown, bought, method, amount, answer, earned, canceled, token } = found;
    expect([shown, bought.price, amount]).to.deep.equal(["0.25", 250_000n, 1_500_000n]);
    expect([method, answer]).to.deep.equal(["allowance", { payable: true, method: "allowance" }]);
    expect(earned).to.deep.equal([{ token, amount: 450_000n, rows: 1 }]);
    expect(canceled).to.include({ code: "ABORTED", cause: "The user left the page." });
    expect(await balanceOf(alice)).to.equal(450_000n);
    expect(await balanceOf(router)).to.equal(250_000n + 1_050_000n);
  });

  it("when the guide to derivatives runs, pays author and parent what it says", async () => {
    const { run, balanceOf, alice, bob } = await reader();
    const { parents, datasetId, licenseId } = await run(
      "docs/guides/derivatives.md",
      "parents, datasetId, licenseId",
    );
    expect(parents).to.deep.equal([{ capsuleId: datasetId, licenseId, shareBps: 2_000n }]);
    expect([await balanceOf(alice), await balanceOf(bob)]).to.deep.equal([80_000n, 240_000n]);
  });

  it("when the guide to private use runs, settles and proves what it says", async () => {
    const { run } = await reader();
    const results = "totals, stale, shownToAll, isWithin, opening";
    const { totals, stale, shownToAll, isWithin, opening } = await run(
      "docs/guides/private-usage.md",
      results,
    );
    expect(totals).to.deep.equal([{ offerId: 1n, units: 1_300n }]);
    expect(stale).to.deep.equal([1n, 2n]);
    const hint = "Each of the two learns the other's count.";
    expect(shownToAll).to.equal(`Offer 1: 1300 units of 2 licenses. ${hint}`);
    expect(isWithin).to.equal(true);
    expect(opening).to.include({ units: 1_234n, cover: 0n });
  });

  it("when the guide to content runs, delivers and settles every byte", async () => {
    const { run } = await reader();
    const results = "size, received, contentHash, version, totals, parts";
    const found = await run("docs/guides/content.md", results);
    const { size, received, contentHash, version, totals, parts } = found;
    expect(received).to.deep.equal({ version, contentHash, size });
    expect(totals).to.deep.equal([{ offerId: 1n, units: BigInt(size) }]);
    expect(Buffer.concat(parts).toString().slice(0, 28)).to.equal("time,celsius\n2026-01-01,4.5\n");
  });

  it("when the guide to crowd datasets runs, pays people without ETH by their units", async () => {
    const { run, balanceOf } = await reader();
    const results = "withdrawable, paid, one, two, consentedAt, units";
    const found = await run("docs/guides/crowd-dataset.md", results);
    expect(found.withdrawable).to.deep.equal([100_000n]);
    expect(found.paid).to.deep.equal([100_000n, 300_000n]);
    expect([await balanceOf(found.one), await balanceOf(found.two)]).to.deep.equal([100_000n, 300_000n]);
    expect({ consentedAt: found.consentedAt, units: found.units }).to.deep.equal({
      consentedAt: undefined,
      units: 1n,
    });
  });

  it("when the guide to metering runs, serves, settles and proves what it says", async () => {
    const { run } = await reader();
    const { answers, settled, verified } = await run("docs/guides/meter.md", "answers, settled, verified");
    expect(answers).to.deep.equal(["All people are paid people", "Each word counts"]);
    expect(settled).to.equal(5n);
    expect(verified).to.include({ units: 5n });
  });

  it("when the guide to proof of benefit runs, mines, sells and audits what it says", async () => {
    const { run } = await reader();
    const results = "round, closed, minted, coins, reserve, price, sold, secondsLeft, bought, audit, backing";
    const found = await run("docs/guides/proof-of-benefit.md", results);
    const { round, closed, minted, coins, reserve, price, sold, secondsLeft, bought, audit, backing } = found;
    expect([round, closed.round, closed.sectors[0].amount]).to.deep.equal([2n, 2n, minted]);
    expect([minted, coins]).to.deep.equal([270_000_000_000n, 270_000_000_000n]);
    expect([price, sold]).to.deep.equal([reserve, 100_000_000_000n]);
    expect(Number(secondsLeft)).to.be.within(86_000, 86_399);
    expect(bought).to.equal(100_000_000_000n);
    expect(audit.agrees).to.equal(true);
    expect(audit.entries).to.have.length(1);
    expect(audit.vaults[0]).to.include({ programmeId: 1n, balance: 1_000n * reserve, released: 0n });
    expect(backing).to.include({ minted, circulating: bought, unclaimed: 0n, unsold: minted - bought });
    expect(backing.proceeds[0]).to.include({ received: 1_000n * reserve, perCoin: reserve });
    expect(backing.sectors).to.deep.equal([{ sector: 1n, benefit: 500n, earned: minted }]);
  });

  it("when the guide to governance runs, decides what it says", async () => {
    const { account, run } = await reader();
    const { networkHelpers } = connection;
    const { contracts } = await createClient({ runner: connection.ethers.provider });
    await runCommands("docs/guides/governance.md", () => giveCoins(account));
    const nextRound = (await contracts.BenefitMine.currentRound()) + 1n;
    expect((await contracts.BenefitMine.sectorAt(3n, nextRound)).weight).to.equal(2n);
    expect(await contracts.BenefitMine.sectorAt(1n, nextRound)).to.deep.equal([5n, 2_000n, 10_000n]);

    const { percent, takeNextStep } = await run("docs/guides/governance.md", "percent, takeNextStep");
    expect(percent).to.equal(100);
    for (const [seconds, action] of [
      [DAY + 1, "vote"],
      [7 * DAY, "queue"],
      [2 * DAY, "execute"],
    ]) {
      await networkHelpers.time.increase(Number(seconds));
      expect(await takeNextStep()).to.equal(action);
    }
    expect(await contracts.ChampionRegistry.championByCountry(76n)).to.equal(3n);
  });

  it("when the guide to x402 runs, sells requests and counts units", async () => {
    const { run, balanceOf, router } = await reader();
    const { data, answers, store, exact } = await run("docs/guides/x402.md", "data, answers, store, exact");
    expect(data).to.equal("data");
    expect(answers.map(({ status }: Response) => status)).to.deep.equal([200, 200]);
    expect(await exact.resume()).to.deep.equal({ paid: 0, open: 0, errors: [] });
    // One request, and the escrow of 1,000 units.
    expect(await balanceOf(router)).to.equal(10_000n + 2_500n);
    await store.close();
  });

  it("when the guide to origins runs, is first, proves a piece and revokes a score", async () => {
    const { run } = await reader();
    const results = "capsuleId, committedAt, first, text, isIn, isProven, isThisFile, benchmark, revoked";
    const found = await run("docs/guides/origin.md", results);
    const { capsuleId, committedAt, first, text, isIn, isProven, isThisFile, benchmark, revoked } = found;
    expect(first).to.deep.equal({ capsuleId, version: 1n, time: committedAt });
    expect(text.trim().split("\n")).to.have.length(2);
    expect([isIn, isProven, isThisFile]).to.deep.equal([true, true, true]);
    expect(benchmark).to.include({ metric: "detection rate", score: "0.88", status: "valid" });
    expect(revoked).to.include({ uid: benchmark.uid, status: "revoked" });
  });

  // test/scripts/ceremony/install.deep.test.ts runs its commands.
  it("when the guide to ceremonies runs, old licenses continue and new ones use the new ledger", async () => {
    const { run } = await reader();
    const newLedger = await deployLedger(connection);
    Object.assign(globalThis, { newLedger });
    const results = "client, moved, oldLedger, oldOfferId, offerId, oldTotals, totals";
    const found = await run("docs/guides/ceremony.md", results);
    const { client, moved, oldLedger, oldOfferId, offerId, oldTotals, totals } = found;
    expect(oldTotals).to.deep.equal([{ offerId: oldOfferId, units: 1_000n }]);
    expect(totals).to.deep.equal([{ offerId, units: 2_000n }]);
    const { contracts } = client;
    const statuses = [oldLedger, newLedger].map((ledger) => contracts.TermsRegistry.ledgerStatus(ledger));
    expect(await Promise.all(statuses)).to.deep.equal([2n, 1n]);
    const forSale = [oldOfferId, offerId].map((id) => contracts.TermsRegistry.isForSale(id));
    expect(await Promise.all(forSale)).to.deep.equal([false, true]);
    expect(moved.addresses.UsageLedger).to.equal(newLedger).and.not.to.equal(oldLedger);
  });

  it("when the guide to policies runs, describes, decides and compiles what it says", async () => {
    const { run } = await reader();
    const file = "docs/guides/policy.md";
    const text = readFileSync(file, "utf8");
    const [[, json = ""] = [], [, commands = ""] = [], [, output = ""] = []] = ["json", "sh", "text"].map(
      (language) => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(text) ?? [],
    );
    const policyFile = resolve("cache/docs/policy.json");
    mkdirSync("cache/docs", { recursive: true });
    writeFileSync(policyFile, json);
    const printed: string[] = [];
    const io = { out: (line: string) => printed.push(line), err: (line: string) => expect.fail(line) };
    const statuses = commands
      .trim()
      .split("\n")
      .map((line) => runPolicy(line.replace("policy.json", policyFile).split(" ").slice(3), { io }));
    expect(statuses).to.deep.equal([0, 0, 2]);
    expect(printed.join("\n")).to.equal(output.trim());

    Object.assign(globalThis, { policyFile });
    const results = "duties, maxUnits, derivativeShareBps, territories, isMine, decision";
    const found = await run(file, results);
    expect(found.duties).to.deep.equal([{ pointer: "/permission/0/duty/0", text: "name its creators" }]);
    expect([found.maxUnits, found.derivativeShareBps]).to.deep.equal([1_000_000n, 1_000n]);
    expect([found.territories, found.isMine]).to.deep.equal([["europe"], true]);
    expect(found.decision).to.include({ permitted: false, because: "/permission/0/constraint/2" });
  });

  it("when the guide to reading the chain runs, finds what each is due and where the money is", async () => {
    const { run } = await reader();
    const found = await run("docs/guides/read-the-chain.md", "revenue, due, claimable, held, balance");
    expect(found.revenue).to.equal(3_000_001n);
    // Of a leg of 1,200,001: two thirds without the 266,667 of the first payment's 400,001, and one third.
    expect(found.due).to.deep.equal([533_333n, 400_000n]);
    expect(found.claimable).to.deep.equal(found.due);
    expect([found.held, found.balance]).to.deep.equal([2_733_334n, 2_733_334n]);
  });

  it("when the guide to subnets runs, scores, explains and pays what it says", async () => {
    const { account, alice, bob, run, balanceOf } = await reader();
    for (const person of [account, alice, bob]) await giveCoins(person);
    await payFeed();
    const results = "shares, ranking, reasons, payments, paid, fees, published, params, earned, poured";
    const found = await run("docs/guides/subnets.md", results);
    expect(found.earned).to.equal(0n);
    expect(found.poured).to.include({ amount: 500_000n, epoch: 3n });
    const { shares, ranking, reasons, payments, paid, fees, published, params } = found;
    expect(shares).to.have.length(3);
    expect(
      ranking.map(({ rank, account: miner }: { rank: number; account: string }) => [rank, miner]),
    ).to.deep.equal([
      [1, account],
      [2, bob],
    ]);
    // Scores 0.9 and 0.3: the squares are as 9 to 1, and miners get half of the pot.
    const [{ role, weights }] = reasons;
    expect([role, weights.length, JSON.parse(published).entries.length]).to.deep.equal(["miner", 1, 2]);
    expect(Number(payments.at(-1).amount)).to.be.within(449_990, 450_010);
    expect(Number(fees)).to.be.within(199_999_990, 200_000_000);
    expect(Number(paid)).to.be.within(999_990, 1_000_000);
    expect(Number(await balanceOf(bob))).to.be.within(49_990, 50_010);
    await runValidatorCommands(alice, { [account]: 0.5 }, Number(params.tempo));
  });

  it("the guide to React shows the code of its example, which runs in Chromium", () => {
    const text = readFileSync("docs/guides/react.md", "utf8");
    const blocks = [...text.matchAll(/`(src\/\w+\.tsx?)`:\n\n```tsx\n(.*?)\n```/gs)];
    expect(blocks)
      .to.have.length(text.match(/^```tsx/gm)?.length ?? 0)
      .and.to.have.length.above(5);
    const flat = (code: string) => code.replace(/^ +/gm, "");
    for (const [, file = "", code = ""] of blocks) {
      expect(flat(readFileSync(`create/templates/page/${file}`, "utf8")), file).to.contain(flat(code));
    }
  });

  it("the README's gas is what is measured", () => {
    const measured: Record<string, number> = JSON.parse(readFileSync("bench/gas.json", "utf8"));
    const cells = readFileSync("README.md", "utf8").matchAll(/^\| [^|]+ \| (\d[^|]*) \| [^|]* \|$/gm);
    const figures = [...cells].flatMap(([, cell = ""]) => cell.match(/\d+,\d{3}/g) ?? []);
    expect(figures).to.have.length.above(4);
    expect(Object.values(measured)).to.include.members(figures.map((text) => Number(text.replace(",", ""))));
  });

  it("every guide is run above, contracts in test/scripts/contracts.deep.test.ts", () => {
    const guides = globSync("docs/guides/*.md").map((file) => basename(file));
    const names = [
      "buy",
      "ceremony",
      "content",
      "contracts",
      "crowd-dataset",
      "deploy", // In test/scripts/deploy-guide.deep.test.ts.
      "derivatives",
      "governance",
      "license-and-meter",
      "meter",
      "origin",
      "policy",
      "private-usage",
      "proof-of-benefit",
      "react",
      "read-the-chain",
      "subnets",
      "x402",
    ];
    expect(guides).to.deep.equal(names.map((name) => `${name}.md`));
  });
});

async function reader() {
  const { ethers, provider } = connection;
  const { contracts: at } = (await deployedGrid()).deployment;
  const usd = await ethers.getContractAt("TestUSD", at.TestUSD ?? "");
  const signers = await ethers.getSigners();
  const [account = "", alice = "", bob = ""] = signers.map(({ address }) => address);
  await usd.mint(account, 10n ** 9n);
  await usd.approve(at.SettlementRouter ?? "", 10n ** 9n);
  const wait = (seconds: bigint) => connection.networkHelpers.time.increase(seconds);
  const client = await createClient({ runner: ethers.provider });
  const { contracts } = client;
  const x402 = { operator: signers[8], file: ":memory:" };
  const wallet = operatorWallet(ethers.provider);
  // The source that genesis admits.
  const names = {
    ethereum: provider,
    account,
    alice,
    bob,
    wait,
    reporter: signers[7],
    wallet,
    httpPort: await freePort(),
    ...x402,
  };
  return {
    account,
    alice,
    bob,
    router: client.addresses.SettlementRouter,
    balanceOf: async (owner: string) =>
      (await contracts.TestUSD?.balanceOf(owner)) ?? expect.fail("no TestUSD"),
    run: (file: string, results = "") => runBlocks(file, names, results),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** An account of Hardhat's with its key in this process. */
function operatorWallet(provider: Provider) {
  const phrase = "test test test test test test test test test test test junk";
  return new Wallet(HDNodeWallet.fromPhrase(phrase, "", "m/44'/60'/0'/0/9").privateKey, provider);
}

/** Runs a guide's commands in order, at the times that they need; before `delegate`, coins come to circulate. */
async function runCommands(file: string, giveCoins: () => Promise<unknown>) {
  const [ACCOUNT = "", COUNCIL = ""] = (await connection.ethers.getSigners()).map(({ address }) => address);
  const node = await serve(connection);
  const names: Record<string, string> = { ACCOUNT, COUNCIL, RPC: node.rpc };
  const waits: Record<string, number> = { vote: DAY + 1, queue: 7 * DAY, execute: 2 * DAY };
  const text = readFileSync(file, "utf8");
  const lines = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, code = ""]) =>
    code.trim().split("\n"),
  );
  expect(lines, `commands in ${file}`).to.have.length(10);
  for (const line of lines) {
    const [, command = ""] = /^npx @benefit-grid\/sdk dao (\w+)/.exec(line) ?? expect.fail(line);
    if (command === "delegate") await giveCoins();
    await connection.networkHelpers.time.increase(waits[command] ?? 1);
    const words = line.match(/"[^"]*"|\S+/g)?.slice(3) ?? [];
    const argv = words.map((word) =>
      word.replaceAll('"', "").replace(/\$(\w+)/, (_, name) => names[name] ?? ""),
    );
    const { out, err, status } = await runCommand(...argv);
    expect(status, `${line}\n${err}`).to.equal(0);
    names.ID = /Proposal (\d{10})/.exec(out)?.[1] ?? names.ID ?? "";
    names.OPERATION = /Operation (0x\w{8})/.exec(out)?.[1] ?? names.OPERATION ?? "";
  }
  node.close();
}

/** Runs the guide's commands of a validator in an epoch that has begun. */
async function runValidatorCommands(validator: string, scores: Record<string, number>, tempo: number) {
  const node = await serve(connection);
  const names: Record<string, string> = { VALIDATOR: validator, RPC: node.rpc };
  const folder = resolve("cache/docs/validator");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, "scores.json");
  writeFileSync(file, JSON.stringify({ scores }));
  const text = readFileSync("docs/guides/subnets.md", "utf8");
  const [, commands = ""] = /^```sh\n(.*?)^```$/ms.exec(text) ?? [];
  const printed = [];
  for (const line of commands.trim().split("\n")) {
    const [command = "", ...words] = line.split(" ").slice(3);
    if (command === "reveal") await connection.networkHelpers.time.increase((3 * tempo) / 4);
    const argv = words.map((word) => word.replace(/\$(\w+)/, (_, name) => names[name] ?? ""));
    const given = argv.map((word) => (word === "scores.json" ? file : word));
    const stored = ["commit", "reveal"].includes(command) ? ["--folder", folder] : [];
    const { out, err, status } = await runOfValidator(command, ...given, ...stored);
    expect(status, `${line}\n${err}`).to.equal(0);
    printed.push(out);
  }
  node.close();
  expect(printed).to.have.length(4);
  expect(printed.at(-1)).to.contain("Weights     revealed in epoch 3");
}

/** A little more than what starts votes, as if it had been sold. */
async function giveCoins(account: string) {
  const { ethers, networkHelpers } = connection;
  const { contracts } = await createClient({ runner: ethers.provider });
  const mine = await contracts.BenefitMine.getAddress();
  await networkHelpers.impersonateAccount(mine);
  await networkHelpers.setBalance(mine, 10n ** 18n);
  await contracts.FoundationCoin.connect(await ethers.getSigner(mine)).mint(account, 21_000_000_000_000n);
}

/** Sends tokens to the feed of subnet 1, which does not exist yet. */
async function payFeed() {
  const { ethers } = connection;
  const { contracts } = await createClient({ runner: await ethers.provider.getSigner(0) });
  await contracts.TestUSD?.mint(await contracts.SubnetFeedFactory.feedOf(1), 500_000n);
}

async function runBlocks(file: string, names: Record<string, unknown>, results: string) {
  const blocks = [...readFileSync(file, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  expect(blocks, `code in ${file}`).to.not.be.empty;
  const module = resolve("cache/docs", `${basename(file, ".md")}.ts`);
  mkdirSync("cache/docs", { recursive: true });
  writeFileSync(module, `${blocks.join("\n")}\nexport { ${results} };\n`);
  Object.assign(globalThis, names);
  return await import(pathToFileURL(module).href);
}
