import { readFileSync } from "node:fs";
import { InvalidParameterError, mintLicense, retireOffer } from "@benefit-grid/sdk";
import { errorsAbi } from "@benefit-grid/sdk/abis";
import { explainError, explanations } from "@benefit-grid/sdk/explain";
import { expect } from "chai";
import { ERRORS_FILE, errorsPage } from "../../scripts/docs/errors.ts";
import { offerFixture } from "../grid.ts";
import { rejectionOf, withClients } from "./clients.ts";

describe("explainError", () => {
  it("when a contract reverts, says what happened and what to do, with the error's values", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const client = await as(buyer);
    const order = { offerId: 1n, to: buyer.address, units: 1_000n, maxPrice: 0n };
    const tooDear = await rejectionOf(mintLicense(client, order));
    expect(explainError(tooDear)).to.deep.equal({
      happened: "The price is above your maximum.",
      advice: "Read the price again by `priceOfUnits`. Pay it only if you agree.",
    });
    expect(explainError(await rejectionOf(retireOffer(client, { offerId: 9n })))).to.deep.equal({
      happened: "There is no offer with this id.",
      advice: "Check the id and the chain.",
    });
  });

  it("fills in arguments, and keeps the names of functions", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const client = await as(buyer);
    const { maxUnits } = await client.contracts.TermsRegistry.offerConditionsOf(1n);
    const order = { offerId: 1n, to: buyer.address, units: maxUnits + 1n, maxPrice: 10n ** 18n };
    expect(explainError(await rejectionOf(mintLicense(client, order)))).to.deep.equal({
      happened: "More units than the terms allow in one term.",
      advice: `Buy at most ${maxUnits} in all, or renew for another term.`,
    });
  });

  it("for other errors of the package, separates what is wrong from the advice", () => {
    const error = new InvalidParameterError("units", "is 0", "Pass at least 1");
    expect(explainError(error)).to.deep.equal({ happened: "`units` is 0.", advice: "Pass at least 1." });
  });

  it("for an error of something else, says nothing", () => {
    for (const error of [new Error("no"), undefined, null, "text", { name: "LicenseEnded" }])
      expect(explainError(error)).to.equal(undefined);
  });

  it("knows every error of the ABIs, each in two plain sentences", () => {
    const names = errorsAbi.map(({ name }) => name);
    expect(names.length).to.be.greaterThan(250);
    expect(Object.keys(explanations)).to.include.members(names);
    for (const [name, [happened, advice]] of Object.entries(explanations)) {
      expect(happened, name).to.match(/^[A-Z].*\.$/);
      expect(advice, name).to.match(/^[A-Z].*\.$/);
    }
  });

  it("names in backquotes only arguments of the error, or exports of the package", async () => {
    const exported = new Set([
      ...Object.keys(await import("@benefit-grid/sdk")),
      ...Object.keys(await import("@benefit-grid/sdk/manifests")),
      ...Object.keys(await import("@benefit-grid/sdk/proofs")),
    ]);
    const fields = new Set([
      "maxUnits",
      "derivatives",
      "message",
      "data",
      "onERC721Received",
      "s",
      "SCHEMA_UID",
    ]);
    const inputs = new Map(
      errorsAbi.map((error) => [error.name as string, error.inputs.map((one) => one.name as string)]),
    );
    const unknown = Object.entries(explanations).flatMap(([name, texts]) =>
      [...texts.join(" ").matchAll(/`(\w+)`/g)]
        .map(([, word = ""]) => word)
        .filter((word) => !exported.has(word) && !fields.has(word) && !inputs.get(name)?.includes(word))
        .map((word) => `${name}: ${word}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it("is the page of all errors", () => {
    expect(readFileSync(ERRORS_FILE, "utf8"), "npm run docs -- --errors").to.equal(errorsPage());
  });
});
