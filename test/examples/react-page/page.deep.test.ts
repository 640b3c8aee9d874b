import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { startChain } from "../../../create/templates/page/chain.ts";

const ROOT = "create/templates/page";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** An injected wallet: the node's first account confirms everything. */
function installWallet({ rpc, chainId }: { rpc: string; chainId: string | undefined }) {
  const listeners = new Map<string, ((value: unknown) => void)[]>();
  const state = { chainId, rejects: false };
  const ask = async (method: string, params: unknown[] = []) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(rpc, { method: "POST", headers, body });
    const { result, error } = (await answer.json()) as { result: string[]; error?: { message: string } };
    if (error) throw Object.assign(new Error(error.message), error);
    return result;
  };
  const request = async ({ method, params }: { method: string; params?: unknown[] }) => {
    if (method === "eth_chainId" && state.chainId) return state.chainId;
    if (method === "wallet_switchEthereumChain") {
      state.chainId = undefined;
      for (const listener of listeners.get("chainChanged") ?? []) listener("0x7a69");
      return null;
    }
    if (method === "eth_sendTransaction" && state.rejects) {
      throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    }
    if (method === "wallet_requestPermissions" || method === "wallet_revokePermissions") {
      throw Object.assign(new Error("Unsupported"), { code: 4200 });
    }
    if (method === "eth_requestAccounts" || method === "eth_accounts")
      return (await ask("eth_accounts")).slice(0, 1);
    return await ask(method, params);
  };
  const on = (event: string, listener: (value: unknown) => void) =>
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
  const removeListener = (event: string, listener: (value: unknown) => void) =>
    listeners.set(
      event,
      (listeners.get(event) ?? []).filter((one) => one !== listener),
    );
  Object.assign(globalThis, { ethereum: { request, on, removeListener }, wallet: state });
}

describe("the React page, built by Vite, in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "benefit-grid-page-"));
  let browser: Browser;
  let chain: Awaited<ReturnType<typeof startChain>>;
  let site: PreviewServer;
  let url: string;

  before(async () => {
    if (!existsSync(CHROMIUM)) {
      throw new Error(
        `There is no Chromium at ${CHROMIUM}. Install it ("apt-get install chromium"), or set CHROMIUM.`,
      );
    }
    chain = await startChain(0);
    process.env.VITE_RPC_URL = chain.url;
    await build({ root: ROOT, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
    site = await preview({ root: ROOT, logLevel: "error", build: { outDir: folder }, preview: { port: 0 } });
    url = site.resolvedUrls?.local[0] as string;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });

  after(async () => {
    await browser?.close();
    await site?.close();
    await chain?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The page in a new browser context, which must report no error. */
  async function open(wallet?: { chainId?: string }): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(30_000);
    if (wallet) await page.addInitScript(installWallet, { rpc: chain.url, chainId: wallet.chainId });
    await page.goto(url);
    return page;
  }

  const connect = (page: Page) => page.getByRole("button", { name: "Connect Injected" }).click();

  it("is well typed", () => {
    execFileSync("tsc", ["-p", ROOT], { encoding: "utf8" });
    expect(existsSync(join(folder, "index.html"))).to.equal(true);
  });

  it("when there is no wallet, shows the offer and sells nothing", async () => {
    const page = await open();
    await page.getByText("$25 for a million uses of capsule 1 (data, version 1).").waitFor();
    await page.getByText("Contracts found on chain 31337.").waitFor();
    await page.getByText("Price: $0.025").waitFor();
    expect(await page.getByRole("button", { name: "Buy" }).isDisabled()).to.equal(true);
    await connect(page);
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).to.contain("Provider not found");
    await page.context().close();
  });

  it("when the wallet is on another chain, asks to change it", async () => {
    const page = await open({ chainId: "0x1" });
    await connect(page);
    await page.getByText("The wallet is on another chain.").waitFor();
    expect(await page.getByRole("button", { name: "Buy" }).isDisabled()).to.equal(true);
    await page.getByRole("button", { name: "Change to chain 31337" }).click();
    await page.getByText("The wallet is on another chain.").waitFor({ state: "detached" });
    await page.context().close();
  });

  it("when the user connects, buys and claims, shows license, use and payment", async () => {
    const page = await open({});
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await connect(page);
    await page.getByText("Connected as").waitFor();
    await page.getByLabel("Uses to prepay").fill("no number");
    expect(await page.getByRole("button", { name: "Buy" }).isDisabled()).to.equal(true);
    await page.getByLabel("Uses to prepay").fill("2000");
    await page.getByText("Price: $0.05").waitFor();
    await page.evaluate("wallet.rejects = true");
    await page.getByRole("button", { name: "Buy" }).click();
    await page.getByText("The user rejected the request.").waitFor();
    await page.evaluate("wallet.rejects = false");
    await page.getByRole("button", { name: "Buy" }).click();
    await page.getByText("Bought license 1.").waitFor();
    await page.getByText("0 of 2000").waitFor();
    await page.getByText("Unclaimed: $4", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Claim" }).click();
    await page.getByText("Claimed $4.").waitFor();
    // Read again after the claim.
    await page.getByText("Unclaimed: $0", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("button", { name: "Connect Injected" }).waitFor();
    expect(errors).to.deep.equal([]);
    await page.context().close();
  });

  it("when a part needs a name for screen readers, has one", async () => {
    const page = await open({});
    await connect(page);
    await page.getByRole("region", { name: "Earnings" }).waitFor();
    for (const name of ["Wallet", "Offer 1", "Buy a license", "Earnings"]) {
      expect(await page.getByRole("region", { name, exact: true }).count(), name).to.equal(1);
    }
    const unnamed = await page.locator("input:not(label input), button:empty").count();
    expect(unnamed).to.equal(0);
    await page.context().close();
  });
});
