import { getConditions, registerTerms, termsIdOf } from "@benefit-grid/sdk";
import { expect } from "chai";
import { CONDITIONS, gridFixture, terms } from "../../grid.ts";
import { expectInvalid, expectRevert, withClients } from "../clients.ts";

const policyHash = terms().policyHash as `0x${string}`;

describe("registerTerms", () => {
  it("when terms permit nothing, names the parameter", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const client = await as(stranger);
    await expectInvalid(registerTerms(client, { ...CONDITIONS, duration: 0n }), "duration");
    await expectInvalid(registerTerms(client, { ...CONDITIONS, contexts: 2n ** 32n }), "contexts");
    await expectInvalid(registerTerms(client, { ...CONDITIONS, policyHash: "0x12" }), "policyHash");
    const unsaid = { ...CONDITIONS, transferable: undefined as unknown as boolean };
    await expectInvalid(registerTerms(client, unsaid), "transferable");
  });

  it("when terms are new, stores them under the chain's id", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const client = await as(stranger);
    const parameters = { ...CONDITIONS, policyHash };
    const simulated = await registerTerms.simulate(client, parameters);
    const { termsId } = await registerTerms(client, parameters);
    expect(simulated).to.deep.equal({ termsId });
    expect(termsIdOf(parameters)).to.equal(termsId);
    expect(await getConditions(client, { termsId })).to.deep.equal(CONDITIONS);
  });

  it("when nothing is said of derivatives, permits none", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const client = await as(stranger);
    const { derivatives: _, derivativeShareBps: __, ...parameters } = CONDITIONS;
    const { termsId } = await registerTerms(client, parameters);
    const { derivatives, derivativeShareBps } = await getConditions(client, { termsId });
    expect({ derivatives, derivativeShareBps }).to.deep.equal({ derivatives: false, derivativeShareBps: 0n });
  });

  it("when terms were stored before, returns the same id", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const client = await as(stranger);
    const { termsId } = await registerTerms(client, CONDITIONS);
    expect((await registerTerms(client, CONDITIONS)).termsId).to.equal(termsId);
  });
});

describe("getConditions", () => {
  it("when there are none, reverts", async () => {
    const { as, stranger } = await withClients(gridFixture);
    const termsId = termsIdOf(CONDITIONS);
    await expectRevert(getConditions(await as(stranger), { termsId }), "TermsNonexistent", { termsId });
  });
});
