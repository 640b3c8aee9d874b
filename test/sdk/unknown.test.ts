import {
  claimAll,
  getEarning,
  getEscrow,
  getRevenue,
  getUsage,
  getVault,
  listBenchmarks,
  NotFoundError,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { licenseFixture } from "../grid.ts";
import { expectRevert, rejectionOf, withClients } from "./clients.ts";

describe("a read of an unknown id", () => {
  it("when views of the contract answer zeros, throws", async () => {
    const { as, buyer, token } = await withClients(licenseFixture);
    const client = await as(buyer);
    const reads = {
      "license 2": () => getUsage(client, { licenseId: 2n }),
      "license 0": () => getUsage(client, { licenseId: 0n }),
      "offer 2": () => getEscrow(client, { offerId: 2n }),
      "programme 9": () => getVault(client, { programmeId: 9n, token }),
      "champion 9": () => getEarning(client, { round: 1n, sector: 7n, championId: 9n }),
      "capsule 2": () => listBenchmarks(client, { capsuleId: 2n }),
      "capsule 3": () => claimAll(client, { capsuleId: 3n, tokens: [token] }),
      "capsule 4": () => claimAll(client, { account: buyer.address, capsuleIds: [1n, 4n], tokens: [token] }),
    };
    for (const [what, reading] of Object.entries(reads)) {
      const error = await rejectionOf(reading);
      expect(error, `${what}: ${error.stack}`).to.be.instanceOf(NotFoundError);
      expect(error.message).to.equal(`There is no ${what}. Check the id and the chain.`);
    }
    await expectRevert(
      getRevenue(client, { capsuleId: 1n, sharesVersion: 9n, token }),
      "SharesVersionNonexistent",
      { capsuleId: 1n, sharesVersion: 9n },
    );
  });

  it("when the id is known, answers zeros", async () => {
    const { as, buyer, token } = await withClients(licenseFixture);
    const client = await as(buyer);
    const usage = await getUsage(client, { licenseId: 1n });
    expect(usage).to.deep.equal({ units: 0n, contexts: 0n, commitment: undefined });
    expect(await getRevenue(client, { capsuleId: 1n, sharesVersion: 1n, token })).to.include({ total: 0n });
    expect(await listBenchmarks(client, { capsuleId: 1n })).to.deep.equal([]);
  });
});
