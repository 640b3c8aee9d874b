import { getClaimable, legsOf, pay } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../grid.ts";
import { withClients } from "../clients.ts";

describe("legsOf", () => {
  it("splits as the router does, to the last unit", async () => {
    const { as, buyer, token } = await withClients(offerFixture);
    const client = await as(buyer);
    let total = 0n;
    for (const amount of [1n, 1n, 5n, 3n, 90n, 999_999n, 7_000_001n]) {
      await pay(client, { capsuleId: 1n, token, amount });
      total += amount;
      const range = { capsuleId: 1n, sharesVersion: 1n, token, first: 0n, count: 4n };
      const due = (await getClaimable(client, range)).map((row) => row.amount);
      const { platform, data, model, compute } = legsOf(total);
      expect(due, `of ${total}`).to.deep.equal([platform, data, model, compute]);
    }
  });

  it("splits a hundred units 40, 30, 20 and 10", () => {
    expect(legsOf(100n)).to.deep.equal({ data: 40n, model: 30n, compute: 20n, platform: 10n });
  });
});
