// Bundles the browsers' proving thread into one script, with snarkjs and its arithmetic. It is part of the circuits'
// package: like them, it is under the GPL.
import { mkdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { toolVersions } from "./circuits/manifest.ts";

const OUT = "circuits/dist";
const LICENSE = `/* License: GPL-3.0-only. Bundle of snarkjs ${toolVersions().snarkjs}, its dependencies and @benefit-grid/sdk (MIT). */`;

const { outputFiles } = await build({
  entryPoints: ["sdk/src/proofs/worker.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  conditions: ["browser"],
  define: { "process.browser": "true" },
  banner: { js: LICENSE },
  legalComments: "none",
  write: false,
});
const script = outputFiles[0]?.text ?? "";
mkdirSync(OUT, { recursive: true });
writeFileSync(`${OUT}/worker.script.js`, script);
writeFileSync(`${OUT}/worker.js`, `export default ${JSON.stringify(script)};\n`);
