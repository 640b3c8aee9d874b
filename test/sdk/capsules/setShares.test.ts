import { getShares, setShares } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

describe("setShares", () => {
  it("when a row has too many units, names it", async () => {
    const { as, creator } = await withClients(offerFixture);
    const shares = [{ role: "data", units: 2n ** 64n }] as const;
    await expectInvalid(setShares(await as(creator), { capsuleId: 1n, shares }), "shares[0].units");
  });

  it("when somebody else calls, reverts", async () => {
    const { as, stranger } = await withClients(offerFixture);
    const setting = setShares(await as(stranger), { capsuleId: 1n, shares: [] });
    await expectRevert(setting, "CallerNotCapsuleOwner", { capsuleId: 1n, caller: stranger.address });
  });

  it("when the owner calls, starts a version and keeps the one before", async () => {
    const { as, creator, dataOwner, modelOwner } = await withClients(offerFixture);
    const client = await as(creator);
    const shares = [{ role: "compute", units: 5n, account: dataOwner.address }] as const;
    const { sharesVersion } = await setShares(client, { capsuleId: 1n, shares });
    expect(sharesVersion).to.equal(2n);
    const now = await getShares(client, { capsuleId: 1n });
    expect(now.shares).to.deep.equal([...shares, { role: "data", units: 1n }, { role: "model", units: 1n }]);
    const before = await getShares(client, { capsuleId: 1n, sharesVersion: 1n });
    expect(before).to.deep.include({ sharesVersion: 1n, owner: creator.address });
    expect(before.shares[1]).to.deep.equal({ role: "model", units: 1n, account: modelOwner.address });
  });
});
