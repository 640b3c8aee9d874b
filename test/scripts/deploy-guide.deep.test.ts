import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Contract, getAddress, JsonRpcProvider, toBeHex, zeroPadValue } from "ethers";
import type { Deployment } from "../../scripts/lib/record.ts";
import { temporaryFolder } from "../sdk/cli/support.ts";
import { discard, KEY, placeToken, runScript, startAnvil, type TestNode } from "./nodes.ts";

const CHAIN = 11_155_111;
const USDC = "0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238";
const PEOPLE = ["COUNCIL", "STEWARD", "OPERATOR", "REGISTRAR", "SOURCE"];

describe("the guide to deploying", () => {
  const folder = temporaryFolder();
  const file = `${folder}/${CHAIN}.json`;
  /** The guide writes into the repository. The test writes elsewhere. */
  const PLACES: Readonly<Record<string, readonly string[]>> = {
    deploy: ["--out", folder],
    "check:deployment": ["--deployment", file],
    verify: ["--deployment", file, "--out", `${folder}/verification`],
    faucet: ["--deployment", file],
  };
  const people = Object.fromEntries(
    PEOPLE.map((name, i) => [name, getAddress(zeroPadValue(toBeHex(0xb00 + i), 20))]),
  );
  let node: TestNode;
  let env: Record<string, string>;

  before(async () => {
    node = await startAnvil(CHAIN);
    await placeToken(node, USDC);
    env = { SEPOLIA_RPC_URL: node.rpc, DEPLOYER_PRIVATE_KEY: KEY, ETHERSCAN_API_KEY: "" };
  });
  after(() => discard(node));

  it("when its commands run in order, the grid stands, is checked, and pays test dollars", async () => {
    const text = readFileSync("docs/guides/deploy.md", "utf8");
    const lines = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
      block.trim().split("\n"),
    );
    const exported = lines
      .filter((line) => line.startsWith("export "))
      .map((line) => line.split(/[ =]/)[1] ?? "");
    expect(Object.keys(env)).to.include.members(exported);
    const out: string[] = [];
    for (const line of lines.filter((one) => !one.startsWith("export "))) {
      const [, command = "", rest = ""] = /^npm run (\S+) -- (.*)$/.exec(line) ?? [];
      const options = rest.replaceAll(/\$(\w+)/g, (_, name) => people[name] ?? "").split(" ");
      const run = await runScript(scriptOf(command), [...options, ...(PLACES[command] ?? [])], { env });
      expect(run.err, line).to.equal("");
      expect(run.status, line).to.equal(0);
      out.push(run.out.trim().split("\n").at(-1) ?? "");
    }
    expect(out).to.have.length(5);
    expect(out[0]).to.equal(`Chain ${CHAIN} can take this deployment. Nothing was sent.`);
    expect(out[1]).to.equal(`Recorded in ${file}.`);
    expect(out[2]).to.match(
      /^Chain 11155111: 25 contracts have the code of this source, 17 roles and \d+ settings/,
    );
    expect(out[3]).to.equal(`Wrote the inputs of 25 contracts to ${folder}/verification.`);
    expect(out[4]).to.match(/^Minted 250 tUSD to 0x/);

    const record: Deployment = JSON.parse(readFileSync(file, "utf8"));
    const abi = [
      "function balanceOf(address) view returns (uint256)",
      "function council() view returns (address)",
    ];
    const provider = new JsonRpcProvider(node.rpc);
    const ask = async (name: string, method: string, ...args: unknown[]) =>
      await new Contract(record.contracts[name] ?? "", abi, provider).getFunction(method)(...args);
    expect(await ask("TestUSD", "balanceOf", people.COUNCIL)).to.equal(250_000_000n);
    expect(await ask("Guardian", "council")).to.equal(people.COUNCIL);
    provider.destroy();
  });

  it("when the prepared input of a contract is compiled alone, gives the code that is sent", async () => {
    const solc = createRequire(import.meta.url)("solc");
    for (const name of ["BenchmarkAttestations", "PoseidonT3"]) {
      const input = JSON.parse(readFileSync(`${folder}/verification/${name}/input.json`, "utf8"));
      const { identifier } = JSON.parse(readFileSync(`${folder}/verification/${name}/contract.json`, "utf8"));
      const [source, contract] = identifier.split(":");
      const settings = {
        ...input.settings,
        outputSelection: { [source]: { [contract]: ["evm.bytecode.object"] } },
      };
      const output = JSON.parse(solc.compile(JSON.stringify({ ...input, settings })));
      const { artifacts } = await import("hardhat");
      const { bytecode } = await artifacts.readArtifact(name);
      expect(`0x${output.contracts[source][contract].evm.bytecode.object}`).to.equal(bytecode);
    }
  });

  it("when a server takes the sources, sends each contract to it", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume();
      request.on("end", () =>
        response.end(
          JSON.stringify(
            request.method === "POST"
              ? { verificationId: "job" }
              : { isJobCompleted: true, contract: { match: "match" } },
          ),
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const options = ["--network", "sepolia", "--sourcify-url", url, ...(PLACES.verify ?? [])];
    const { ETHERSCAN_API_KEY: _, ...keyless } = env;
    const { out, status } = await runScript("verify", options, { env: keyless });
    server.closeAllConnections();
    server.close();
    expect(status).to.equal(0);
    expect(out).to.contain("ETHERSCAN_API_KEY is missing: Sourcify alone gets them.");
    expect(out).to.contain("Sourcify: UsageLedger is verified.");
    expect(asked).to.have.length(50);
    expect(readdirSync(`${folder}/verification`)).to.have.length(25);
  });
});

/** The script behind an npm command. */
function scriptOf(command: string): string {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const script = /node scripts\/([\w-]+)\.ts$/.exec(scripts[command] ?? "")?.[1];
  if (!script) throw new Error(`There is no command ${command}.`);
  return script;
}
