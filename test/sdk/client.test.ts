import {
  AccountChangedError,
  ChainChangedError,
  ContractNotFoundError,
  createClient,
  DeploymentNotFoundError,
  getCapsule,
  getDeployment,
  NodeUnreachableError,
  registerCapsule,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { connection, ethers, gridFixture, offerFixture } from "../grid.ts";
import { expectInvalid, rejectionOf, withClients } from "./clients.ts";

describe("createClient", () => {
  it("when the chain has no deployment, lists the chains with one", async () => {
    const elsewhere = await network.create({ override: { chainId: 4_242 } });
    const error = await rejectionOf(createClient({ runner: elsewhere.ethers.provider }));
    expect(error).to.be.instanceOf(DeploymentNotFoundError);
    expect(error).to.deep.include({ chainId: 4_242n, chainIds: [31_337n] });
    expect(error.message).to.contain("on chain 4242. It has deployments on chains 31337");
  });

  it("when the deployment is of another chain, is refused", async () => {
    const { deployment, buyer } = await withClients(gridFixture);
    const other = { ...deployment, chainId: 1n };
    await expectInvalid(createClient({ runner: buyer, deployment: other }), "deployment");
  });

  it("when an address of the deployment has a wrong checksum, names it", async () => {
    const { deployment, buyer } = await withClients(gridFixture);
    const flipped = (digit: string) =>
      digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase();
    const address = deployment.contracts.UsageLedger;
    const UsageLedger = address.replace(/[a-f](?!.*[a-f])/i, flipped) as typeof address;
    const contracts = { ...deployment.contracts, UsageLedger };
    await expectInvalid(
      createClient({ runner: buyer, deployment: { ...deployment, contracts } }),
      "deployment.contracts.UsageLedger",
    );
  });

  it("when the deployment doesn't say since when, is refused: nothing would ever be found", async () => {
    const { deployment, buyer } = await withClients(gridFixture);
    for (const blockNumber of [undefined, "0", -1, Number.NaN]) {
      const other = { ...deployment, blockNumber: blockNumber as number };
      await expectInvalid(createClient({ runner: buyer, deployment: other }), "deployment.blockNumber");
    }
  });

  it("when the deployment lacks a contract, or misspells it, names it", async () => {
    const { deployment, buyer } = await withClients(gridFixture);
    const { UsageLedger, Commons, ...contracts } = deployment.contracts;
    const misspelled = { ...contracts, UsageLeger: UsageLedger } as unknown as typeof deployment.contracts;
    const creating = createClient({ runner: buyer, deployment: { ...deployment, contracts: misspelled } });
    await expectInvalid(creating, "deployment.contracts");
    expect((await rejectionOf(creating)).message).to.contain("has no UsageLedger, no Commons.");
    const none = { chainId: 31_337n, blockNumber: 0 } as typeof deployment;
    await expectInvalid(createClient({ runner: buyer, deployment: none }), "deployment.contracts");
  });

  it("when the deployment's chain is not a number, is refused", async () => {
    const { deployment, buyer } = await withClients(gridFixture);
    for (const chainId of [undefined, "local", Number.NaN, 1.5, null]) {
      const other = { ...deployment, chainId: chainId as never };
      await expectInvalid(createClient({ runner: buyer, deployment: other }), "deployment.chainId");
    }
  });

  it("when the deployment misspells a contract that it may lack, proposes the right name", async () => {
    const { deployment, buyer, token } = await withClients(gridFixture);
    const contracts = { ...deployment.contracts, TestUsdd: token };
    const creating = createClient({ runner: buyer, deployment: { ...deployment, contracts } });
    await expectInvalid(creating, "deployment.contracts.TestUsdd");
    expect((await rejectionOf(creating)).message).to.contain("Did you mean TestUSD.");
  });

  it("when given neither signer, provider nor wallet, is refused", async () => {
    const { buyer } = await withClients(gridFixture);
    for (const wrong of [undefined, {}, buyer, { runner: undefined }, { provider: null }, { provider: {} }]) {
      await expectInvalid(createClient(wrong as never), "parameters");
    }
  });

  it("when the runner has no provider, is refused", async () => {
    const { deployment } = await withClients(gridFixture);
    await expectInvalid(createClient({ runner: ethers.Wallet.createRandom(), deployment }), "runner");
  });

  it("when given a signer, returns frozen, typed contracts on its chain", async () => {
    const { as, buyer, deployment } = await withClients(gridFixture);
    const client = await as(buyer);
    expect(client).to.be.frozen;
    expect(client.contracts).to.be.frozen;
    expect(client).to.include({ chainId: 31337n, runner: buyer, blockNumber: 0 });
    expect(client.addresses).to.deep.equal(deployment.contracts);
    expect(await client.contracts.UsageLedger.lastMeterId()).to.equal(1n);
  });

  it("when the deployment names a contract without ABI here, keeps its address", async () => {
    const { deployment, buyer, token } = await withClients(gridFixture);
    const contracts = { ...deployment.contracts, Marketplace: token };
    const client = await createClient({ runner: buyer, deployment: { ...deployment, contracts } });
    expect(client.addresses).to.have.property("Marketplace", token);
    expect(client.contracts).not.to.have.property("Marketplace");
  });

  it("when given lower-case addresses, still reads the results of actions", async () => {
    const { deployment, creator } = await withClients(gridFixture);
    const lower = Object.entries(deployment.contracts).map(([name, address]) => [
      name,
      address.toLowerCase(),
    ]);
    const contracts: typeof deployment.contracts = Object.fromEntries(lower);
    const client = await createClient({ runner: creator, deployment: { ...deployment, contracts } });
    const registration = { kind: "data", contentHash: `0x${"01".repeat(32)}`, uri: "" } as const;
    const { capsuleId } = await registerCapsule(client, {
      ...registration,
      owner: creator.address,
    });
    expect(capsuleId).to.equal(1n);
  });

  it("when given an EIP-1193 provider, its first account signs", async () => {
    const { deployment, deployer } = await withClients(gridFixture);
    const client = await createClient({ provider: connection.provider, deployment });
    const registration = { kind: "data", contentHash: `0x${"01".repeat(32)}`, uri: "" } as const;
    const { capsuleId } = await registerCapsule(client, {
      ...registration,
      owner: deployer.address,
    });
    expect((await getCapsule(client, { capsuleId })).owner).to.equal(deployer.address);
  });

  it("when there is no contract at an address, names it", async () => {
    const { deployment, buyer } = await withClients(gridFixture);
    const nowhere = `0x${"77".repeat(20)}`;
    const contracts = { ...deployment.contracts, SettlementRouter: nowhere };
    const error = await rejectionOf(
      createClient({ runner: buyer, deployment: { ...deployment, contracts } }),
    );
    expect(error).to.be.instanceOf(ContractNotFoundError);
    expect(error).to.deep.include({ code: "CONTRACT_NOT_FOUND", chainId: 31_337n });
    expect(error.message).to.contain(`Chain 31337 has no contract SettlementRouter at ${nowhere}. Check`);
    expect((error as ContractNotFoundError).missing).to.deep.equal({ SettlementRouter: nowhere });
  });

  it("when no node answers, says so", async () => {
    const runner = new ethers.JsonRpcProvider("http://127.0.0.1:9");
    const error = await rejectionOf(createClient({ runner }));
    runner.destroy();
    expect(error).to.be.instanceOf(NodeUnreachableError);
  });

  describe("given a wallet", () => {
    const registration = { kind: "data", contentHash: `0x${"01".repeat(32)}`, uri: "" } as const;

    async function fixture() {
      const { deployment, buyer, stranger } = await withClients(gridFixture);
      const answers: Record<string, unknown> = { eth_accounts: [buyer.address, stranger.address] };
      const provider = {
        request: async (call: { method: string; params?: unknown[] }) =>
          answers[call.method] ?? (await connection.provider.request(call)),
      };
      return { deployment, buyer, stranger, answers, provider };
    }

    it("when an account is named, it signs", async () => {
      const { deployment, stranger, provider } = await fixture();
      const account = stranger.address.toLowerCase();
      const client = await createClient({ provider, account, deployment });
      const { capsuleId, receipt } = await registerCapsule(client, { ...registration, owner: account });
      expect(receipt.from).to.equal(stranger.address);
      expect((await getCapsule(client, { capsuleId })).owner).to.equal(stranger.address);
    });

    it("when the named account is not connected, is refused", async () => {
      const { deployment, provider } = await fixture();
      const account = `0x${"66".repeat(20)}`;
      await expectInvalid(createClient({ provider, account, deployment }), "account");
    });

    it("when it changes its account or chain later, signs nothing", async () => {
      const { deployment, buyer, stranger, answers, provider } = await fixture();
      const client = await createClient({ provider, deployment });
      const register = () => registerCapsule(client, { ...registration, owner: buyer.address });
      answers.eth_accounts = [stranger.address];
      const moved = await rejectionOf(register());
      expect(moved).to.be.instanceOf(AccountChangedError);
      expect(moved).to.deep.include({ account: buyer.address, accounts: [stranger.address] });
      answers.eth_accounts = [buyer.address];
      answers.eth_chainId = "0x1";
      expect(await rejectionOf(register())).to.be.instanceOf(ChainChangedError);
      delete answers.eth_chainId;
      expect((await register()).receipt.status).to.equal(1);
    });
  });

  it("when given an EIP-1193 provider, repeats no outdated answer", async () => {
    const { deployment } = await withClients(gridFixture);
    const { provider } = await createClient({ provider: connection.provider, deployment });
    const before = await provider.getBlockNumber();
    await ethers.provider.send("evm_mine", []);
    expect(await provider.getBlockNumber()).to.equal(before + 1);
  });

  it("when given an EIP-1193 provider without accounts, only reads", async () => {
    const { deployment } = await withClients(offerFixture);
    const { provider } = connection;
    const request = (call: Parameters<typeof provider.request>[0]) =>
      call.method === "eth_accounts" ? Promise.resolve([]) : provider.request(call);
    const client = await createClient({ provider: { request }, deployment });
    expect(await getCapsule(client, { capsuleId: 1n })).to.include({ kind: "data" });
    await expectInvalid(
      registerCapsule(client, {
        kind: "data",
        contentHash: `0x${"01".repeat(32)}`,
        uri: "",
        owner: `0x${"01".repeat(20)}`,
      }),
      "client",
    );
  });
});

describe("getDeployment", () => {
  it("when there is none, throws with the chain", () => {
    expect(() => getDeployment(1n))
      .to.throw(DeploymentNotFoundError)
      .with.property("chainId", 1n);
  });

  it("when there is one, tells where the contracts are", () => {
    const { chainId, contracts } = getDeployment(31_337n);
    expect(BigInt(chainId)).to.equal(31_337n);
    expect(contracts).to.include.keys("CapsuleRegistry", "UsageLedger", "SettlementRouter");
  });
});
