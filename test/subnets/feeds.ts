import { ethers, impersonate, licenseFixture, networkHelpers } from "../grid.ts";
import { clockOf, HASH, PARAMS, SECTOR } from "./support.ts";

/**
 * The deployed grid with a license of 1,000 units of sector 7, and subnet 1 of that sector in its epoch 1. Half of what
 * applications leave of the platform's leg goes to the subnet's feed: 35 of a release of 1,000.
 */
export async function feedFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const { router, ledger, subnets, feeds, timelock, usd, payee } = grid;
  const admin = await impersonate(timelock);
  await subnets.connect(admin).createSovereign(SECTOR, PARAMS, HASH, "ipfs://subnet");
  const feed = await ethers.getContractAt("SubnetFeed", await feeds.feedOf(1));
  await router.connect(admin).setSectorShare(SECTOR, feed, 5_000n);
  const asLedger = router.connect(await impersonate(ledger));
  /** The feed earns 35 base units. */
  const earn = () => asLedger.release(1n, 40n, payee);
  return { ...grid, admin, feed, earn, token: await usd.getAddress(), ...clockOf(subnets) };
}

/** `feedFixture` with the feed created and 35 base units earned. */
export async function earnedFixture() {
  const fixture = await networkHelpers.loadFixture(feedFixture);
  await fixture.feeds.create(1);
  await fixture.earn();
  return fixture;
}
