import { sqliteStore } from "@benefit-grid/meter";
import { expect } from "chai";
import { rejectionOf } from "../../../sdk/clients.ts";

describe("sqliteStore on an older Node", () => {
  it("when there is no node:sqlite, says which Node is needed", async () => {
    const real = process.getBuiltinModule;
    process.getBuiltinModule = (() => undefined) as typeof real;
    try {
      const error = await rejectionOf(sqliteStore(":memory:"));
      expect(error.name).to.equal("NodeVersionError");
      expect(error.message).to.equal(
        `The meter needs Node 22.13 or later, but this is ${process.versions.node}.`,
      );
    } finally {
      process.getBuiltinModule = real;
    }
  });
});
