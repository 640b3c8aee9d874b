import { ethers } from "../grid.ts";

export const FRANCE = 250n;
export const KENYA = 404n;
export const PROGRAMME_ROLE = ethers.id("PROGRAMME_ROLE");

type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

/** A registry whose admin is `governance`, without champions. */
export async function registryFixture() {
  const [governance, operator, registrar, successor, citizens, stranger] =
    (await ethers.getSigners()) as Signer[] as [Signer, Signer, Signer, Signer, Signer, Signer];
  const registry = await ethers.deployContract("ChampionRegistry", [governance], governance);
  await registry.grantRole(PROGRAMME_ROLE, citizens);
  const admission = {
    country: FRANCE,
    population: 68_000_000n,
    operator: operator.address,
    registrar: registrar.address,
    sectors: [7n, 65_535n],
  };
  return { registry, admission, governance, operator, registrar, successor, citizens, stranger };
}

/** As `registryFixture`, with champion 1, of France, in sectors 7 and 65,535. */
export async function championFixture() {
  const fixture = await registryFixture();
  await fixture.registry.admit(fixture.admission);
  return { ...fixture, championId: 1n };
}
