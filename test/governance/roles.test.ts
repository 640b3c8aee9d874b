import { expect } from "chai";
import type { BaseContract, FunctionFragment, ParamType } from "ethers";
import { ethers, type GridFixture, gridFixture, impersonate, networkHelpers } from "../grid.ts";

const ADMIN = ethers.ZeroHash;
const PROGRAMME = ethers.id("PROGRAMME_ROLE");
const STOPPER = ethers.id("STOPPER_ROLE");
const PROPOSER = ethers.id("PROPOSER_ROLE");
const CANCELLER = ethers.id("CANCELLER_ROLE");
const EXECUTOR = ethers.id("EXECUTOR_ROLE");

/** The only caller of a function, and the error for others. */
type Rule = { who: keyof GridFixture; error: string; args?: (caller: string) => unknown[] };

const role = (who: keyof GridFixture, id = ADMIN): Rule => ({
  who,
  error: "AccessControlUnauthorizedAccount",
  args: (caller) => [caller, id],
});
const only = (who: keyof GridFixture, error: string): Rule => ({ who, error, args: (caller) => [caller] });

const ROLES = { grantRole: role("timelock"), revokeRole: role("timelock") };

/** Every function restricted to a fixed account or role. */
const PRIVILEGED: Partial<Record<keyof GridFixture, Record<string, Rule>>> = {
  capsules: { ...ROLES, setLicenses: role("timelock") },
  terms: {
    ...ROLES,
    admitLedger: role("timelock"),
    defineContext: role("timelock"),
    retireLedger: role("timelock"),
  },
  router: {
    ...ROLES,
    setApplicationShare: role("timelock"),
    setLicenses: role("timelock"),
    setSectorShare: role("timelock"),
    deposit: only("licenses", "CallerNotLicenses"),
    refund: only("licenses", "CallerNotLicenses"),
  },
  coin: { mint: only("mine", "CoinCallerNotMinter") },
  mine: {
    ...ROLES,
    setSector: role("timelock"),
    admitSource: role("timelock"),
    removeSource: role("timelock"),
    retireSector: role("timelock"),
    setSourceCap: role("timelock"),
    setSubnets: role("timelock"),
    stopSource: role("guardian", STOPPER),
  },
  sale: {
    ...ROLES,
    setCurrency: role("timelock"),
    setStandardCurrency: role("timelock"),
    stock: only("mine", "CallerNotMine"),
  },
  champions: {
    ...ROLES,
    admit: role("timelock"),
    replaceOperator: role("timelock"),
    retire: role("timelock"),
    setPopulation: role("timelock"),
    setProgramme: role("timelock", PROGRAMME),
    setRegistrar: role("timelock"),
    restrict: role("timelock"),
    liftRestriction: role("timelock"),
    setSector: role("timelock"),
  },
  subnets: {
    ...ROLES,
    bequeath: role("timelock"),
    createSovereign: role("timelock"),
    setDefaultParams: role("timelock"),
    setMaxSubnets: role("timelock"),
    setSubnetBond: role("timelock"),
  },
  commons: {
    ...ROLES,
    assign: role("timelock"),
    release: role("timelock"),
    setReleaseLimit: role("timelock"),
    setRouter: role("timelock"),
    setSteward: role("timelock"),
    startProgramme: role("timelock"),
  },
  governor: {
    relay: only("timelock", "GovernorOnlyExecutor"),
    setLateQuorumVoteExtension: only("timelock", "GovernorOnlyExecutor"),
    setProposalThreshold: only("timelock", "GovernorOnlyExecutor"),
    setVotingDelay: only("timelock", "GovernorOnlyExecutor"),
    setVotingPeriod: only("timelock", "GovernorOnlyExecutor"),
    updateQuorumNumerator: only("timelock", "GovernorOnlyExecutor"),
    updateTimelock: only("timelock", "GovernorOnlyExecutor"),
  },
  guardian: {
    cancel: only("deployer", "GuardianCallerNotCouncil"),
    nameCouncil: only("deployer", "GuardianCallerNotCouncil"),
    pause: only("deployer", "GuardianCallerNotCouncil"),
    propose: only("deployer", "GuardianCallerNotCouncil"),
    resume: only("deployer", "GuardianCallerNotCouncil"),
    stopSource: only("deployer", "GuardianCallerNotCouncil"),
  },
  timelock: {
    ...ROLES,
    cancel: role("governor", CANCELLER),
    schedule: role("governor", PROPOSER),
    scheduleBatch: role("governor", PROPOSER),
    updateDelay: only("timelock", "TimelockUnauthorizedCaller"),
  },
};

/** Every other function. Anybody may call it, or the owner of its object; its contract's tests check owners. */
const OPEN: Partial<Record<keyof GridFixture, string>> = {
  capsules: `approve commit publishManifest publishVersion register registerDerivative renounceRole reveal safeTransferFrom
    setApprovalForAll setShares transferFrom`,
  benchmarks: "attest revoke",
  terms: "createOffer publish register renounceRole retireOffer",
  licenses: `approve cancelSubscription close confirmSigner lapse mint mintBatch refreshMetadata renew renewSubscription
    requestClose revoke safeTransferFrom setApprovalForAll setSigner setUser subscribe topUp transferFrom`,
  ledger: `acceptMeter close closeOpened closeWithin confirmSigners registerMeter setMeter settleOpen settlePrivate
    settleRetired transferMeter`,
  router: "claim passOn pay release renounceRole sweep withdraw",
  coin: "approve delegate delegateBySig permit transfer transferFrom",
  mine: "close mint renounceRole report resign",
  sale: "claim contribute open preferCurrency renounceRole",
  champions: "acceptOperator proposeOperator renounceRole",
  subnets: `claim commitAnswer commitTestSet commitWeights create deregisterMiner deregisterValidator fund reclaim
    registerChampion registerMiner registerValidator renounceRole retire revealAnswer revealTestSet revealWeights
    rollOver runEpoch setDelegatee stake unstake withdraw`,
  feeds: "create",
  commons: "deposit proposeMilestone renounceRole withdrawMilestone",
  governor: `cancel castVote castVoteBySig castVoteWithReason castVoteWithReasonAndParams
    castVoteWithReasonAndParamsBySig execute onERC1155BatchReceived onERC1155Received onERC721Received propose queue
    startVotes`,
  guardian: "acceptCouncil",
  timelock: "execute executeBatch onERC1155BatchReceived onERC1155Received onERC721Received renounceRole",
};

const NAMES = Object.keys(OPEN) as (keyof GridFixture)[];

describe("roles of the deployed grid", () => {
  it("every state-changing function is listed here", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    for (const name of NAMES) {
      const found = new Set(writesOf(contractOf(grid, name)).map((fragment) => fragment.name));
      const listed = [...words(OPEN[name]), ...Object.keys(PRIVILEGED[name] ?? {})];
      expect([...found].sort(), name).to.deep.equal(listed.sort());
    }
  });

  it("when a stranger or the deployer calls a privileged function, reverts with its access error", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    let calls = 0;
    for (const [contract, fragment, rule] of privileged(grid)) {
      for (const caller of [grid.stranger, grid.deployer]) {
        if (caller === grid[rule.who]) continue;
        await expect(attempt(contract, fragment, caller.address))
          .to.be.revertedWithCustomError(contract, rule.error)
          .withArgs(...(rule.args?.(caller.address) ?? []));
        calls += 1;
      }
    }
    expect(calls).to.be.above(80);
  });

  it("when the privileged account calls, does not revert with the access error", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    for (const [contract, fragment, rule] of privileged(grid)) {
      const holder = String(await (grid[rule.who] as BaseContract).getAddress());
      await impersonate(holder);
      const error = await attempt(contract, fragment, holder).then(
        () => undefined,
        (reason: { data?: string }) => reason,
      );
      const name = error?.data && contract.interface.parseError(error.data)?.name;
      expect(name, fragment.name).not.to.equal(rule.error);
    }
  });

  it("the council may propose these functions and no others", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    const expected: string[] = [];
    for (const [name, functions] of Object.entries(COUNCIL)) {
      const contract = contractOf(grid, name as keyof GridFixture);
      for (const method of functions)
        expected.push(`${await contract.getAddress()} ${contract.interface.getFunction(method)?.selector}`);
    }
    const events = await grid.guardian.queryFilter(grid.guardian.filters.CallPermitted());
    const permitted = events.map(({ args }) => `${args.target} ${args.selector}`);
    expect(permitted.sort()).to.deep.equal(expected.sort());
    const emergency = events.filter(({ args }) => args.isEmergency);
    const { terms, mine, champions } = grid;
    expect(emergency.map(({ args }) => `${args.target} ${args.selector}`)).to.have.members([
      `${await terms.getAddress()} ${terms.interface.getFunction("retireLedger").selector}`,
      `${await mine.getAddress()} ${mine.interface.getFunction("removeSource").selector}`,
      `${await champions.getAddress()} ${champions.interface.getFunction("restrict").selector}`,
    ]);
  });

  it("the timelock holds every role, governor and guardian are its proposers, and the deployer has none", async () => {
    const grid = await networkHelpers.loadFixture(gridFixture);
    const address = async (name: keyof GridFixture) => String(await contractOf(grid, name).getAddress());
    const [timelock, governor, guardian] = [
      await address("timelock"),
      await address("governor"),
      await address("guardian"),
    ];
    const expected: Partial<Record<keyof GridFixture, string[]>> = {
      champions: [`${ADMIN} ${timelock}`, `${PROGRAMME} ${timelock}`],
      mine: [`${ADMIN} ${timelock}`, `${STOPPER} ${timelock}`, `${STOPPER} ${guardian}`],
      timelock: [
        `${ADMIN} ${timelock}`,
        ...[PROPOSER, CANCELLER].flatMap((id) => [`${id} ${governor}`, `${id} ${guardian}`]),
        `${EXECUTOR} ${ethers.ZeroAddress}`,
      ],
    };
    let checked = 0;
    for (const name of NAMES) {
      const contract = contractOf(grid, name);
      if (!contract.interface.hasEvent("RoleGranted")) continue;
      expect(await holdersOf(contract), name).to.deep.equal(
        (expected[name] ?? [`${ADMIN} ${timelock}`]).sort(),
      );
      checked += 1;
    }
    expect(checked).to.equal(9);
  });
});

const COUNCIL = {
  terms: ["admitLedger", "retireLedger"],
  champions: ["admit", "setSector", "setPopulation", "restrict", "liftRestriction"],
  mine: ["setSector", "retireSector", "admitSource", "setSourceCap", "removeSource"],
  sale: ["setStandardCurrency"],
  commons: ["startProgramme"],
} as const;

function contractOf(grid: GridFixture, name: keyof GridFixture): BaseContract {
  return grid[name] as BaseContract;
}

function words(list = ""): string[] {
  return list.split(/\s+/).filter((word) => word !== "");
}

function writesOf(contract: BaseContract): FunctionFragment[] {
  return contract.interface.fragments.filter(
    (fragment): fragment is FunctionFragment =>
      fragment.type === "function" &&
      !["view", "pure"].includes((fragment as FunctionFragment).stateMutability),
  );
}

function* privileged(grid: GridFixture): Generator<[BaseContract, FunctionFragment, Rule]> {
  for (const name of NAMES) {
    const contract = contractOf(grid, name);
    for (const fragment of writesOf(contract)) {
      const rule = PRIVILEGED[name]?.[fragment.name];
      if (rule) yield [contract, fragment, rule];
    }
  }
}

/** Calls with zeros as arguments. */
function attempt(contract: BaseContract, fragment: FunctionFragment, from: string) {
  const data = contract.interface.encodeFunctionData(fragment, fragment.inputs.map(zero));
  return ethers.provider.call({ from, to: contract, data });
}

function zero(parameter: ParamType): unknown {
  if (parameter.isArray()) return [];
  if (parameter.isTuple()) return parameter.components.map(zero);
  if (parameter.type === "string") return "";
  if (parameter.type === "bool") return false;
  const bytes = parameter.type.match(/^bytes(\d*)$/);
  if (bytes) return `0x${"00".repeat(Number(bytes[1]))}`;
  return parameter.type === "address" ? ethers.ZeroAddress : 0n;
}

async function holdersOf(contract: BaseContract): Promise<string[]> {
  const holders = new Set<string>();
  for (const log of await contract.queryFilter("RoleGranted")) {
    const { role: id, account } = Object(log).args;
    if (await contract.getFunction("hasRole")(id, account)) holders.add(`${id} ${account}`);
  }
  return [...holders].sort();
}
