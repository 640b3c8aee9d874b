#!/usr/bin/env node
// benefit-grid-meter: the operator's command. Checks Node first: older ones do not know node:sqlite.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2));
} else {
  console.error(`The meter needs Node 22.13 or later, but this is ${process.versions.node}.`);
  process.exitCode = 1;
}
