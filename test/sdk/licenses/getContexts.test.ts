import { CONTEXT_KINDS, CONTEXTS, type Context, getContexts } from "@benefit-grid/sdk";
import { expect } from "chai";
import { gridFixture, impersonate } from "../../grid.ts";
import { withClients } from "../clients.ts";

const FIRST = (Object.keys(CONTEXTS) as Context[]).map((name) => ({
  code: CONTEXTS[name],
  kind: CONTEXT_KINDS[name],
  name,
}));

describe("getContexts", () => {
  it("when the grid is new, returns the contexts of this package", async () => {
    const { as, stranger } = await withClients(gridFixture);
    expect(await getContexts(await as(stranger))).to.deep.equal(FIRST);
  });

  it("when governance defined another, returns it too", async () => {
    const { as, stranger, terms, timelock } = await withClients(gridFixture);
    await terms.connect(await impersonate(timelock)).defineContext(1n, "law");
    const law = { code: BigInt(FIRST.length), kind: "sector", name: "law" };
    expect(await getContexts(await as(stranger))).to.deep.equal([...FIRST, law]);
  });
});
