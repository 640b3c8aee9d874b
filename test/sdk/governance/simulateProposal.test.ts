import { callToAdmitLedger, callToFunction, createClient, simulateProposal } from "@benefit-grid/sdk";
import { expect } from "chai";
import { ethers, impersonate, networkHelpers } from "../../grid.ts";
import { expectInvalid } from "../clients.ts";
import { started } from "./support.ts";

describe("simulateProposal", () => {
  it("when there are no calls, names the parameter", async () => {
    const { as, alice } = await started();
    await expectInvalid(simulateProposal(await as(alice), { calls: [] }), "calls");
  });

  it("when the timelock may call, succeeds and changes nothing", async () => {
    const { as, alice, coin, terms } = await started();
    const client = await as(alice);
    const call = callToAdmitLedger(client, { ledger: await coin.getAddress() });
    const { ok, calls } = await simulateProposal(client, { calls: [call] });
    expect(ok).to.equal(true);
    expect(calls.map(({ function: name, outcome }) => [name, outcome])).to.deep.equal([
      ["admitLedger", "succeeds"],
    ]);
    expect(await terms.ledgerStatus(coin)).to.equal(0n);
  });

  it("when a call fails, names it and the reason", async () => {
    const { as, alice, bob, coin } = await started();
    const client = await as(alice);
    const good = callToAdmitLedger(client, { ledger: await coin.getAddress() });
    const bad = callToAdmitLedger(client, { ledger: bob.address });
    const { ok, inSequence, calls } = await simulateProposal(client, { calls: [good, bad] });
    expect({ ok, inSequence }).to.deep.equal({ ok: false, inSequence: false });
    expect(calls.map(({ outcome }) => outcome)).to.deep.equal(["succeeds", "fails"]);
    expect(calls[1]?.error).to.include({ name: "LedgerNotContract" });
    expect(calls[1]?.error).to.have.deep.property("args", { ledger: bob.address });
  });

  it("when a call reverts without a reason, fails", async () => {
    const { as, alice, coin } = await started();
    const target = await coin.getAddress();
    const call = callToFunction({ target, function: "none()", args: [] });
    const { calls } = await simulateProposal(await as(alice), { calls: [call] });
    expect(calls[0]?.outcome).to.equal("fails");
    expect(calls[0]?.error).to.have.deep.property("args", { data: "0x" });
  });

  it("when there is no contract to call, fails: the chain would silently do nothing", async () => {
    const { as, alice, bob } = await started();
    const client = await as(alice);
    const call = callToFunction({ target: bob.address, function: "set(uint256)", args: [1n] });
    const payment = { target: bob.address, data: "0x" } as const;
    const { ok, calls } = await simulateProposal(client, { calls: [call, payment] });
    expect(ok).to.equal(false);
    expect(calls[0]?.error?.message).to.equal(`There is no contract at ${bob.address}. Check the address.`);
    expect(calls[1]?.outcome).to.equal("succeeds");
  });

  it("when a call is the governor's own, leaves it untried", async () => {
    const { as, alice, governor } = await started();
    const target = await governor.getAddress();
    const call = callToFunction({ target, function: "setVotingDelay(uint48)", args: [1n] });
    const { ok, calls } = await simulateProposal(await as(alice), { calls: [call] });
    expect({ ok, outcome: calls[0]?.outcome }).to.deep.equal({ ok: true, outcome: "untried" });
  });

  it("when the node tries calls in sequence, lets one depend on another", async () => {
    const { as, alice, coin, terms, deployment } = await started();
    const alone = await as(alice);
    const ledger = await coin.getAddress();
    const target = await terms.getAddress();
    const calls = [
      callToAdmitLedger(alone, { ledger }),
      callToFunction({ target, function: "retireLedger(address)", args: [ledger] }),
      callToFunction({ target, function: "retireLedger(address)", args: [ledger] }),
    ];
    const outcomesOf = ({ calls }: Awaited<ReturnType<typeof simulateProposal>>) =>
      calls.map(({ outcome }) => outcome);
    expect(outcomesOf(await simulateProposal(alone, { calls }))).to.deep.equal([
      "succeeds",
      "fails",
      "fails",
    ]);

    for (const failed of [inError, inReturn]) {
      const client = await createClient({ runner: simulating(failed), deployment });
      const result = await simulateProposal(client, { calls });
      expect(outcomesOf(result)).to.deep.equal(["succeeds", "succeeds", "fails"]);
      expect(result.inSequence).to.equal(true);
      expect(result.calls[2]?.error).to.include({ name: "LedgerStatusInvalid" });
      expect(await terms.ledgerStatus(coin)).to.equal(0n);
    }
  });

  it("when the node tells no reason, has the node's words", async () => {
    const { as, alice, bob, deployment } = await started();
    const call = callToAdmitLedger(await as(alice), { ledger: bob.address });
    for (const returnData of ["0x", undefined]) {
      const failed = () => ({ returnData, error: { code: -3200, message: "out of gas" } });
      const client = await createClient({ runner: simulating(failed), deployment });
      const { calls } = await simulateProposal(client, { calls: [call] });
      expect(calls[0]?.error?.message).to.equal("out of gas");
    }
  });
});

type Block = { blockStateCalls: [{ calls: { from: string; to: string; data: string; value: string }[] }] };

/** Places of a call's revert data: most nodes put it into the error, some into the result. */
const inError = (data: string) => ({ error: { code: 3, message: "execution reverted", data } });
const inReturn = (returnData: string) => ({
  returnData,
  error: { code: -3200, message: "execution failed" },
});

/** This chain's provider with `eth_simulateV1`, by transactions it reverts afterwards. */
function simulating(failed: (data: string) => object): typeof ethers.provider {
  const send = async (method: string, params: unknown[]) => {
    if (method !== "eth_simulateV1") return await ethers.provider.send(method, params);
    const [{ blockStateCalls }] = params as [Block];
    const snapshot = await networkHelpers.takeSnapshot();
    const calls = [];
    for (const { from, ...call } of blockStateCalls[0].calls) {
      const sender = await impersonate(from);
      calls.push(
        await sender.sendTransaction(call).then(
          () => ({ status: "0x1" }),
          ({ data }) => ({ status: "0x0", ...failed(data) }),
        ),
      );
    }
    await snapshot.restore();
    return [{ calls }];
  };
  const provider: typeof ethers.provider = new Proxy(ethers.provider, {
    get: (target, key) => {
      if (key === "provider") return provider;
      const value = key === "send" ? send : Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return provider;
}
