import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { download } from "../../../scripts/ceremony/download.ts";
import { obtainPhase1, publishedUrl, readPublished } from "../../../scripts/ceremony/phase1.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";

const CONTENT = Buffer.from("0123456789".repeat(1_000));

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe("published phases 1", () => {
  it("are those of snarkjs's README, with its hashes", () => {
    const { location, blake2b } = readPublished();
    const readme = readFileSync(
      join(dirname(createRequire(import.meta.url).resolve("snarkjs")), "../README.md"),
      "utf8",
    );
    const rows = readme.matchAll(/\[(\w+\.ptau)\]\((\S+)\)\s*\|\s*([0-9a-f]{128})/g);
    const listed = [...rows].map(([, name, url, hash]) => [name, url, hash]);
    expect(Object.entries(blake2b).map(([name, hash]) => [name, `${location}${name}`, hash])).to.deep.equal(
      listed,
    );
    expect(listed).to.have.length(21);
  });

  it("when a circuit needs a size, name the smallest that fits", () => {
    const { location } = readPublished();
    expect(publishedUrl(4)).to.equal(`${location}powersOfTau28_hez_final_08.ptau`);
    expect(publishedUrl(18)).to.equal(`${location}powersOfTau28_hez_final_18.ptau`);
    expect(publishedUrl(28)).to.equal(`${location}powersOfTau28_hez_final.ptau`);
    expect(publishedUrl(29)).to.equal(undefined);
  });
});

describe("download", () => {
  const requests: (string | undefined)[] = [];
  let folder = "";
  let answer: Answer = sendAll;
  const server = createServer((request, response) => {
    requests.push(request.headers.range);
    answer(request, response);
  });
  const file = () => join(folder, "some.ptau");
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/some.ptau?v=1`;

  before((done) => {
    server.listen(0, "127.0.0.1", done);
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "benefit-grid-"));
    requests.length = 0;
    answer = sendRest;
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("when nothing breaks, writes the file and tells its progress", async () => {
    const seen: [number, number | undefined][] = [];
    await download(url(), file(), (...bytes) => seen.push(bytes));
    expect(readFileSync(file())).to.deep.equal(CONTENT);
    expect(existsSync(`${file()}.part`)).to.equal(false);
    expect(seen.at(-1)).to.deep.equal([10_000, 10_000]);
  });

  it("when a part is there, asks for the rest alone", async () => {
    writeFileSync(`${file()}.part`, CONTENT.subarray(0, 1_234));
    await download(url(), file());
    expect(requests).to.deep.equal(["bytes=1234-"]);
    expect(readFileSync(file())).to.deep.equal(CONTENT);
  });

  it("when the connection breaks, continues where it broke", async () => {
    answer = breakAfter(3_000);
    await download(url(), file());
    expect(requests).to.deep.equal([undefined, "bytes=3000-", "bytes=6000-", "bytes=9000-"]);
    expect(readFileSync(file())).to.deep.equal(CONTENT);
  });

  it("when the server knows no ranges, begins anew", async () => {
    answer = sendAll;
    writeFileSync(`${file()}.part`, "other");
    await download(url(), file());
    expect(readFileSync(file())).to.deep.equal(CONTENT);
  });

  it("when the part is complete, or longer than the file, ends with the file", async () => {
    writeFileSync(`${file()}.part`, CONTENT);
    await download(url(), file());
    expect(readFileSync(file())).to.deep.equal(CONTENT);
    rmSync(file());
    writeFileSync(`${file()}.part`, Buffer.concat([CONTENT, CONTENT]));
    await download(url(), file());
    expect(readFileSync(file())).to.deep.equal(CONTENT);
  });

  it("when nothing more comes, keeps the part and says how to continue", async () => {
    answer = (_, response) => response.destroy();
    writeFileSync(`${file()}.part`, "0123");
    expect(await failure(download(url(), file()))).to.match(
      /stopped after 4 bytes: .*Run the command again to continue/,
    );
    expect(readFileSync(`${file()}.part`, "utf8")).to.equal("0123");
  });

  it("when the server refuses or sends another part, says so", async () => {
    answer = (_, response) => response.writeHead(404).end();
    expect(await failure(download(url(), file()))).to.contain("answers 404 Not Found.");
    answer = (_, response) => response.writeHead(206, { "content-range": "bytes 7-9/10" }).end("789");
    writeFileSync(`${file()}.part`, "0");
    expect(await failure(download(url(), file()))).to.contain("another part than asked, from byte 7");
  });

  describe("obtainPhase1", () => {
    const quiet = () => {};
    const hash = createHash("blake2b512").update(CONTENT).digest("hex");

    it("given a URL with another content than its hash, deletes it", async () => {
      const other = { ptau: url(), blake2b: "00".repeat(64) };
      expect(await failure(obtainPhase1(other, quiet, folder))).to.contain(
        `has the BLAKE2b hash ${hash}, not 0000`,
      );
      expect(existsSync(file())).to.equal(false);
    });

    it("given a URL once downloaded, does not ask for it again", async () => {
      const source = { ptau: url(), blake2b: hash.toUpperCase() };
      for (let i = 0; i < 2; i++)
        expect(await failure(obtainPhase1(source, quiet, folder))).to.contain("is not a ptau file");
      expect(requests).to.have.length(1);
    });

    it("given a URL without a known hash or name, asks for nothing", async () => {
      expect(await failure(obtainPhase1({ ptau: url() }, quiet, folder))).to.contain(
        "pass its published hash by --blake2b",
      );
      const evil = { ptau: url().replace("some.ptau", "%2e%2e%2fx.zkey"), blake2b: hash };
      expect(await failure(obtainPhase1(evil, quiet, folder))).to.contain(
        "does not end with the name of a ptau file",
      );
      expect(await failure(obtainPhase1({ ptau: url(), blake2b: "12" }, quiet, folder))).to.contain(
        "has 128",
      );
      expect(requests).to.deep.equal([]);
    });

    it("given a missing file, says so", async () => {
      expect(await failure(obtainPhase1({ ptau: "none.ptau" }, quiet, folder))).to.equal(
        "There is no file none.ptau.",
      );
    });
  });
});

function sendAll(_: IncomingMessage, response: ServerResponse): void {
  response.end(CONTENT);
}

function sendRest({ headers: { range } }: IncomingMessage, response: ServerResponse): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  if (range === undefined) response.setHeader("content-length", CONTENT.length).end(CONTENT);
  else if (start >= CONTENT.length)
    response.writeHead(416, { "content-range": `bytes */${CONTENT.length}` }).end();
  else {
    const last = CONTENT.length - 1;
    response
      .writeHead(206, { "content-range": `bytes ${start}-${last}/${CONTENT.length}` })
      .end(CONTENT.subarray(start));
  }
}

/** Sends this many bytes of the rest and ends the connection. */
function breakAfter(bytes: number): Answer {
  return ({ headers: { range } }, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const [size, rest] = [CONTENT.length, CONTENT.subarray(start)];
    const head = { "content-length": rest.length, "content-range": `bytes ${start}-${size - 1}/${size}` };
    response.writeHead(range === undefined ? 200 : 206, head);
    response.write(rest.subarray(0, bytes), () => {
      if (rest.length > bytes) setTimeout(() => response.destroy(), 20);
      else response.end();
    });
  };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(CircuitError);
  return (error as CircuitError).message;
}
