#!/usr/bin/env node
// The command `solc` for Foundry, by npm's compiler: `solc --version` and `solc --standard-json`.
const solc = require("solc");

const print = (text) => process.stdout.write(`${text}\n`, () => process.exit(0));

if (process.argv.includes("--version")) {
  const version = solc.version().replace("Emscripten.clang", "Linux.g++");
  print(`solc, the solidity compiler commandline interface\nVersion: ${version}`);
} else {
  let input = "";
  process.stdin.setEncoding("utf8").on("data", (text) => {
    input += text;
  });
  process.stdin.on("end", () => print(solc.compile(input)));
}
