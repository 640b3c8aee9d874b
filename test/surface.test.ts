import { existsSync, globSync, readFileSync } from "node:fs";
import { expect } from "chai";
import ts from "typescript";
import { readContracts } from "../scripts/lib/artifacts.ts";
import { callsIn, contractOf, createAssertionFinder, placeOf, readSuites } from "./source.ts";

/**
 * What no test has to reach: "Contract.error" or "Contract.function", with the reason. An entry that
 * the ABI doesn't have, or that a test reaches after all, fails.
 */
const EXEMPT: Record<string, string> = {
  "BenefitMine.CheckpointUnorderedInsertion":
    "Sectors are set from the next round on, and rounds only count up.",
  "FoundationCoin.CheckpointUnorderedInsertion": "Votes are set now, and time only goes on.",
  "FoundationCoin.ECDSAInvalidSignatureLength": "Its signatures come as v, r and s.",
  "FoundationCoin.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "FoundationCoin.StringTooLong": "Its EIP-712 name and version are short constants.",
  "TestUSD.ECDSAInvalidSignatureLength": "Its signatures come as v, r and s.",
  "TestUSD.InvalidAccountNonce": "Its permits are hashed with the account's next nonce, so none is compared.",
  "TestUSD.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "TestUSD.StringTooLong": "Its EIP-712 name and version are short constants.",
  "UsageLedger.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "UsageLedger.StringTooLong": "Its EIP-712 name and version are short constants.",
  "CapsuleRegistry.ERC721InvalidSender": "Minting raises it for a token that exists, and ids only count up.",
  "GridGovernor.CheckpointUnorderedInsertion": "Its quorum's history is written with the present as key.",
  "GridGovernor.ERC6372InconsistentClock": "It asks the coin for its clock and has one that agrees.",
  "GridGovernor.GovernorAlreadyQueuedProposal": "OpenZeppelin raises it for Compound's timelock alone.",
  "GridGovernor.GovernorInvalidVoteParams": "OpenZeppelin raises it where votes are fractional alone.",
  "GridGovernor.GovernorProposalQueueingFailed": "Its timelock gives each operation a time, or reverts.",
  "GridGovernor.GovernorProposalQueueingNotRequired": "All its proposals are queued.",
  "GridGovernor.InvalidAccountNonce":
    "Its votes by signature are hashed with the voter's next nonce, so none is compared.",
  "GridGovernor.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "GridGovernor.StringTooLong": "Its EIP-712 name and version are short constants.",
  "Guardian.CheckpointUnorderedInsertion":
    "A pause is stored with the present as key, or again with its own.",
  "LicenseNFT.ERC721InvalidSender": "Minting raises it for a token that exists, and ids only count up.",
};

const SELF = "test/surface.test.ts";

// Verifiers are generated; the tests of the circuits exercise them.
const contracts = readContracts().filter(({ source }) => !source.startsWith("contracts/verifiers/"));
const tests = globSync("test/**/*.test.ts")
  .filter((file) => file !== SELF)
  .map((file) => withoutComments(readFileSync(file, "utf8")))
  .join("\n");

describe("surface", () => {
  let read: ReturnType<typeof readSuites>;
  let errors: Expected;

  before(function () {
    this.timeout(0);
    read = readSuites();
    errors = expectedErrors(read);
  });

  it("is not empty", () => {
    expect(contracts).not.to.have.lengthOf(0);
  });

  it("has a test at the mirrored path of every contract", () => {
    const missing = contracts
      .map(({ source }) => source.replace(/^contracts\/(.*)\.sol$/, "test/$1.test.ts"))
      .filter((file) => !existsSync(file));
    expect(missing).to.deep.equal([]);
  });

  it("knows by its type which contract each test expects an error of", () => {
    expect(errors.ofUnknown, "build the contracts first").to.deep.equal([]);
  });

  it("has every error of a contract raised by a test", () => {
    expect(names("error").filter((name) => !errors.raised.has(name) && !(name in EXEMPT))).to.deep.equal([]);
  });

  it("has every function of a contract called by a test", () => {
    expect(names("function").filter((name) => !isCalled(name) && !(name in EXEMPT))).to.deep.equal([]);
  });

  it("has no stale exemption", () => {
    const needed = [
      ...names("error").filter((name) => !errors.raised.has(name)),
      ...names("function").filter((name) => !isCalled(name)),
    ];
    expect(Object.keys(EXEMPT).filter((name) => !needed.includes(name))).to.deep.equal([]);
  });

  it("asserts something in every test", function () {
    this.timeout(0);
    const asserts = createAssertionFinder(read.checker);
    const idle = read.suites.flatMap((suite) =>
      [...callsIn(suite.source)]
        .filter((call) => isTest(call) && !call.arguments.slice(1).some(asserts))
        .map((call) => placeOf(suite, call)),
    );
    expect(idle).to.deep.equal([]);
  });
});

function names(type: "error" | "function"): string[] {
  const all = contracts.flatMap(({ name, abi }) =>
    abi.filter((item) => item.type === type).map((item) => `${name}.${item.name}`),
  );
  return [...new Set(all)];
}

type Expected = { raised: Set<string>; ofUnknown: string[] };

/** By `revertedWithCustomError(contract, "Name")`, with the name written out: "Contract.Name". */
function expectedErrors({ suites, checker }: ReturnType<typeof readSuites>): Expected {
  const [raised, ofUnknown] = [new Set<string>(), [] as string[]];
  for (const suite of suites) {
    for (const call of callsIn(suite.source)) {
      const [contract, error] = call.arguments;
      if (!isCallOf(call, "revertedWithCustomError") || !contract || !error) continue;
      if (!ts.isStringLiteral(error)) continue;
      const name = contractOf(checker, contract);
      if (name) raised.add(`${name}.${error.text}`);
      else ofUnknown.push(placeOf(suite, call));
    }
  }
  return { raised, ofUnknown };
}

function isCallOf({ expression }: ts.CallExpression, name: string): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === name;
}

/** `it(...)` */
function isTest({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === "it";
}

/** By `.name(`, `.name.staticCall(` and the like, or `["name(type)"]` where it is overloaded. */
function isCalled(qualified: string): boolean {
  const name = unqualified(qualified);
  return new RegExp(`\\.${name}(\\.\\w+)?\\(|\\["${name}\\(`).test(tests);
}

function unqualified(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

function withoutComments(source: string): string {
  return source.replace(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*$)/gm, "");
}
