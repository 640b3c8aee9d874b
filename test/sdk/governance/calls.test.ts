import {
  type Client,
  callToAdmitChampion,
  callToAdmitLedger,
  callToAdmitSource,
  callToDefineContext,
  callToFunction,
  callToReleaseMilestone,
  callToRemoveSource,
  callToRetireLedger,
  callToRetireSector,
  callToSetCurrency,
  callToSetSector,
  callToSetSourceCap,
  callToSetStandardCurrency,
  callToStartProgramme,
  callToStopSource,
  getProposal,
  proposeCalls,
  type ReadyCall,
  simulateProposal,
} from "@benefit-grid/sdk";
import { expect } from "chai";
import { EVIDENCE, FRANCE, METADATA, RELEASE_PERIOD } from "../../commons/support.ts";
import { DAY, impersonate, networkHelpers } from "../../grid.ts";
import { expectInvalid, expectRevert } from "../clients.ts";
import { started } from "./support.ts";

type Dao = Awaited<ReturnType<typeof office>>;

/** Alice's client, and the subjects of proposals: programme 1 with milestone 1, and a source. */
async function office() {
  const dao = await started();
  const { commons, mine, steward, usd, timelock } = dao;
  const governance = await impersonate(timelock);
  await commons.connect(governance).startProgramme(0n, steward, METADATA.hash, METADATA.uri);
  await usd.mint(steward, 400n);
  await usd.connect(steward).approve(commons, 400n);
  await commons.connect(steward).deposit(1n, usd, 400n);
  await commons.connect(steward).proposeMilestone(1n, usd, 400n, 0n, EVIDENCE);
  await mine.connect(governance).admitSource(dao.bob, 5n);
  await networkHelpers.time.increase(RELEASE_PERIOD);
  const client = await dao.as(dao.alice);
  return { ...dao, governance, client, token: await usd.getAddress() };
}

/** Expects a permitted call, and returns its summary and its view for voters. */
async function inspect(client: Client, call: ReadyCall) {
  const { ok, calls } = await simulateProposal(client, { calls: [call] });
  expect(ok, calls[0]?.error?.message).to.equal(true);
  const { proposalId } = await proposeCalls(client, { calls: [call], description: call.summary });
  const { title, calls: proposed } = await getProposal(client, { proposalId });
  expect(title).to.equal(call.summary);
  const [{ contract, function: name, args } = { contract: undefined, function: "", args: {} }] = proposed;
  return { summary: call.summary, what: `${contract}.${name}`, args };
}

describe("calls to be proposed", () => {
  it("admit a champion", async () => {
    const { client, alice, bob } = await office();
    const admission = { country: FRANCE, population: 68_000_000n, programmeId: 1n, sectors: [1n, 2n] };
    const accounts = { operator: alice.address, registrar: bob.address };
    const call = callToAdmitChampion(client, { ...admission, ...accounts });
    expect(await inspect(client, call)).to.deep.equal({
      summary: "Admit a champion for country 250, of 68000000 people, in sectors 1, 2, for programme 1",
      what: "ChampionRegistry.admit",
      args: { admission: { ...admission, ...accounts } },
    });
  });

  it("admit a champion without sectors, and refuse a malformed one", async () => {
    const { client, alice, bob } = await office();
    const good = { country: FRANCE, population: 1n, programmeId: 1n, sectors: [] };
    const accounts = { operator: alice.address, registrar: bob.address };
    const { summary } = callToAdmitChampion(client, { ...good, ...accounts });
    expect(summary).to.contain("in no sector yet");
    const refused = (change: object, parameter: string) =>
      expectInvalid(() => callToAdmitChampion(client, { ...good, ...accounts, ...change }), parameter);
    await refused({ country: 0n }, "country");
    await refused({ population: 2n ** 64n }, "population");
    await refused({ operator: "0x" }, "operator");
    await refused({ registrar: "0x" }, "registrar");
    await refused({ programmeId: 0n }, "programmeId");
    await refused({ sectors: [1n, 65_536n] }, "sectors[1]");
  });

  it("start a programme", async () => {
    const { client, steward } = await office();
    const programme = { metadataHash: METADATA.hash as "0x", uri: METADATA.uri, steward: steward.address };
    const call = callToStartProgramme(client, { ...programme, kind: "service" });
    expect(await inspect(client, call)).to.deep.equal({
      summary: `Start a service programme with ${steward.address} as steward, described at ipfs://programme/1`,
      what: "Commons.startProgramme",
      args: { kind: 1n, ...programme },
    });
    const kind = "other" as "service";
    await expectInvalid(() => callToStartProgramme(client, { ...programme, kind }), "kind");
    const metadataHash = "0x01";
    await expectInvalid(
      () => callToStartProgramme(client, { ...programme, kind: "research", metadataHash }),
      "metadataHash",
    );
  });

  it("release a milestone as it says", async () => {
    const { client, token, steward } = await office();
    const call = await callToReleaseMilestone(client, { milestoneId: 1n });
    const { summary, what, args } = await inspect(client, call);
    expect(summary).to.equal(
      `Release milestone 1 of programme 1: 400 base units of ${token} to its steward ${steward.address}`,
    );
    expect(what).to.equal("Commons.release");
    expect(args).to.include({
      milestoneId: 1n,
      programmeId: 1n,
      token,
      amount: 400n,
      evidenceHash: EVIDENCE,
    });
    const missing = callToReleaseMilestone(client, { milestoneId: 2n });
    await expectRevert(missing, "MilestoneNonexistent", { milestoneId: 2n });
  });

  it("release the next part of a milestone, in another proposal", async () => {
    const { client, commons, governance, token } = await office();
    const first = await callToReleaseMilestone(client, { milestoneId: 1n });
    await inspect(client, first);
    await commons.connect(governance).release(1n, 1n, token, 400n, 0n, EVIDENCE);
    await networkHelpers.time.increase(RELEASE_PERIOD);
    const next = await callToReleaseMilestone(client, { milestoneId: 1n });
    expect(next.data).to.equal(first.data);
    expect((await inspect(client, next)).summary).to.equal(`${first.summary}, 100 paid so far`);
  });

  it("release a service's milestone to its capsule's earners", async () => {
    const { client, commons, governance, steward, usd, token } = await office();
    await commons.connect(governance).startProgramme(1n, steward, METADATA.hash, METADATA.uri);
    await commons.connect(steward).proposeMilestone(2n, usd, 5n, 9n, EVIDENCE);
    const { summary } = await callToReleaseMilestone(client, { milestoneId: 2n });
    expect(summary).to.equal(
      `Release milestone 2 of programme 2: 5 base units of ${token} to the earners of capsule 9`,
    );
  });

  it("set a sector", async () => {
    const { client } = await office();
    const params = { weight: 3n, target: 1_000n, allowance: 2n };
    expect(await inspect(client, callToSetSector(client, { sector: 7n, ...params }))).to.deep.equal({
      summary: "Set sector 7: weight 3, target 1000 units, allowance 2 units a person",
      what: "BenefitMine.setSector",
      args: { sector: 7n, params },
    });
    const wide = { ...params, target: 2n ** 112n };
    await expectInvalid(() => callToSetSector(client, { sector: 7n, ...wide }), "target");
  });

  it("set, end and standardize a currency", async () => {
    const { client, governance, token } = await office();
    const set = callToSetCurrency(client, { token, reserve: 250_000n });
    expect(await inspect(client, set)).to.deep.equal({
      summary: `Sell coins for ${token}, at least 250000 base units a coin`,
      what: "CoinSale.setCurrency",
      args: { token, reserve: 250_000n },
    });
    const { summary } = await inspect(client, callToSetCurrency(client, { token, reserve: 0n }));
    expect(summary).to.equal(`Stop selling coins for ${token}`);
    await governance.sendTransaction({ to: set.target, data: set.data });
    expect(await inspect(client, callToSetStandardCurrency(client, { token }))).to.deep.equal({
      summary: `Sell coins for ${token} unless their champion prefers another currency`,
      what: "CoinSale.setStandardCurrency",
      args: { token },
    });
    await expectInvalid(() => callToSetCurrency(client, { token, reserve: -1n }), "reserve");
  });

  it("admit and retire a ledger", async () => {
    const { client, governance, token } = await office();
    const admit = callToAdmitLedger(client, { ledger: token });
    expect(await inspect(client, admit)).to.deep.equal({
      summary: `Admit the ledger ${token}`,
      what: "TermsRegistry.admitLedger",
      args: { ledger: token },
    });
    await governance.sendTransaction({ to: admit.target, data: admit.data });
    expect(await inspect(client, callToRetireLedger(client, { ledger: token }))).to.deep.equal({
      summary: `Retire the ledger ${token} permanently`,
      what: "TermsRegistry.retireLedger",
      args: { ledger: token },
    });
  });

  it("define a context", async () => {
    const { client } = await office();
    const call = callToDefineContext(client, { kind: "territory", name: "antarctica" });
    expect(await inspect(client, call)).to.deep.equal({
      summary: "Define the territory antarctica as a context of use, permanently",
      what: "TermsRegistry.defineContext",
      args: { kind: 2n, name: "antarctica" },
    });
    const kind = "other" as "sector";
    await expectInvalid(() => callToDefineContext(client, { kind, name: "law" }), "kind");
    for (const name of ["", "Law", "a".repeat(32), "law\n"]) {
      await expectInvalid(() => callToDefineContext(client, { kind: "sector", name }), "name");
    }
  });

  it("admit and remove a source", async () => {
    const { client, alice, bob } = await office();
    const admit = callToAdmitSource(client, { source: alice.address, cap: 5_000n });
    expect(await inspect(client, admit)).to.deep.equal({
      summary: `Let ${alice.address} report benefit, at most 5000 units a round and sector`,
      what: "BenefitMine.admitSource",
      args: { source: alice.address, cap: 5_000n },
    });
    await expectInvalid(() => callToAdmitSource(client, { source: alice.address, cap: 0n }), "cap");
    expect(await inspect(client, callToRemoveSource(client, { source: bob.address }))).to.deep.equal({
      summary: `Stop ${bob.address} from reporting benefit`,
      what: "BenefitMine.removeSource",
      args: { source: bob.address },
    });
  });

  it("correct a source's cap and stop a source", async () => {
    const { client, bob } = await office();
    const source = bob.address;
    expect(await inspect(client, callToSetSourceCap(client, { source, cap: 400n }))).to.deep.equal({
      summary: `Let ${source} report at most 400 units a round and sector, from the next round on`,
      what: "BenefitMine.setSourceCap",
      args: { source, cap: 400n },
    });
    await expectInvalid(() => callToSetSourceCap(client, { source, cap: 0n }), "cap");
    expect(await inspect(client, callToStopSource(client, { source }))).to.deep.equal({
      summary: `Stop ${source} from reporting benefit, and void its reports in rounds on hold`,
      what: "BenefitMine.stopSource",
      args: { source },
    });
    await expectInvalid(() => callToStopSource(client, { source: "0x" }), "source");
  });

  it("retire a sector", async () => {
    const { client, mine, governance } = await office();
    await mine.connect(governance).setSector(7n, { weight: 0n, target: 0n, allowance: 0n });
    await networkHelpers.time.increase(DAY);
    expect(await inspect(client, callToRetireSector(client, { sector: 7n }))).to.deep.equal({
      summary: "Retire sector 7",
      what: "BenefitMine.retireSector",
      args: { sector: 7n },
    });
    await expectInvalid(() => callToRetireSector(client, { sector: 65_536n }), "sector");
  });

  it("call any function", async () => {
    const dao: Dao = await office();
    const target = await dao.champions.getAddress();
    const call = callToFunction({ target, function: "grantRole(bytes32,address)", args: [EVIDENCE, target] });
    const { summary, what, args } = await inspect(dao.client, call);
    expect(summary).to.equal(`Call grantRole(bytes32,address) of ${target}`);
    expect({ what, args }).to.deep.equal({
      what: "ChampionRegistry.grantRole",
      args: { role: EVIDENCE, account: target },
    });
    const signature = "setVotingDelay(uint48)";
    await expectInvalid(() => callToFunction({ target, function: "not a function", args: [] }), "function");
    await expectInvalid(() => callToFunction({ target, function: signature, args: [] }), "args");
    await expectInvalid(() => callToFunction({ target, function: signature, args: ["x"] }), "args");
    await expectInvalid(() => callToFunction({ target: "0x", function: signature, args: [1] }), "target");
  });

  it("call a function with booleans, and take no text for one", async () => {
    const target = `0x${"11".repeat(20)}`;
    const lastWord = (signature: string, ...args: unknown[]) =>
      BigInt(`0x${callToFunction({ target, function: signature, args }).data.slice(-64)}`);
    expect([lastWord("set(bool)", true), lastWord("set(bool)", false)]).to.deep.equal([1n, 0n]);
    for (const value of ["0", "false", "False", "", 1, undefined]) {
      await expectInvalid(() => lastWord("set(bool)", value), "args");
      await expectInvalid(() => lastWord("set(uint8,(address,bool)[])", 1, [[target, value]]), "args");
    }
    expect(lastWord("set((address,bool)[])", [[target, false]])).to.equal(0n);
  });
});
