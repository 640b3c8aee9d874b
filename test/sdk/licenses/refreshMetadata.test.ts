import { refreshMetadata } from "@benefit-grid/sdk";
import { expect } from "chai";
import { licenseFixture } from "../../grid.ts";
import { expectRevert, withClients } from "../clients.ts";

describe("refreshMetadata", () => {
  it("when the license does not exist, reverts", async () => {
    const { as, stranger } = await withClients(licenseFixture);
    const refreshing = refreshMetadata(await as(stranger), { licenseId: 2n });
    await expectRevert(refreshing, "ERC721NonexistentToken", { tokenId: 2n });
  });

  it("when anyone calls, marketplaces are told", async () => {
    const { as, licenses, stranger } = await withClients(licenseFixture);
    const { hash } = await refreshMetadata(await as(stranger), { licenseId: 1n });
    const [event] = await licenses.queryFilter(licenses.filters.MetadataUpdate());
    expect(event).to.deep.include({ transactionHash: hash });
    expect(event?.args).to.deep.equal([1n]);
  });
});
