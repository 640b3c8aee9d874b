#!/usr/bin/env node
import { runDao } from "./dao.ts";

// A reader such as `| head` may stop early. The command continues: a transaction may be on its way.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const [area, ...argv] = process.argv.slice(2);
if (area === "dao") {
  process.exitCode = await runDao(argv);
} else if (area === "manifest") {
  // Loaded for this area alone: it needs more packages.
  const { runManifest } = await import("./manifest.ts");
  process.exitCode = await runManifest(argv, { out: console.log, err: console.error });
} else if (area === "validator") {
  const { runValidator } = await import("./validator.ts");
  process.exitCode = await runValidator(argv);
} else if (area === "policy") {
  const { runPolicy } = await import("./policy.ts");
  process.exitCode = runPolicy(argv);
} else {
  const isHelp = area === undefined || /^(--)?help$/.test(area);
  const areas = "<dao|manifest|policy|validator>";
  const line = `Usage: benefit-grid ${areas} <command>. See benefit-grid ${areas} help.`;
  if (isHelp) console.log(line);
  else console.error(line);
  process.exitCode = isHelp ? 0 : 1;
}
