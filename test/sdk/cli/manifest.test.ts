import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildManifest } from "@benefit-grid/sdk/manifests";
import { expect } from "chai";
import { temporaryFolder, write } from "./support.ts";

const node = promisify(execFile);

/** Runs the command. */
async function manifest(...argv: string[]) {
  const args = ["sdk/dist/cli/main.js", "manifest", ...argv];
  return await node(process.execPath, args).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  );
}

describe("benefit-grid manifest", () => {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  const file = join(folder, "manifest.jsonl");
  const content = (text: string) => new TextEncoder().encode(text);
  let root = "";

  before(async () => {
    mkdirSync(join(data, "faces"), { recursive: true });
    writeFileSync(join(data, "faces/1.png"), "one");
    writeFileSync(join(data, "faces/2.png"), "two");
    writeFileSync(join(data, "labels.csv"), "");
    const dataset = { capsuleId: 7n, version: 1n };
    ({ root } = await buildManifest([
      { path: "faces/1.png", content: content("one"), dataset },
      { path: "faces/2.png", content: content("two"), dataset },
      { path: "labels.csv", content: content(""), dataset },
    ]));
  });

  it("explains itself, and refuses other words", async () => {
    expect((await manifest("help")).out).to.match(/^Usage: benefit-grid manifest <command>/);
    for (const words of [["bogus"], ["build"], ["prove", "a"], ["build", "--bogus"]]) {
      const { code, err, out } = await manifest(...words);
      expect([code, out], words.join(" ")).to.deep.equal([1, ""]);
      expect(err).to.not.equal("");
    }
  });

  it("builds a folder's manifest, proves a file of it and verifies the proof", async () => {
    const built = await manifest("build", data, "--dataset", "7:1", "--out", file);
    expect(built).to.deep.equal({ code: 0, out: `root ${root}, 3 pieces, in ${file}\n`, err: "" });
    const { out } = await manifest("prove", file, "faces/2.png");
    expect(JSON.parse(out)).to.have.property("root", root);
    const proof = write(folder, "proof.json", JSON.parse(out));
    const verified = await manifest("verify", proof, "--root", root, "--content", join(data, "faces/2.png"));
    expect(verified).to.deep.equal({
      code: 0,
      out: `faces/2.png is in the manifest with root ${root}.\n`,
      err: "",
    });
    expect((await manifest("verify", proof)).out).to.contain("Compare it with the chain's.");
    const elsewhere = await manifest("verify", proof, "--root", `0x${"12".repeat(32)}`);
    expect(elsewhere).to.include({ code: 1, out: "" });
    const upper = `0x${root.slice(2).toUpperCase()}`;
    expect((await manifest("verify", proof, "--root", upper)).code).to.equal(0);
    const other = await manifest("verify", proof, "--content", join(data, "faces/1.png"));
    expect(other.code).to.equal(1);
    expect(other.err).to.contain("is NOT the piece faces/2.png");
  });

  it("without --out, prints the lines alone", async () => {
    const { code, out, err } = await manifest("build", data);
    expect(code).to.equal(0);
    expect(out.trim().split("\n")).to.have.lengthOf(3);
    expect(err).to.match(/^root 0x[0-9a-f]{64}, 3 pieces\n$/);
  });

  it("refuses links, empty folders, wrong datasets, unknown paths and foreign proofs", async () => {
    const linked = join(folder, "linked");
    mkdirSync(join(folder, "empty"));
    mkdirSync(linked);
    symlinkSync(file, join(linked, "link"));
    await manifest("build", data, "--out", file);
    const foreign = JSON.stringify({ root, piece: {}, proof: [] });
    const proof = write(folder, "proof.json", JSON.parse((await manifest("prove", file, "labels.csv")).out));
    // Each link doubles the ways through the folder, should somebody follow them.
    const looped = join(folder, "looped");
    mkdirSync(looped);
    for (const name of ["a", "b"]) symlinkSync(looped, join(looped, name));
    for (const [words, problem] of [
      [["build", linked], `${join(linked, "link")} is not a file. Copy what it links to, or remove it.`],
      [["build", looped], "is not a file."],
      [["build", join(folder, "none")], `There is no file ${join(folder, "none")}. Check its path.`],
      [["build", file], `${file} is not a folder. Pass a folder.`],
      [["build", data, "--datset", "7:1"], "There is no option --datset. See --help."],
      [["build", join(folder, "empty")], "pieces is empty. Pass at least one piece."],
      [["build", data, "--dataset", "7"], "--dataset is 7. Pass capsule and version, such as 7:1."],
      [["prove", file, "faces/9.png"], "not in the manifest"],
      [["verify", proof, "--root", "0x12"], "--root is 0x12. Pass 32 bytes in hex."],
      ...["null", "{}", "x", '{"piece":[],"proof":[1]}', foreign].map((text, i) => {
        const path = write(folder, `foreign${i}.json`, text);
        return [["verify", path], `${path} is not a proof by benefit-grid manifest prove.`] as const;
      }),
    ] as const) {
      const { code, err } = await manifest(...words);
      expect(code, err).to.equal(1);
      expect(err)
        .to.contain(problem)
        .and.match(/^benefit-grid manifest: .*\n$/);
    }
  }).timeout(60_000);
});
