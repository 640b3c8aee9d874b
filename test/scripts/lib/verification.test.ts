import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { etherscan, type Submission, sourcify } from "../../../scripts/lib/verification.ts";

const SUBMISSION: Submission = {
  name: "CoinSale",
  address: `0x${"11".repeat(20)}`,
  identifier: "project/contracts/coin/CoinSale.sol:CoinSale",
  compilerVersion: "0.8.37+commit.f401782d",
  input: { sources: { "a.sol": { content: "contract A {}" } }, settings: { remappings: [] } },
  libraries: { "b.sol": { B: `0x${"22".repeat(20)}` } },
  constructorArguments: "00ff",
};

type Asked = { method: string | undefined; url: URL; body: string };

describe("sourcify", () => {
  const path = `/v2/verify/11155111/${SUBMISSION.address}`;

  it("when the job ends with a match, sends the input once and asks until then", async () => {
    const answers = [
      { verificationId: "job" },
      { isJobCompleted: false },
      { isJobCompleted: true, contract: { match: "exact_match" } },
    ];
    const { asked, result } = await asking(answers, (url) =>
      sourcify({ chainId: 11_155_111n, url, interval: 1 }),
    );
    expect(result).to.equal("verified");
    expect(asked.map(({ method, url }) => `${method} ${url.pathname}`)).to.deep.equal([
      `POST ${path}`,
      "GET /v2/verify/job",
      "GET /v2/verify/job",
    ]);
    expect(JSON.parse(asked[0]?.body ?? "")).to.deep.equal({
      stdJsonInput: SUBMISSION.input,
      compilerVersion: SUBMISSION.compilerVersion,
      contractIdentifier: SUBMISSION.identifier,
    });
  });

  const ends: [title: string, answers: object[], result: string][] = [
    ["it was verified before", [{ customCode: "already_verified", message: "x" }], "verified already"],
    ["it refuses the input", [{ customCode: "bad", message: "No chain." }], "Sourcify: No chain."],
    [
      "the code does not match",
      [{ verificationId: "job" }, { isJobCompleted: true, error: { message: "No match." } }],
      "Sourcify: No match.",
    ],
  ];
  for (const [title, answers, expected] of ends) {
    it(`when ${title}, says so`, async () => {
      const { result } = await asking(answers, (url) => sourcify({ chainId: 1, url, interval: 1 }));
      expect(result).to.equal(expected);
    });
  }

  it("when the server does not speak JSON, says its status", async () => {
    const { result } = await asking(["<html>"], (url) => sourcify({ chainId: 1, url, interval: 1 }));
    expect(result).to.match(/^127\.0\.0\.1:\d+ answers with status 200, and not with JSON\.$/);
  });

  it("when no server answers, says so", async () => {
    const explorer = sourcify({ chainId: 1, url: "http://127.0.0.1:1", interval: 1 });
    expect(await explorer.verify(SUBMISSION).catch(({ message }: Error) => message)).to.equal(
      "127.0.0.1:1 does not answer: fetch failed.",
    );
  });
});

describe("etherscan", () => {
  const at = (url: string) => etherscan({ chainId: 84_532, key: "KEY", url, interval: 1 });

  it("when the queue ends with success, sends source, arguments and libraries with key and chain", async () => {
    const answers = [
      { status: "1", result: "guid" },
      { status: "0", result: "Pending in queue" },
      { status: "1", result: "Pass - Verified" },
    ];
    const { asked, result } = await asking(answers, at);
    expect(result).to.equal("verified");
    const query = (i: number) => Object.fromEntries(asked[i]?.url.searchParams ?? []);
    const base = { module: "contract", chainid: "84532", apikey: "KEY" };
    expect(query(0)).to.deep.equal({ ...base, action: "verifysourcecode" });
    expect(query(2)).to.deep.equal({ ...base, action: "checkverifystatus", guid: "guid" });
    const { sourceCode = "", ...form } = Object.fromEntries(new URLSearchParams(asked[0]?.body));
    expect(form).to.deep.equal({
      contractaddress: SUBMISSION.address,
      codeformat: "solidity-standard-json-input",
      contractname: SUBMISSION.identifier,
      compilerversion: "v0.8.37+commit.f401782d",
      constructorArguments: "00ff",
    });
    expect(JSON.parse(sourceCode).settings.libraries).to.deep.equal(SUBMISSION.libraries);
  });

  const ends: [title: string, answers: object[], result: string][] = [
    [
      "it was verified before",
      [{ status: "0", result: "Contract source code already verified" }],
      "verified already",
    ],
    ["the key is wrong", [{ status: "0", result: "Invalid API Key" }], "Etherscan: Invalid API Key"],
    [
      "the code does not match",
      [
        { status: "1", result: "guid" },
        { status: "0", result: "Fail - Unable to verify" },
      ],
      "Etherscan: Fail - Unable to verify",
    ],
  ];
  for (const [title, answers, expected] of ends) {
    it(`when ${title}, says so`, async () => {
      const { result } = await asking(answers, at);
      expect(result).to.equal(expected);
    });
  }
});

/** Verifies the submission at a server with these answers, one after another. Returns the result, or the error's message. */
async function asking(
  answers: (object | string)[],
  explorerAt: (url: string) => ReturnType<typeof sourcify>,
) {
  const asked: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ method: request.method, url: new URL(request.url ?? "", "http://localhost"), body });
    const answer = answers.shift() ?? {};
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const explorer = explorerAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const result = await explorer.verify(SUBMISSION).catch(({ message }: Error) => message);
  server.closeAllConnections();
  server.close();
  return { asked, result };
}
