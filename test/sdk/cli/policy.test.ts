import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runPolicy } from "@benefit-grid/sdk/cli";
import { canonicalizePolicy, hashPolicy, researchOnly, subscription } from "@benefit-grid/sdk/policy";
import { expect } from "chai";
import { temporaryFolder, write } from "./support.ts";

function run(...argv: string[]) {
  const printed = { out: [] as string[], err: [] as string[] };
  const io = {
    out: (line: string) => printed.out.push(line),
    err: (line: string) => printed.err.push(line),
  };
  const status = runPolicy(argv, { io });
  return { status, out: printed.out.join("\n"), err: printed.err.join("\n") };
}

function expectRefusal(argv: readonly string[], message: string | RegExp) {
  const { status, err, out } = run(...argv);
  if (typeof message === "string") expect(err).to.equal(`benefit-grid policy: ${message}`);
  else expect(err).to.match(message);
  expect([status, out]).to.deep.equal([1, ""]);
}

describe("the policy command", () => {
  const folder = temporaryFolder();
  const policy = researchOnly({ maxUnits: 1_000n, duties: [{ action: "attribute", "grid:offChain": true }] });
  const file = write(folder, "policy.json", canonicalizePolicy(policy));

  it("explains itself", () => {
    expect(run("help").out).to.match(/^Usage: benefit-grid policy <command> FILE/);
    expect(run().status).to.equal(0);
    expect(run("decide", "--help").out).to.contain("--contexts A,B");
  });

  it("checks", () => {
    const { out, status } = run("check", file);
    const line =
      "The policy is well formed. The chain can enforce it, apart from 1 marked off chain: see compile.";
    expect([out, status]).to.deep.equal([`${line}\nHash: ${hashPolicy(policy)}`, 0]);
    const duties = [{ pointer: "/permission/0/duty/0", text: "name its creators" }];
    expect(JSON.parse(run("check", file, "--json").out)).to.deep.equal({
      policyHash: hashPolicy(policy),
      duties,
    });
  });

  it("describes", () => {
    const { lines } = JSON.parse(run("describe", file, "--json").out);
    expect(lines[0]).to.equal("Research license");
    expect(run("describe", file).out.split("\n")).to.deep.equal(lines);
  });

  it("compiles", () => {
    expect(run("compile", file).out).to.contain("maxUnits: 1000\n");
    expect(run("compile", file).out).to.contain("off chain, /permission/0/duty/0: name its creators");
    const { terms } = JSON.parse(run("compile", file, "--json").out);
    expect(terms).to.include({ maxUnits: "1000", transferable: false, policyHash: hashPolicy(policy) });
  });

  it("decides, with exit code 2 for a refused request", () => {
    expect(run("decide", file, "--contexts", "research,africa").status).to.equal(0);
    const { status, out } = run("decide", file, "--contexts", "commercial", "--json");
    expect(status).to.equal(2);
    expect(JSON.parse(out)).to.include({ permitted: false, because: "/permission/0/constraint/0" });
    expect(run("decide", file, "--units", "1", "--bought", "1,000").status).to.equal(2);
    expect(run("decide", file, "--undone", "attribute").out).to.contain("/permission/0/duty/0 is not done");
    expect(run("decide", file, "--action", "derive").status).to.equal(2);
  });

  it("decides at any time", () => {
    const monthly = write(folder, "monthly.json", canonicalizePolicy(subscription({ maxUnits: 5n })));
    const at = (...times: string[]) => run("decide", monthly, ...times).status;
    const since = ["--since", "2030-01-01T00:00:00Z"];
    expect(at("--now", "2030-01-30T23:59:59Z", ...since)).to.equal(0);
    expect(at("--now", "2030-01-31T00:00:00Z", ...since)).to.equal(2);
    expect(at("--now", "2030-01-31T00:00:00+01:00", ...since)).to.equal(0);
    expect(at("--now", "2030-03-01T00:00:00Z", "--revoked", "2030-01-01T00:00:00Z")).to.equal(2);
  });

  it("says in a line what is wrong with a call", () => {
    expectRefusal(["bogus", file], "There is no command bogus. See benefit-grid policy help.");
    expectRefusal(["constructor", file], /There is no command constructor/);
    expectRefusal(["check"], "FILE is missing. See benefit-grid policy help.");
    expectRefusal(["check", file, file], `This command takes one file, not ${file} too.`);
    expectRefusal(["check", file, "--speed"], "There is no option --speed. See --help.");
    expectRefusal(["decide", file, "--units", "x"], '--units needs a whole number, but got "x".');
    expectRefusal(["decide", file, "--fact", "x"], '--fact needs NAME=VALUE, but got "x".');
    expectRefusal(["decide", file, "--now", "2030-02-30T00:00:00Z"], /--now needs a time/);
    expectRefusal(
      ["decide", file, "--action", "fly"],
      /^benefit-grid policy: request.action is fly\. Pass one of/,
    );
    expectRefusal(["decide", file, "--contexts", "fun"], /request.contexts contain fun/);
  });

  it("says what is wrong with a file", () => {
    const check = (name: string, content: string) => ["check", write(folder, name, content)];
    expectRefusal(
      ["check", join(folder, "none")],
      `There is no file ${join(folder, "none")}. Check its path.`,
    );
    expectRefusal(["check", folder], /is a folder/);
    expectRefusal(check("text", "You may."), /The policy is not JSON: /);
    expectRefusal(check("empty", ""), /The policy is not JSON: /);
    expectRefusal(
      check("large", " ".repeat(10_000_000)),
      "The policy has more than 1048576 bytes. Shorten it.",
    );
    expectRefusal(check("deep", "[".repeat(100_000)), "The policy has more than 32 levels. Nest less.");
    expectRefusal(check("twice", '{"uid":"a","uid":"b"}'), "/uid appears twice. Keep one of them.");
    expectRefusal(check("proto", '{"__proto__":{"x":1}}'), /\/__proto__ is unknown here/);
    expectRefusal(check("escape", '{"\\u001b[2J":1}'), /\n\/\ufffd\[2J is unknown here/);
    const latin = join(folder, "latin");
    writeFileSync(latin, Buffer.from([0x22, 0xe9, 0x22]));
    expectRefusal(["check", latin], `${latin} is not UTF-8 text. Save it as UTF-8.`);
  });

  it("names each problem by its pointer, with --json as data", () => {
    const wrong = canonicalizePolicy(policy).replace('"count"', '"speed"').replace('"attribute"', '"praise"');
    const path = write(folder, "wrong.json", wrong);
    const { err, status } = run("compile", path);
    expect(status).to.equal(1);
    expect(err.split("\n")).to.have.length(3);
    expect(err).to.contain("2 problems.\n/permission/0/constraint/1/leftOperand is");
    const asJson = run("compile", path, "--json");
    expect([asJson.status, asJson.err]).to.deep.equal([1, ""]);
    expect(JSON.parse(asJson.out).problems).to.have.length(2);
  });
});
