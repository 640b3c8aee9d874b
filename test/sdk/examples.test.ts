import { globSync, readFileSync } from "node:fs";
import * as sdk from "@benefit-grid/sdk";
import * as explain from "@benefit-grid/sdk/explain";
import * as http from "@benefit-grid/sdk/http";
import * as manifests from "@benefit-grid/sdk/manifests";
import * as meter from "@benefit-grid/sdk/meter";
import * as policy from "@benefit-grid/sdk/policy";
import * as proofs from "@benefit-grid/sdk/proofs";
import * as react from "@benefit-grid/sdk/react";
import * as subnets from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import ts from "typescript";

/** Names the examples use without declaring them. */
const PRELUDE = `
  declare const client: import("@benefit-grid/sdk").Client;
  declare const [buyerClient, relayerClient]: (typeof client)[];
  declare const wallet: import("ethers").Wallet;
  declare const sessionKey: import("ethers").Wallet;
  declare const [account, buyer, collector, currency, developer, ledger, operator, owner, payee, pool, signer, to, token, user]:
    import("@benefit-grid/sdk").AddressInput[];
  declare const [amount, capsuleId, datasetId, deadline, licenseId, maxPrice, meterId, offerId, proposalId, units, validBefore]:
    bigint[];
  declare const [contentHash, policyHash, secret, termsId, uid]: import("@benefit-grid/sdk").Hex[];
  declare const bytes: Uint8Array;
  declare const { createElement }: typeof import("react");
  declare const children: import("react").ReactNode;
  declare const deployment: import("@benefit-grid/sdk").Deployment;
  declare const terms: import("@benefit-grid/sdk").Terms;
  declare const { wrapFetchWithPayment, x402Client }: typeof import("@x402/fetch");
  declare const { ExactEvmScheme }: typeof import("@x402/evm");
  declare const voucher: import("@benefit-grid/sdk").SignedVoucher;
  declare const privateVoucher: import("@benefit-grid/sdk").SignedPrivateVoucher;
  declare const opening: import("@benefit-grid/sdk").Opening;
  declare const proof: import("@benefit-grid/sdk").Proof;
  declare const batch: import("@benefit-grid/sdk").Batch;
  declare const books: import("@benefit-grid/sdk/meter").Books;
  declare const batches: import("@benefit-grid/sdk/meter").VoucherBatch[];
  declare const verify: import("@benefit-grid/sdk/meter").VoucherVerifier["verify"];
  declare const evidence: import("@benefit-grid/sdk/subnets").Evidence;
`;

const examples = globSync("sdk/src/**/*.ts").flatMap((file) => {
  const blocks = readFileSync(file, "utf8").matchAll(/@example\n \* ```ts\n([\s\S]*?) \* ```/g);
  return [...blocks].map(([, block], i) => ({
    name: `${file} ${i + 1}`,
    code: block?.replace(/^ \* ?/gm, "") ?? "",
  }));
});

/** The names around the code of README and guides: `test/docs.test.ts` runs it with them. */
const NAMES = `
  declare const ethereum: import("ethers").Eip1193Provider;
  declare const account: string, alice: string, bob: string, file: string, policyFile: string, newLedger: string;
  declare const httpPort: number;
  declare const wait: (seconds: bigint) => Promise<number>;
  declare const wallet: import("ethers").Wallet;
  declare const reporter: import("ethers").JsonRpcSigner, operator: import("ethers").JsonRpcSigner;
`;

/** Compiled with the types of its own contract, in test/scripts/contracts.deep.test.ts. */
const ELSEWHERE = "docs/guides/contracts.md";

/** README and guides, each as one module. */
const documents = ["README.md", "sdk/README.md", "services/meter/README.md", ...globSync("docs/guides/*.md")]
  .map((name) => {
    const blocks = [...readFileSync(name, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
    return { name, file: `test/sdk/document-${name.replace(/\W/g, "-")}.ts`, code: blocks.join("\n") };
  })
  .filter(({ name, code }) => code !== "" && name !== ELSEWHERE);

function sourceOf(code: string): string {
  const importOf = (module: object, path: string) => {
    const names = Object.keys(module).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return `import { ${names.join(", ")} } from "${path}";\n`;
  };
  const imports = [
    importOf(sdk, "@benefit-grid/sdk"),
    importOf(explain, "@benefit-grid/sdk/explain"),
    importOf(http, "@benefit-grid/sdk/http"),
    importOf(manifests, "@benefit-grid/sdk/manifests"),
    importOf(meter, "@benefit-grid/sdk/meter"),
    importOf(policy, "@benefit-grid/sdk/policy"),
    importOf(proofs, "@benefit-grid/sdk/proofs"),
    importOf(react, "@benefit-grid/sdk/react"),
    importOf(subnets, "@benefit-grid/sdk/subnets"),
  ];
  return `${imports.join("")}${PRELUDE}export async function example() {\n${code}}\n`;
}

function problemsOf(sources: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  // The prelude's arrays have these elements.
  const host = ts.createCompilerHost({ ...options, noUncheckedIndexedAccess: false });
  const { readFile, fileExists } = host;
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  const program = ts.createProgram(
    [...sources.keys()],
    { ...options, noUncheckedIndexedAccess: false },
    host,
  );
  return [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  });
}

describe("examples in the documentation", () => {
  it("are there", () => {
    expect(examples.length).to.be.greaterThan(40);
    expect(documents.length).to.be.greaterThan(10);
  });

  it("and in README and guides compile", () => {
    const sources = examples.map(({ code }, i) => [`test/sdk/example-${i}.ts`, sourceOf(code)] as const);
    const texts = documents.map(({ file, code }) => [file, `${code}\nexport {};\n`] as const);
    const problems = problemsOf(new Map([...sources, ...texts, ["test/sdk/document-names.d.ts", NAMES]]));
    const nameOf = new Map([
      ...sources.map(([file], i) => [file, examples[i]?.name] as const),
      ...documents.map(({ file, name }) => [file, name] as const),
    ]);
    const named = problems.map((problem) =>
      problem.replace(/^test\/sdk\/[\w-]+\.ts/, (file) => nameOf.get(file) ?? file),
    );
    expect(named).to.deep.equal([]);
  });
});
