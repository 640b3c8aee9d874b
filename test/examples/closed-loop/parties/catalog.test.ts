import { getCapsule, getConditions, getMeter, getOffer, termsIdOf } from "@benefit-grid/sdk";
import { expect } from "chai";
import { createGas } from "../../../../examples/closed-loop/money/gas.ts";
import { createActors } from "../../../../examples/closed-loop/parties/actors.ts";
import { type Catalog, publishCatalog } from "../../../../examples/closed-loop/parties/catalog.ts";
import { policyFacts, terms } from "../../../../examples/closed-loop/parties/policy.ts";
import { deployedGrid } from "../../../deployed.ts";

describe("publishCatalog", () => {
  let catalog: Catalog;

  before(async () => {
    const { connection, deployment } = await deployedGrid();
    const currency = deployment.contracts.TestUSD ?? expect.fail("no TestUSD");
    const actors = await createActors(connection, deployment);
    const applications = [await actors.create("one"), await actors.create("two")];
    catalog = await publishCatalog(actors, applications, currency, createGas());
  });

  it("gives the service an owner other than the meter", async () => {
    const { serviceOwner, operator, serviceId, meterId } = catalog;
    const { owner } = await getCapsule(operator.client, { capsuleId: serviceId });
    const meter = await getMeter(operator.client, { meterId });
    expect([owner, meter?.operator]).to.deep.equal([serviceOwner.address, operator.address]);
    expect(serviceOwner.address).to.not.equal(operator.address);
  });

  it("sells under the terms of its policy", async () => {
    const { operator, offerIds } = catalog;
    const { policyHash, ...conditions } = terms;
    expect(policyFacts.hash).to.equal(policyHash);
    for (const offerId of offerIds) {
      const { termsId } = await getOffer(operator.client, { offerId });
      expect(termsId).to.equal(termsIdOf(terms));
      expect(await getConditions(operator.client, { termsId })).to.deep.equal(conditions);
    }
  });

  it("makes a private offer for each application", async () => {
    const { operator, offerIds, serviceId } = catalog;
    expect(offerIds).to.have.length(2);
    for (const offerId of offerIds) {
      const { mode, capsuleId } = await getOffer(operator.client, { offerId });
      expect([mode, capsuleId]).to.deep.equal(["private", serviceId]);
    }
  });
});
