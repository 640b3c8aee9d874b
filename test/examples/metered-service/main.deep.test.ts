import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";

describe("examples/metered-service", () => {
  it("when it runs, is paid for each call behind every framework", () => {
    const env = { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" };
    const options = { encoding: "utf8", env } as const;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/example.ts", "metered-service"],
      options,
    );
    expect(status, stderr).to.equal(0);
    const calls = (framework: string) => [
      `${framework} wounds? heals What  (3 units so far)`,
      `${framework} blue? sky the is Why  (8 units so far)`,
      `${framework} bridge? the for paid Who  (13 units so far)`,
      "         stored: 13 units used, a voucher for 8",
      "",
    ];
    expect(stdout.split("\n").slice(0, -1)).to.deep.equal(
      ["Hono    ", "Express ", "Fastify "].flatMap(calls),
    );
  });

  for (const framework of ["hono", "express", "fastify"]) {
    it(`mounts on ${framework} in at most 15 lines`, () => {
      const source = readFileSync(`examples/metered-service/${framework}.ts`, "utf8");
      expect(source.slice(source.indexOf("/**")).trim().split("\n").length).to.be.at.most(15);
    });
  }
});
