import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import type { EthereumProvider } from "hardhat/types/providers";
import type { Browser } from "playwright-core";
import { deployGrid } from "../../scripts/lib/deployment.ts";
import { offer, parameters, row } from "../sdk/proofs/support.ts";
import { startBrowser, visit } from "./browser.ts";
import { installed, run } from "./packed.ts";

const APP = "test/packages/app";
const SDK = ["@benefit-grid/sdk", "@benefit-grid/circuits"] as const;
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const HTML = (script: string) =>
  `<!doctype html><link rel="icon" href="data:," /><pre id="result"></pre>${script}\n`;

type Request = { id: number; method: string; params: unknown[] };

/** A server with a node (/rpc), vouchers, the circuits' files, and built pages by their folder's path. */
async function serveGrid(provider: EthereumProvider): Promise<Server> {
  const answer = ({ id, method, params }: Request) =>
    provider.request({ method, params }).then(
      (result) => ({ jsonrpc: "2.0", id, result }),
      ({ code, message, data }) => ({ jsonrpc: "2.0", id, error: { code, message, data } }),
    );
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*");
    if (request.method === "OPTIONS") return response.end();
    if (pathname === "/rpc") {
      let body = "";
      for await (const chunk of request) body += chunk;
      const asked: Request | Request[] = JSON.parse(body);
      const reply = Array.isArray(asked) ? await Promise.all(asked.map(answer)) : await answer(asked);
      return response.end(JSON.stringify(reply));
    }
    if (pathname === "/batch.json") return response.end(BATCH);
    const file = fileAt(pathname);
    if (!file) return response.writeHead(404).end();
    const policy = POLICIES[pathname.split("/")[1] ?? ""];
    if (policy) response.setHeader("content-security-policy", policy);
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const POLICY = "default-src 'self' http://127.0.0.1:*; script-src 'self' 'wasm-unsafe-eval'; img-src data:;";
/** By site. The guide to private use names them. */
const POLICIES: Record<string, string> = {
  strict: `${POLICY} worker-src blob:`,
  "no-blobs": `${POLICY} worker-src 'self'`,
};

const BATCH = JSON.stringify(
  parameters(offer(4n, row(1n), row(2n)), offer(9n, row(5n), row(6n))),
  (_, value) => (typeof value === "bigint" ? `${value}n` : value),
);

const sites = new Map<string, string>([["circuits", "circuits/build"]]);

function fileAt(pathname: string): string | undefined {
  const [, site = "", ...rest] = pathname.split("/");
  const folder = sites.get(site);
  if (folder === undefined) return undefined;
  const file = join(folder, ...rest);
  const found = existsSync(file) && statSync(file).isDirectory() ? join(file, "index.html") : file;
  return existsSync(found) ? found : undefined;
}

describe("an app with the packed packages", () => {
  let browser: Browser;
  let server: Server;
  let grid: string;
  const children: ChildProcess[] = [];

  before(async () => {
    const connection = await network.create();
    await deployGrid(connection);
    server = await serveGrid(connection.provider);
    grid = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await startBrowser();
  });

  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function expectProof(url: string, more = "") {
    const { result, complaints } = await visit(browser, `${url}?grid=${grid}${more}`);
    expect(complaints, result).to.deep.equal([]);
    const stages = ["load", "witness", "proof"];
    expect(result).to.equal(JSON.stringify({ weight: "3", stages, isValid: true, isOtherValid: false }));
  }

  async function app(bundler: readonly string[], files: Record<string, string>): Promise<string> {
    const folder = await installed(SDK, ["ethers", ...bundler]);
    cpSync(APP, folder, { recursive: true });
    for (const [name, content] of Object.entries({ ...files, "package.json": PACKAGE })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  }

  const PACKAGE = JSON.stringify({
    name: "app",
    private: true,
    type: "module",
    dependencies: { "@benefit-grid/circuits": "0.1.0", "@benefit-grid/sdk": "0.1.0", ethers: "^6.14.0" },
  });

  /** Starts a command, and waits until it prints this. */
  async function start(
    folder: string,
    command: string,
    options: readonly string[],
    ready: RegExp,
  ): Promise<string> {
    const child = spawn(join(folder, "node_modules/.bin", command), options, { cwd: folder, env: ENV });
    children.push(child);
    let output = "";
    return await new Promise((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        output += chunk;
        const [, found] = ready.exec(output) ?? [];
        if (found) resolve(found);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("exit", () => reject(new Error(output)));
    });
  }

  const ENV = { ...process.env, NO_COLOR: "1", NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: undefined };

  async function build(folder: string, command: string, ...options: string[]): Promise<string> {
    const file = join(folder, "node_modules/.bin", command);
    const { stdout, stderr } = await run(file, options, { cwd: folder, env: ENV, maxBuffer: 2 ** 26 }).catch(
      ({ stdout, stderr }) => expect.fail(`${command}\n${stdout}\n${stderr}`),
    );
    return `${stdout}${stderr}`;
  }

  describe("and Vite", () => {
    let folder: string;

    before(async () => {
      folder = await app(["vite"], { "index.html": HTML(`<script type="module" src="./page.js"></script>`) });
    });

    it("built, reads the chain and proves", async () => {
      await build(folder, "vite", "build", "--base", "./");
      sites.set("vite", join(folder, "dist"));
      await expectProof(`${grid}/vite/`);
    });

    it("built, does so under a strict Content-Security-Policy", async () => {
      sites.set("strict", join(folder, "dist"));
      await expectProof(`${grid}/strict/`);
    });

    it("built, does so by a hosted script where blobs may not work", async () => {
      sites.set("no-blobs", join(folder, "dist"));
      sites.set("hosted", join(folder, "node_modules/@benefit-grid/circuits/dist"));
      await expectProof(`${grid}/no-blobs/`, "&worker=/hosted/worker.script.js");
      const { result } = await visit(browser, `${grid}/no-blobs/?grid=${grid}`);
      expect(result).to.contain("A Content-Security-Policy must allow `worker-src blob:`");
    });

    it("by its development server, reads the chain and proves", async () => {
      const options = ["--host", "127.0.0.1", "--port", "0"];
      const url = await start(folder, "vite", options, /(http:\/\/127\.0\.0\.1:\d+)/);
      await expectProof(url);
    });
  });

  it("and webpack, reads the chain and proves", async () => {
    const folder = await app(["webpack"], {
      "dist/index.html": HTML(`<script src="main.js"></script>`),
      "build.js": `import webpack from "webpack";
        webpack({ mode: "production", entry: "./page.js", performance: false }, (error, stats) => {
          if (error || stats.hasErrors() || stats.hasWarnings()) throw error ?? new Error(stats.toString());
        });`,
    });
    await run(process.execPath, ["build.js"], { cwd: folder });
    sites.set("webpack", join(folder, "dist"));
    await expectProof(`${grid}/webpack/`);
  });

  it("and esbuild, reads the chain and proves", async () => {
    const folder = await app(["esbuild"], {
      "dist/index.html": HTML(`<script src="page.js"></script>`),
    });
    const printed = await build(
      folder,
      "esbuild",
      "page.js",
      "--bundle",
      "--outdir=dist",
      "--log-level=warning",
    );
    expect(printed).to.equal("");
    sites.set("esbuild", join(folder, "dist"));
    await expectProof(`${grid}/esbuild/`);
  });

  it("and Next, reads the chain and proves", async () => {
    const folder = await app(["next", "react", "react-dom"], {
      "app/layout.jsx": `export default function Layout({ children }) {
          return <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;
        }`,
      "app/page.jsx": `"use client";
        import { useEffect, useState } from "react";
        import { main } from "../main.js";
        export default function Page() {
          const [result, setResult] = useState("");
          useEffect(() => {
            const grid = new URLSearchParams(location.search).get("grid");
            main(grid).then(JSON.stringify, (error) => String(error.stack)).then(setResult);
          }, []);
          return <pre id="result">{result}</pre>;
        }`,
    });
    const printed = await build(folder, "next", "build");
    expect(printed).not.to.match(/warn/i);
    const options = ["start", "--hostname", "127.0.0.1", "--port", "0"];
    const url = await start(folder, "next", options, /(http:\/\/127\.0\.0\.1:\d+)/);
    await expectProof(url);
  });
});
