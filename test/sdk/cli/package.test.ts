import { exec } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { canonicalizePolicy, researchOnly } from "@benefit-grid/sdk/policy";
import { expect } from "chai";
import { started } from "../governance/support.ts";
import { serve, temporaryFolder, write } from "./support.ts";

const shell = promisify(exec);

const REFUSED =
  "Refused: no permission is active. /permission/0/constraint/0 does not hold: the purpose is research or evaluation.";

// The package in the state after `npm pack` and `npm install @benefit-grid/sdk ethers`.
describe("the packed package's command", () => {
  const folder = temporaryFolder();
  let node: Awaited<ReturnType<typeof serve>>;

  before(async () => {
    node = await serve();
    const modules = join(folder, "node_modules");
    const installed = join(modules, "@benefit-grid/sdk");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    mkdirSync(join(modules, "@benefit-grid"));
    await shell(`npm pack --workspace sdk --ignore-scripts --pack-destination "${folder}"`);
    await shell("tar -xzf *.tgz", { cwd: folder });
    renameSync(join(folder, "package"), installed);
    for (const name of ["canonicalize", "ethers"]) {
      symlinkSync(resolve("node_modules", name), join(modules, name));
    }
    const { bin } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    for (const [name, file] of Object.entries<string>(bin)) {
      chmodSync(join(installed, file), 0o755);
      symlinkSync(join(installed, file), join(modules, ".bin", name));
    }
    write(folder, "package.json", { private: true, dependencies: { "@benefit-grid/sdk": "*" } });
  });

  after(() => node.close());

  const npx = (command: string) =>
    shell(`npx --offline --no @benefit-grid/sdk ${command}`, { cwd: folder }).then(
      ({ stdout }) => ({ code: 0, out: stdout, err: "" }),
      ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
    );

  it("explains itself", async () => {
    expect((await npx("dao help")).out).to.match(/^Usage: benefit-grid dao <command>/);
    const usage = "Usage: benefit-grid <dao|manifest|policy|validator> <command>.";
    const line = `${usage} See benefit-grid <dao|manifest|policy|validator> help.\n`;
    expect((await npx("validator help")).out).to.match(/^Usage: benefit-grid validator <command>/);
    expect((await npx("")).out).to.equal(line);
    const { code, err } = await npx("bogus");
    expect(err).to.contain(usage);
    expect(code).to.equal(1);
  });

  it("describes and decides policies", async () => {
    write(folder, "policy.json", canonicalizePolicy(researchOnly()));
    expect((await npx("policy describe policy.json")).out).to.match(/^Research license\n/);
    const { code, out } = await npx("policy decide policy.json --contexts commercial");
    expect([code, out]).to.deep.equal([2, `${REFUSED}\n`]);
  });

  it("delegates, and proposes by an unsigned transaction, at a node's chain", async () => {
    const { deployment, alice, carol, coin, governor } = await started();
    const file = write(folder, "deployment.json", deployment);
    const where = `--rpc ${node.rpc} --deployment ${file} --from ${alice.address}`;
    const delegated = await npx(`dao delegate ${carol.address} ${where} --json`);
    expect(JSON.parse(delegated.out)).to.include({ delegate: carol.address, votes: "13999999984600" });
    expect(await coin.delegates(alice)).to.equal(carol.address);
    await coin.connect(alice).delegate(alice);
    const period = `call --to GridGovernor --function "setVotingPeriod(uint32)" --args 86400`;
    const { out } = await npx(`dao propose ${period} --title Faster --unsigned ${where}`);
    const { to, data } = JSON.parse(out);
    await alice.sendTransaction({ to, data });
    const [created] = await governor.queryFilter(governor.filters.ProposalCreated());
    expect(created?.args.description).to.equal(`# Faster\n\n#proposer=${alice.address}`);
  });

  it("when its reader stops early, still finishes", async () => {
    const { deployment, alice, governor } = await started();
    const file = write(folder, "deployment.json", deployment);
    const where = `--rpc ${node.rpc} --deployment ${file} --from ${alice.address}`;
    const period = `call --to GridGovernor --function "setVotingPeriod(uint32)" --args 86400`;
    await npx(`dao propose ${period} ${where} | true`);
    expect(await governor.queryFilter(governor.filters.ProposalCreated())).to.have.length(1);
  });

  it("when it fails, ends with 1 and says why in a line", async () => {
    const { code, err } = await npx("dao list --rpc http://127.0.0.1:1");
    expect(err).to.contain(
      "benefit-grid dao: No node answers at http://127.0.0.1:1. Check the URL and that the node runs.\n",
    );
    expect(err).to.not.contain("at file:");
    expect(code).to.equal(1);
  });
});
