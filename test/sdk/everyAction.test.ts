import { AbortedError, GridError, withOptions } from "@benefit-grid/sdk";
import { expect } from "chai";
import { offerFixture } from "../grid.ts";
import { actions } from "./actions.ts";
import { rejectionOf, withClients } from "./clients.ts";

/** Parameters that have this value under each name. */
function everythingIs(value: unknown): object {
  return new Proxy({}, { get: () => value, has: () => true });
}

async function errorOf(action: () => unknown): Promise<Error | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Reads, signatures, and calls for proposals. */
const SENDS_NOTHING =
  /^(audit|authorizeUse|callTo|claimable|derive|explain|find|format|get|is[A-Z]|list|parse|payable|recover|sign|scan|simulate|toExact|verify|watch)/;

/** Actions that choose and send transactions of other writes. The pieces have all forms. */
const OF_SEVERAL = {
  buy: "an approval may come first",
  claimAll: "as many as the rows need",
  closeRounds: "one for each round",
  contributeFromWallet: "an approval may come first",
  fundSubnetFromWallet: "an approval may come first",
  payFromWallet: "an approval may come first",
  stakeFromWallet: "an approval may come first",
  settleMeter: "leaves out offers whose release fails",
};

describe("every action", () => {
  it("is found", () => {
    const names = actions.map(({ name }) => name);
    expect(names.length).to.be.greaterThan(130);
    expect(names).to.include.members(["pay", "getUsage", "signVoucher", "callToAdmitLedger", "getRound"]);
  });

  it("when called without a client, says so", async () => {
    for (const { name, run } of actions) {
      for (const wrong of [undefined, null, {}, "client"]) {
        const error = await rejectionOf(() => run(wrong, {}));
        expect(error, `${name}: ${error.stack}`).to.include({
          parameter: "client",
          code: "INVALID_PARAMETER",
        });
      }
    }
  });

  it("when called without parameters, says so", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const client = await as(buyer);
    for (const { name, run, needsParameters } of actions) {
      if (!needsParameters) continue;
      for (const wrong of [undefined, null, 7n]) {
        const error = await rejectionOf(() => run(client, wrong));
        expect(error, `${name}: ${error.stack}`).to.include({ parameter: "parameters" });
      }
    }
  });

  it("when a parameter is missing or of another type, throws an error of the package", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const client = await as(buyer);
    const wrong: string[] = [];
    for (const { name, run, needsParameters } of actions) {
      if (!needsParameters) continue;
      for (const parameters of [
        {},
        everythingIs(null),
        everythingIs("x"),
        everythingIs(1),
        everythingIs({}),
      ]) {
        const error = await errorOf(() => run(client, parameters));
        if (error && !(error instanceof GridError)) wrong.push(`${name}: ${error.stack}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it("when the client's signal has aborted, does nothing", async () => {
    const { as, buyer } = await withClients(offerFixture);
    const reason = new Error("closed");
    const client = withOptions(await as(buyer), { signal: AbortSignal.abort(reason) });
    for (const { name, run } of actions) {
      const forms = [run, run.simulate, run.estimateGas, run.prepare].filter((form) => form !== undefined);
      for (const form of forms) {
        const error = await rejectionOf(() => form(client, {}));
        expect(error, `${name}: ${error.stack}`).to.be.instanceOf(AbortedError);
        expect(error).to.include({ code: "ABORTED", cause: reason });
      }
    }
  });

  it("that sends has all forms of a write", () => {
    const forms = ["simulate", "estimateGas", "prepare", "decode"] as const;
    const lacking = actions
      .filter(({ name }) => !SENDS_NOTHING.test(name))
      .filter(({ run }) => !forms.every((form) => run[form]))
      .map(({ name }) => name);
    expect(lacking.sort()).to.deep.equal(Object.keys(OF_SEVERAL).sort());
  });
});
