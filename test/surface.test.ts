import { existsSync } from "node:fs";
import { expect } from "chai";
import ts from "typescript";
import { readContracts } from "../scripts/lib/artifacts.ts";
import { callsIn, contractOf, createAssertionFinder, placeOf, readSuites } from "./source.ts";

/** Errors and functions that no test needs to reach. An entry fails if it is not in the ABI, or if a test reaches it. */
const EXEMPT: Record<string, string> = {
  "BenefitMine.CheckpointUnorderedInsertion": "The key is the next round, and rounds only count up.",
  "FoundationCoin.CheckpointUnorderedInsertion": "The key is the present time, which never decreases.",
  "FoundationCoin.ECDSAInvalidSignatureLength": "Its signatures come as v, r and s, not as bytes.",
  "FoundationCoin.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "FoundationCoin.StringTooLong": "Its EIP-712 name and version are short constants.",
  "TestUSD.ECDSAInvalidSignatureLength":
    "A signature in bytes is invalid then, and others come as v, r and s.",
  "TestUSD.InvalidAccountNonce": "Its permits are hashed with the account's next nonce, so none is compared.",
  "TestUSD.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "TestUSD.StringTooLong": "Its EIP-712 name and version are short constants.",
  "UsageLedger.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "UsageLedger.StringTooLong": "Its EIP-712 name and version are short constants.",
  "CapsuleRegistry.ERC721InvalidSender": "Minting raises it for an existing token, and ids only count up.",
  "ContributionPool.CheckpointUnorderedInsertion":
    "The key is the number of open currencies at the member's last change, and each entry has a later one.",
  "ContributionPool.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "ContributionPool.StringTooLong": "Its EIP-712 name and version are short constants.",
  "ContributionPoolFactory.CloneArgumentsTooLong": "A clone's argument is one word.",
  "ContributionPoolFactory.FailedDeployment": "Creating a clone fails for lack of gas only.",
  "ContributionPoolFactory.InsufficientBalance": "A clone gets no ether.",
  "GridGovernor.CheckpointUnorderedInsertion": "The key is the present time, which never decreases.",
  "GridGovernor.ERC6372InconsistentClock": "It takes clock and mode from the coin, where they agree.",
  "GridGovernor.GovernorAlreadyQueuedProposal": "OpenZeppelin raises it only for Compound's timelock.",
  "GridGovernor.GovernorInvalidVoteParams": "OpenZeppelin raises it only for fractional votes.",
  "GridGovernor.GovernorProposalQueueingFailed":
    "Its timelock returns a time for each operation, or reverts.",
  "GridGovernor.GovernorProposalQueueingNotRequired": "All its proposals need queuing.",
  "GridGovernor.InvalidAccountNonce":
    "Its votes by signature are hashed with the voter's next nonce, so none is compared.",
  "GridGovernor.InvalidShortString": "Its EIP-712 name and version are short constants.",
  "GridGovernor.StringTooLong": "Its EIP-712 name and version are short constants.",
  "Guardian.CheckpointUnorderedInsertion":
    "The key is the present time, or again the start of the newest pause.",
  "LicenseNFT.ERC721InvalidSender": "Minting raises it for an existing token, and ids only count up.",
  "SubnetFeedFactory.CloneArgumentsTooLong": "A clone's argument is one word.",
  "SubnetFeedFactory.Create2EmptyBytecode": "A clone has code.",
  "SubnetFeedFactory.FailedDeployment": "Creating a clone fails for lack of gas only.",
  "SubnetFeedFactory.InsufficientBalance": "A clone gets no ether.",
};

// Verifiers are generated, and tests of the circuits call them.
const contracts = readContracts().filter(({ source }) => !source.startsWith("contracts/verifiers/"));

describe("surface", () => {
  let read: ReturnType<typeof readSuites>;
  let errors: Expected;
  let called: Set<string>;

  before(() => {
    read = readSuites();
    errors = expectedErrors(read);
    called = calledFunctions(read);
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
    expect(names("function").filter((name) => !called.has(name) && !(name in EXEMPT))).to.deep.equal([]);
  });

  it("has no stale exemption", () => {
    const needed = [
      ...names("error").filter((name) => !errors.raised.has(name)),
      ...names("function").filter((name) => !called.has(name)),
    ];
    expect(Object.keys(EXEMPT).filter((name) => !needed.includes(name))).to.deep.equal([]);
  });

  it("asserts something in every test", () => {
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

/** By `contract.name(`, `contract.name.staticCall(` and the like, or `contract["name(type)"]`: "Contract.name". */
function calledFunctions({ suites, checker }: ReturnType<typeof readSuites>): Set<string> {
  const called = new Set<string>();
  // Types take time: only these names can be called.
  const known = new Set(contracts.flatMap(({ abi }) => abi.map(({ name }) => name)));
  for (const { source } of suites) {
    for (const { expression } of callsIn(source)) {
      for (const node of [expression, ownerOf(expression)]) {
        const [owner, name] = node ? [ownerOf(node), nameOf(node)] : [];
        const contract = owner && known.has(name) ? contractOf(checker, owner) : undefined;
        if (contract) called.add(`${contract}.${name}`);
      }
    }
  }
  return called;
}

/** `a` of `a.b` and `a["b"]` */
function ownerOf(node: ts.Node): ts.Node | undefined {
  const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  return isAccess ? node.expression : undefined;
}

/** `b` of `a.b` and `a["b(type)"]` */
function nameOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteral(node.argumentExpression)) return undefined;
  return node.argumentExpression.text.split("(")[0];
}
