import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";

describe("tests", () => {
  it("have no time limits of their own: machines differ", () => {
    const limited = globSync("test/**/*.ts").filter((file) =>
      /\bthis\.timeout\(/.test(readFileSync(file, "utf8")),
    );
    expect(limited).to.deep.equal([]);
  });
});
