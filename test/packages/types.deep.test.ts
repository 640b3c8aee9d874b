import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { installed, run } from "./packed.ts";

const ENTRIES = ["", "/abis", "/cli", "/http", "/manifests", "/meter", "/policy", "/proofs", "/subnets"];
const COMPILERS = { "5.0": "typescript-5.0", "5.9": "typescript" };
const RESOLUTIONS = {
  bundler: { module: "esnext", moduleResolution: "bundler" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
};
/** A page has no types of Node, and a service none of the DOM. */
const PLATFORMS = {
  "a page": { lib: ["es2022", "dom", "dom.iterable"], types: [] },
  "a service": { lib: ["es2022"], types: ["node"] },
};

const CODE = `${ENTRIES.map((entry, i) => `import * as entry${i} from "@benefit-grid/sdk${entry}";\n`).join("")}
import { type Client, createClient, pay } from "@benefit-grid/sdk";
import { JsonRpcProvider } from "ethers";

export const entries = [${ENTRIES.map((_, i) => `entry${i}`)}];
export async function example(to: string): Promise<bigint> {
  const client: Client = await createClient({ runner: new JsonRpcProvider("http://127.0.0.1:8545") });
  const settled: bigint = await client.contracts.SettlementRouter.escrowOf(1n).then(({ balance }) => balance);
  // @ts-expect-error An amount is a bigint.
  await pay(client, { capsuleId: 1n, amount: 1 });
  return settled;
}
`;

describe("the packed SDK's types", () => {
  let folder: string;

  before(async () => {
    // ethers brings types of Node that TypeScript 5.0 understands.
    folder = await installed(["@benefit-grid/sdk"], ["ethers"]);
    const modules = join(folder, "node_modules");
    for (const name of ["@types/node", "undici-types"]) {
      rmSync(join(modules, name), { recursive: true, force: true });
      renameSync(join(modules, "ethers/node_modules", name), join(modules, name));
    }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    writeFileSync(join(folder, "main.ts"), CODE);
  });

  for (const [version, compiler] of Object.entries(COMPILERS)) {
    for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
      for (const [platform, environment] of Object.entries(PLATFORMS)) {
        it(`compile whole for ${platform} by TypeScript ${version}, resolved as ${resolution}`, async () => {
          const compilerOptions = {
            ...options,
            ...environment,
            target: "es2022",
            strict: true,
            skipLibCheck: false,
            noEmit: true,
          };
          const config = `tsconfig.${version}.${resolution}.json`;
          writeFileSync(join(folder, config), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
          const tsc = resolve("node_modules", compiler, "bin/tsc");
          const { code, stdout = "" } = await run(process.execPath, [tsc, "-p", config], {
            cwd: folder,
            maxBuffer: 2 ** 26,
          }).catch((error) => error);
          expect(code ?? 0, stdout.split("\n").slice(0, 20).join("\n")).to.equal(0);
        });
      }
    }
  }
});
