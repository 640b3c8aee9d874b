import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { build } from "esbuild";

/** Most bytes, minified and gzipped, besides packages that the user installs. `later`: what loads at first use. */
type Budget = { code: string; bytes: number; later: number };

const BUDGETS: Record<string, Budget> = JSON.parse(readFileSync("sdk/budget.json", "utf8"));
const EXTERNAL = [
  "ethers",
  "snarkjs",
  "ffjavascript",
  "@benefit-grid/circuits",
  "@benefit-grid/circuits-128x16",
  "@tanstack/react-query",
  "react",
  "wagmi",
];

/** The bytes of the files that a page loads at once, and of the others. */
async function sizeOf(code: string): Promise<{ bytes: number; later: number }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    external: EXTERNAL,
    outdir: "/out",
    write: false,
    metafile: true,
  });
  const sizes = outputFiles.map(
    ({ path, contents }) => [path, gzipSync(contents, { level: 9 }).length] as const,
  );
  const outputs = Object.entries(metafile.outputs);
  const atOnce = new Set<string>();
  const add = (path: string): void => {
    if (atOnce.has(path)) return;
    atOnce.add(path);
    const imports = metafile.outputs[path]?.imports ?? [];
    for (const each of imports) if (each.kind === "import-statement" && !each.external) add(each.path);
  };
  add(outputs.find(([, { entryPoint }]) => entryPoint === "<stdin>")?.[0] ?? "");
  const isAtOnce = (path: string) => [...atOnce].some((each) => path.endsWith(each.replace(/^.*\//, "/")));
  const sum = (wanted: boolean) =>
    sizes.filter(([path]) => isAtOnce(path) === wanted).reduce((total, [, size]) => total + size, 0);
  return { bytes: sum(true), later: sum(false) };
}

describe("the SDK's size in a page, minified and gzipped", () => {
  for (const [name, { code, ...most }] of Object.entries(BUDGETS)) {
    it(`of ${name} is at most ${most.bytes} bytes at once and ${most.later} later`, async () => {
      const size = await sizeOf(code);
      const figures = `measured: ${size.bytes} at once, ${size.later} later. See sdk/budget.json`;
      expect(size.bytes, figures).to.be.at.most(most.bytes);
      expect(size.later, figures).to.be.at.most(most.later);
    });
  }

  it("is what was promised: 15 kB to pay, 100 kB for all of the root", () => {
    const { pay, index } = BUDGETS;
    expect(pay?.bytes).to.be.at.most(15_000);
    expect((index?.bytes ?? 0) + (index?.later ?? 0)).to.be.at.most(100_000);
  });
});
