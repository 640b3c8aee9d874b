import { expect } from "chai";
import { EVIDENCE, fund } from "../commons/support.ts";
import { pass, proposalOf, startedFixture } from "../governance/support.ts";
import { DAY, ethers, networkHelpers } from "../grid.ts";

const VAULT = 216_000n * 10n ** 6n;
const MONTH = 30n * DAY;

/** Alice bought two thirds of all votes. A vault of a Commons under the timelock holds what its lots brought. */
async function vaultFixture() {
  const dao = await networkHelpers.loadFixture(startedFixture);
  const { timelock, bob } = dao;
  const commons = await ethers.deployContract("Commons", [timelock]);
  const asTimelock = commons.connect(await ethers.getImpersonatedSigner(await timelock.getAddress()));
  await networkHelpers.setBalance(await timelock.getAddress(), 10n ** 18n);
  await asTimelock.startProgramme(0n, bob, EVIDENCE, "");
  const token = await ethers.deployContract("PlainToken", [6]);
  await fund(commons, bob, token);
  await commons.connect(bob).deposit(1n, token, VAULT);
  return { ...dao, commons, token };
}

type Fixture = Awaited<ReturnType<typeof vaultFixture>>;

/** Calls of the Commons for one proposal of alice. */
async function proposalFor({ commons }: Fixture, calls: [name: string, args: unknown[]][], title: string) {
  const target = await commons.getAddress();
  const abi = new ethers.Interface(commons.interface.fragments);
  return proposalOf(
    calls.map(([name, args]): [string, string] => [target, abi.encodeFunctionData(name, args)]),
    title,
  );
}

/** Alice's best sequence of proposals. Returns her takings in per cent of the vault, and the days since the first one. */
async function takings(fixture: Fixture, months: number, raise: boolean) {
  const { commons, token, alice } = fixture;
  const start = BigInt(await networkHelpers.time.latest());
  const first: [string, unknown[]][] = [["setSteward", [1n, alice.address]]];
  if (raise) first.push(["setReleaseLimit", [5_000n]]);
  await (await pass(fixture, await proposalFor(fixture, first, "Mine")))();
  const asked = [1n, await token.getAddress(), VAULT, 0n, EVIDENCE];
  await commons.connect(alice).proposeMilestone(1n, token, VAULT, 0n, EVIDENCE);
  let next = await commons.releasableFrom(1n);
  const taken: [day: number, percent: number][] = [];
  for (let i = 0; i < months; i++) {
    await networkHelpers.time.increaseTo(next - 11n * DAY);
    const execute = await pass(
      fixture,
      await proposalFor(fixture, [["release", [1n, ...asked]]], `Part ${i}`),
    );
    await networkHelpers.time.increaseTo(next);
    await execute();
    next = BigInt(await networkHelpers.time.latest()) + MONTH;
    const day = Number((BigInt(await networkHelpers.time.latest()) - start) / DAY);
    taken.push([day, Number(((await token.balanceOf(alice)) * 10_000n) / VAULT) / 100]);
  }
  return taken;
}

describe("attack: buying a majority for the vaults", () => {
  it("when a Commons has neither time to stand nor limit, one proposal empties it in ten days", async () => {
    const fixture = await networkHelpers.loadFixture(vaultFixture);
    const { timelock, token, alice } = fixture;
    const twin = await ethers.deployContract("BoundlessCommons", [timelock]);
    await token.mint(twin, VAULT);
    const [target, money] = [await twin.getAddress(), await token.getAddress()];
    const calls: [string, string][] = [
      [target, twin.interface.encodeFunctionData("setSteward", [await timelock.getAddress()])],
      [target, twin.interface.encodeFunctionData("proposeMilestone", [VAULT])],
      [target, twin.interface.encodeFunctionData("release", [money])],
      [money, token.interface.encodeFunctionData("transfer", [alice.address, VAULT])],
    ];
    await (await pass(fixture, proposalOf(calls, "Mine")))();
    expect(await token.balanceOf(alice)).to.equal(VAULT);
  });

  it("with Commons, the same proposal takes nothing: the milestone has not stood", async () => {
    const fixture = await networkHelpers.loadFixture(vaultFixture);
    const { commons, timelock, token } = fixture;
    const asked = [1n, await token.getAddress(), VAULT, 0n, EVIDENCE];
    const proposal = await proposalFor(
      fixture,
      [
        ["setSteward", [1n, await timelock.getAddress()]],
        ["proposeMilestone", asked],
        ["release", [1n, ...asked]],
      ],
      "Mine",
    );
    const execute = await pass(fixture, proposal);
    const now = BigInt(await networkHelpers.time.latest()) + 10n;
    await networkHelpers.time.setNextBlockTimestamp(now);
    await expect(execute())
      .to.be.revertedWithCustomError(commons, "MilestoneNotReleasableYet")
      .withArgs(1n, now + MONTH);
    expect(await commons.vaultOf(1n, token)).to.deep.equal([VAULT, 0n]);
  });

  it("with Commons, sequential proposals take a quarter of the rest each month, from day 40 on", async () => {
    const fixture = await networkHelpers.loadFixture(vaultFixture);
    expect(await takings(fixture, 4, false)).to.deep.equal([
      [40, 25],
      [70, 43.75],
      [100, 57.81],
      [130, 68.35],
    ]);
  });

  it("with a raise of the limit first, they take half of the rest each month, from day 40 on", async () => {
    const fixture = await networkHelpers.loadFixture(vaultFixture);
    expect(await takings(fixture, 4, true)).to.deep.equal([
      [40, 50],
      [70, 75],
      [100, 87.5],
      [130, 93.75],
    ]);
  });

  it("when a steward's milestone already stood for 30 days and he helps, the first part is taken on day 10", async () => {
    const fixture = await networkHelpers.loadFixture(vaultFixture);
    const { commons, token, bob } = fixture;
    await commons.connect(bob).proposeMilestone(1n, token, VAULT, 0n, EVIDENCE);
    await networkHelpers.time.increase(MONTH);
    const start = BigInt(await networkHelpers.time.latest());
    const release: [string, unknown[]] = ["release", [1n, 1n, await token.getAddress(), VAULT, 0n, EVIDENCE]];
    const before = await token.balanceOf(bob);
    const first = await proposalFor(fixture, [release, ["setReleaseLimit", [5_000n]]], "Ours");
    await (await pass(fixture, first))();
    const day = (BigInt(await networkHelpers.time.latest()) - start) / DAY;
    expect([day, (await token.balanceOf(bob)) - before]).to.deep.equal([10n, VAULT / 4n]);
    await networkHelpers.time.increase(MONTH - 10n * DAY);
    await (await pass(fixture, await proposalFor(fixture, [release], "Ours again")))();
    expect((await token.balanceOf(bob)) - before).to.equal((VAULT * 5n) / 8n);
  });

  it("when a majority makes its own account admin, the same times and limits hold", async () => {
    const fixture = await networkHelpers.loadFixture(vaultFixture);
    const { commons, token, alice } = fixture;
    const grant: [string, unknown[]][] = [["grantRole", [ethers.ZeroHash, alice.address]]];
    await (await pass(fixture, await proposalFor(fixture, grant, "Mine")))();
    const own = commons.connect(alice);
    await own.setSteward(1n, alice);
    const asked = [1n, token, VAULT, 0n, EVIDENCE] as const;
    await own.proposeMilestone(...asked);
    await expect(own.release(1n, ...asked)).to.be.revertedWithCustomError(
      commons,
      "MilestoneNotReleasableYet",
    );
    await networkHelpers.time.increase(MONTH);
    await own.release(1n, ...asked);
    expect(await token.balanceOf(alice)).to.equal(VAULT / 4n);
    await networkHelpers.time.increase(MONTH / 2n);
    await own.release(1n, ...asked);
    expect(await token.balanceOf(alice)).to.be.below((VAULT * 35n) / 100n);
  });
});
