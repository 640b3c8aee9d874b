import {
  type AddressInput,
  type Client,
  createClient,
  type Deployment,
  deriveUsageSecret,
  verifyRange,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { artifacts, network } from "hardhat";
import Grid from "../../../ignition/modules/Grid.ts";
import { addressesOf } from "../../../scripts/lib/deployment.ts";
import { NO_PROOF } from "./support.ts";

const LICENSE = { licenseId: 1n, min: 0n, max: 1n, proof: NO_PROOF };

/** The grid on a chain with this id, and a client. */
async function gridOn(chainId: number) {
  const connection = await network.create({ override: { chainId } });
  const deployed = await addressesOf(await connection.ignition.deploy(Grid));
  const contracts = deployed as Deployment<AddressInput>["contracts"];
  const [runner] = await connection.ethers.getSigners();
  if (!runner) throw new Error("The chain has no account.");
  const client = await createClient({ runner, deployment: { chainId, contracts, blockNumber: 0 } });
  return { client, connection };
}

/** What two actions print as warnings. */
async function warningsOf(client: Client): Promise<unknown[]> {
  const [printed, { warn }] = [[] as unknown[], console];
  console.warn = (text: unknown) => printed.push(text);
  try {
    await deriveUsageSecret(client, { licenseId: 1n });
    expect(await verifyRange(client, LICENSE)).to.equal(false);
  } finally {
    console.warn = warn;
  }
  return printed;
}

describe("development verifiers", () => {
  it("when the chain is local, causes no warning", async () => {
    const { client, connection } = await gridOn(31_337);
    expect(await warningsOf(client)).to.deep.equal([]);
    await connection.close();
  });

  it("when the chain is not local, causes one warning", async () => {
    const { client, connection } = await gridOn(4_243);
    expect(await warningsOf(client)).to.deep.equal([
      `Benefit Grid: the ledger ${client.addresses.UsageLedger} on chain 4243 has development verifiers. ` +
        "Anybody can forge proofs of private use there. Use it for tests only.",
    ]);
    expect(await warningsOf(client)).to.deep.equal([]);
    await connection.close();
  });

  it("when the verifiers have other keys, causes no warning", async () => {
    const { client, connection } = await gridOn(4_244);
    const { UsageLedger } = client.contracts;
    const verifiers = [await UsageLedger.RANGE_VERIFIER()];
    for (let i = 0; i < Number(await UsageLedger.instanceCount()); i++)
      verifiers.push((await UsageLedger.instanceOf(i)).verifier);
    const { deployedBytecode } = await artifacts.readArtifact("UsageRangeVerifier");
    const other = deployedBytecode.replaceAll(/1969dd7ced9f|1d2d7db7dd1f/g, "1234567890ab");
    expect(verifiers).to.have.length(3);
    for (const verifier of verifiers) await connection.networkHelpers.setCode(verifier, other);
    expect(await warningsOf(client)).to.deep.equal([]);
    await connection.close();
  });

  it("when the node fails, tries again at the next action", async () => {
    const { client, connection } = await gridOn(4_245);
    const provider = new Proxy(client.provider, {
      get: (target, key) => {
        if (key === "getCode") return () => Promise.reject(new Error("down"));
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    expect(await warningsOf({ ...client, provider })).to.deep.equal([]);
    expect(await warningsOf(client)).to.have.length(1);
    await connection.close();
  });
});
