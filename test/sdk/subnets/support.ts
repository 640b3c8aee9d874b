import {
  type Client,
  CORE_CONTRACTS,
  commitWeights,
  createClient,
  type Deployment,
  type Hex,
  revealWeights,
  runEpoch,
} from "@benefit-grid/sdk";
import { type Signer as EthersSigner, id } from "ethers";
import { ethers, networkHelpers } from "../../grid.ts";
import { type HubFixture, hubFixture, Phase, seatsFixture, subnetFixture } from "../../subnets/support.ts";

export const SALT = id("salt") as Hex;
export const EVIDENCE = id("evidence") as Hex;
export const URI = "ipfs://evidence";

/** A fixture of ../../subnets/support.ts with a token of sponsors and a client for each account. */
function withSdk<T extends HubFixture>(fixture: () => Promise<T>) {
  return async function sdkFixture() {
    const hub = await networkHelpers.loadFixture(fixture);
    const usd = await ethers.deployContract("TestUSD");
    await usd.mint(hub.sponsor, 1_000_000_000n);
    const deployment = await deploymentOf(hub);
    const as = (runner: EthersSigner) => createClient({ runner, deployment });
    const client = await as(hub.stranger);
    return { ...hub, usd, token: (await usd.getAddress()) as Hex, deployment, as, client };
  };
}

async function deploymentOf({ hub, coin, champions }: HubFixture): Promise<Deployment<string>> {
  const { chainId } = await ethers.provider.getNetwork();
  const elsewhere = ethers.getCreateAddress({ from: await coin.getAddress(), nonce: 1 });
  // Subnets call none of the other contracts, but a client wants code at each address. This is INVALID.
  await networkHelpers.setCode(elsewhere, "0xfe");
  const others = Object.fromEntries(CORE_CONTRACTS.map((name) => [name, elsewhere]));
  const contracts = {
    ...others,
    FoundationCoin: await coin.getAddress(),
    ChampionRegistry: await champions.getAddress(),
    SubnetHub: await hub.getAddress(),
  } as Deployment<string>["contracts"];
  return { chainId, contracts, blockNumber: 0 };
}

const hubWithSdk = withSdk(hubFixture);
const subnetWithSdk = withSdk(subnetFixture);
const seatsWithSdk = withSdk(seatsFixture);

/** No subnet, subnet 1 in its epoch 1, and the same with validators and miners in its epoch 2. */
export const emptyHub = () => networkHelpers.loadFixture(hubWithSdk);
export const oneSubnet = () => networkHelpers.loadFixture(subnetWithSdk);
export const seats = () => networkHelpers.loadFixture(seatsWithSdk);

export type Seats = Awaited<ReturnType<typeof seats>>;

/** A validator's weights as they are committed and revealed. */
export function row(weights: readonly bigint[], evidenceHash = EVIDENCE) {
  return { subnetId: 1n, weights, evidenceHash, uri: URI, salt: SALT };
}

/** Validators commit and reveal weights in an epoch by the SDK. Undefined rows are not revealed. */
export async function scored(
  { as, validators, goTo }: Pick<Seats, "as" | "validators" | "goTo">,
  epoch: bigint,
  rows: readonly (readonly bigint[] | undefined)[],
): Promise<void> {
  await goTo(epoch, Phase.Score);
  const clients = await Promise.all(validators.map(as));
  const given = rows.flatMap((weights, i) => (weights ? [[clients[i] as Client, weights] as const] : []));
  for (const [client, weights] of given) await commitWeights(client, row(weights));
  await goTo(epoch, Phase.Reveal);
  for (const [client, weights] of given) await revealWeights(client, row(weights));
}

/** The same, and anyone runs the epoch. */
export async function run(
  fixture: Pick<Seats, "as" | "client" | "validators" | "goTo">,
  epoch: bigint,
  rows: Parameters<typeof scored>[2],
) {
  await scored(fixture, epoch, rows);
  await fixture.goTo(epoch + 1n);
  return await runEpoch(fixture.client, { subnetId: 1n });
}
