import * as sdk from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../grid.ts";
import { rejectionOf, withClients } from "./clients.ts";

const classes = Object.entries(sdk).filter(
  ([name]) => name.endsWith("Error") && name !== "GridError",
) as unknown as [string, typeof sdk.GridError][];

describe("errors", () => {
  it("all extend GridError", () => {
    expect(classes.length).to.be.greaterThan(15);
    for (const [name, one] of classes) expect(one.prototype, name).to.be.instanceOf(sdk.GridError);
  });

  it("when a contract reverts, has code, contract, function and the first sentence", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const error = await rejectionOf(sdk.retireOffer(await as(buyer), { offerId: 9n }));
    expect(error).to.deep.include({
      code: "CONTRACT_REVERT",
      name: "OfferNonexistent",
      contract: "TermsRegistry",
      function: "retireOffer",
      shortMessage: "The contract reverted with OfferNonexistent(offerId: 9).",
    });
  });

  it("when a read reverts, names the contract and function too", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const error = await rejectionOf(sdk.getOffer(await as(buyer), { offerId: 9n }));
    expect(error).to.deep.include({ contract: "TermsRegistry", function: "offerOf" });
  });

  it("when a parameter is wrong, the short message has no advice", () => {
    const error = new sdk.InvalidParameterError("units", "is 0", "Pass at least 1");
    expect(error.shortMessage).to.equal("`units` is 0.");
    expect(error.message).to.equal("`units` is 0. Pass at least 1.");
    expect(error).to.deep.include({ code: "INVALID_PARAMETER", contract: undefined, function: undefined });
  });
});
