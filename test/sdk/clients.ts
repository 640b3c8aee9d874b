import { type AddressInput, ContractRevertError, createClient, type Deployment } from "@benefit-grid/sdk";
import { expect } from "chai";
import type { Eip1193Provider, Signer } from "ethers";
import { addressesOf } from "../../scripts/lib/deployment.ts";
import { connection, ethers, type GridFixture, networkHelpers } from "../grid.ts";

/** A fixture of ../grid.ts with a deployment, a token and a client for each account. */
export async function withClients<T extends GridFixture>(fixture: () => Promise<T>) {
  const grid = await networkHelpers.loadFixture(fixture);
  const deployment = await deploymentOf(grid);
  const as = (runner: Signer) => createClient({ runner, deployment });
  const token = await grid.usd.getAddress();
  return { ...grid, deployment, token, ledgerAddress: deployment.contracts.UsageLedger, as };
}

async function deploymentOf(grid: GridFixture): Promise<Deployment<AddressInput>> {
  const { chainId } = await ethers.provider.getNetwork();
  const contracts = (await addressesOf(grid)) as Deployment<AddressInput>["contracts"];
  return { chainId, contracts, blockNumber: 0 };
}

type Answer = (first: never) => unknown;

/** A wallet in a browser, with accounts of the test chain. A test may give other answers to some methods. */
export function injectedWallet(accounts: readonly string[]) {
  const answers = new Map<string, Answer>([["eth_accounts", () => accounts]]);
  const asked: string[] = [];
  const request = async ({ method, params = [] }: { method: string; params?: unknown[] }) => {
    asked.push(method);
    const answer = answers.get(method);
    return answer ? await answer(params[0] as never) : await connection.provider.request({ method, params });
  };
  return { provider: { request } as Eip1193Provider, answers, asked };
}

/** Sends batches as one transaction after the other (EIP-5792). The first question for its status comes too early. */
export function withBatches({ answers, asked, provider }: ReturnType<typeof injectedWallet>): void {
  const atomic = { status: "supported" };
  let hashes: string[] = [];
  answers.set("wallet_getCapabilities", () => ({ "0x7a69": { atomic } }));
  answers.set("wallet_sendCalls", async ({ from, calls }: { from: string; calls: object[] }) => {
    hashes = [];
    for (const call of calls) {
      const params = [{ from, ...call }];
      hashes.push((await provider.request({ method: "eth_sendTransaction", params })) as string);
    }
    return { id: "0xba7c" };
  });
  answers.set("wallet_getCallsStatus", async () => {
    if (asked.filter((method) => method === "wallet_getCallsStatus").length === 1) return { status: 100 };
    const params = hashes.map((hash) => [hash]);
    const receipts = await Promise.all(
      params.map((one) => connection.provider.request({ method: "eth_getTransactionReceipt", params: one })),
    );
    return { status: 200, receipts };
  });
}

/** A selector of a contract has no answer any more: its dispatch compares with another. */
export async function hideSelector(contract: string, selector: string): Promise<void> {
  const code = await ethers.provider.getCode(contract);
  await networkHelpers.setCode(contract, code.replaceAll(selector.slice(2), "ffffffff"));
}

/** The rejection of a promise, or of a function that may throw at once. */
export async function rejectionOf(action: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof action === "function" ? action() : action);
  } catch (error) {
    return error as Error;
  }
  throw new Error("Expected a rejection.");
}

/** Expects a decoded revert with exactly these arguments. */
export async function expectRevert(action: Promise<unknown>, name: string, args: object): Promise<void> {
  const error = await rejectionOf(action);
  expect(error, error.stack).to.be.instanceOf(ContractRevertError);
  expect(error.name).to.equal(name);
  expect((error as ContractRevertError).args).to.deep.equal(args);
}

export async function expectInvalid(
  action: Promise<unknown> | (() => unknown),
  parameter: string,
): Promise<void> {
  const error = await rejectionOf(action);
  expect(error.name, error.stack).to.equal("InvalidParameterError");
  expect(error).to.have.property("parameter", parameter);
}
