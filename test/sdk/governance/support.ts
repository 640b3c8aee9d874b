import { createClient, type Deployment } from "@benefit-grid/sdk";
import type { Signer } from "ethers";
import {
  activeFixture,
  type GovernanceFixture,
  governanceFixture,
  proposedFixture,
  queuedFixture,
  startedFixture,
  succeededFixture,
} from "../../governance/support.ts";
import { ethers, networkHelpers } from "../../grid.ts";

/** A fixture of ../../governance/support.ts with the governed contracts, and with a client for each account. */
function withDao<T extends GovernanceFixture>(fixture: () => Promise<T>) {
  return async function daoFixture() {
    const dao = await fixture();
    const [, , , , , , , steward] = (await ethers.getSigners()) as Awaited<
      ReturnType<typeof ethers.getSigners>
    >;
    if (!steward) throw new Error("Eight accounts are needed.");
    const commons = await ethers.deployContract("Commons", [dao.timelock]);
    const champions = await ethers.deployContract("ChampionRegistry", [commons, dao.timelock]);
    const usd = await ethers.deployContract("TestUSD");
    const deployment = await deploymentOf({ ...dao, commons, champions, usd });
    const as = (runner: Signer) => createClient({ runner, deployment });
    return { ...dao, commons, champions, usd, steward, deployment, as };
  };
}

const foundedDao = withDao(governanceFixture);
const startedDao = withDao(startedFixture);
const proposedDao = withDao(proposedFixture);
const activeDao = withDao(activeFixture);
const succeededDao = withDao(succeededFixture);
const queuedDao = withDao(queuedFixture);

/** Each at another point in the life of alice's proposal to admit a ledger. */
export const founded = () => networkHelpers.loadFixture(foundedDao);
export const started = () => networkHelpers.loadFixture(startedDao);
export const proposed = () => networkHelpers.loadFixture(proposedDao);
export const active = () => networkHelpers.loadFixture(activeDao);
export const succeeded = () => networkHelpers.loadFixture(succeededDao);
export const queued = () => networkHelpers.loadFixture(queuedDao);

type Dao = GovernanceFixture & Record<"commons" | "champions" | "usd", Addressable>;
type Addressable = { getAddress(): Promise<string> };

async function deploymentOf(dao: Dao): Promise<Deployment<string>> {
  const { chainId } = await ethers.provider.getNetwork();
  const elsewhere = ethers.getCreateAddress({ from: await dao.usd.getAddress(), nonce: 1 });
  // The DAO calls none of them, but a client wants code at each address. This is INVALID.
  await networkHelpers.setCode(elsewhere, "0xfe");
  const contracts = {
    CapsuleRegistry: elsewhere,
    LicenseNFT: elsewhere,
    BenchmarkAttestations: elsewhere,
    UsageLedger: elsewhere,
    SettlementRouter: elsewhere,
    ContributionPoolFactory: elsewhere,
    TermsRegistry: await dao.terms.getAddress(),
    GridTimelock: await dao.timelock.getAddress(),
    FoundationCoin: await dao.coin.getAddress(),
    GridGovernor: await dao.governor.getAddress(),
    Guardian: await dao.guardian.getAddress(),
    Commons: await dao.commons.getAddress(),
    ChampionRegistry: await dao.champions.getAddress(),
    BenefitMine: await dao.mine.getAddress(),
    CoinSale: await dao.mine.SALE(),
    SubnetFeedFactory: elsewhere,
    SubnetHub: elsewhere,
    TestUSD: await dao.usd.getAddress(),
  };
  return { chainId, contracts, blockNumber: 0 };
}
