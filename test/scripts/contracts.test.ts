import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import Grid from "@benefit-grid/contracts/ignition/modules/Grid";
import { deployGrid } from "@benefit-grid/contracts/testing";
import { createClient, registerMeter } from "@benefit-grid/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { CONTRACTS } from "../../ignition/contracts.ts";
import { readContracts } from "../../scripts/lib/artifacts.ts";
import { addressesOf } from "../../scripts/lib/deployment.ts";
import { rejectionOf } from "../sdk/clients.ts";

const require = createRequire(import.meta.url);

describe("@benefit-grid/contracts", () => {
  it("has ABI and artifact of every contract, and ABIs of interfaces", () => {
    for (const { name, abi } of readContracts()) {
      expect(require(`@benefit-grid/contracts/abis/${name}.json`)).to.deep.equal(abi);
      const artifact = require(`@benefit-grid/contracts/artifacts/${name}.json`);
      expect(artifact).to.include({ contractName: name });
      expect(artifact.bytecode).to.have.length.above(2);
    }
    expect(require("@benefit-grid/contracts/abis/ISettlementRouter.json")).to.be.an("array");
  });

  it("ships its license, and each source, module and generated file by a path that it exports", () => {
    const { exports, files } = JSON.parse(readFileSync("contracts/package.json", "utf8"));
    expect(files).to.include.members(["*/*.sol", "dist"]);
    expect(Object.keys(exports)).to.include.members(["./*.sol", "./ignition/modules/*", "./testing"]);
    expect(readFileSync("contracts/LICENSE", "utf8")).to.equal(readFileSync("LICENSE", "utf8"));
    const modules = (folder: string, extension: string) =>
      globSync(`${folder}/modules/*${extension}`)
        .map((file) => basename(file, extension))
        .sort();
    expect(modules("contracts/dist/ignition", ".js")).to.deep.equal(modules("ignition", ".ts"));
  });

  it("when its Grid module is deployed, wires the contracts", async () => {
    const { ignition, ethers } = await network.create();
    const at = await addressesOf(await ignition.deploy(Grid));
    const router = await ethers.getContractAt("SettlementRouter", at.SettlementRouter ?? "");
    expect(await router.licenses()).to.equal(at.LicenseNFT);
    expect(await router.hasRole(ethers.ZeroHash, at.GridTimelock ?? "")).to.equal(true);
  });

  it("when the test grid is deployed, has every contract, wired", async () => {
    const connection = await network.create();
    const { contracts: at } = await deployGrid(connection);
    expect(Object.keys(at).sort()).to.deep.equal(Object.values(CONTRACTS).sort());
    const router = await connection.ethers.getContractAt("SettlementRouter", at.SettlementRouter);
    expect(await router.licenses()).to.equal(at.LicenseNFT);
    expect(await router.COMMONS()).to.equal(at.Commons);
  });

  it("when the test grid is deployed, serves the SDK, and spends no account's nonce", async () => {
    const connection = await network.create();
    const deployment = await deployGrid(connection);
    const [account] = await connection.ethers.getSigners();
    expect(await account?.getNonce()).to.equal(0);
    const client = await createClient({ provider: connection.provider, deployment });
    const { meterId } = await registerMeter(client, {
      payee: account?.address as `0x${string}`,
      endpoint: "https://meter.example",
    });
    expect(meterId).to.equal(1n);
  });

  it("when the test grid is deployed again, returns the same", async () => {
    const connection = await network.create();
    expect(await deployGrid(connection)).to.deep.equal(await deployGrid(connection));
  });

  it("when the chain does not mine at once, says so", async () => {
    const connection = await network.create();
    await connection.provider.request({ method: "evm_setAutomine", params: [false] });
    const error = await rejectionOf(deployGrid(connection));
    expect(error.message).to.match(/did not mine a transaction.*Is automatic mining on\?/);
  });
});
