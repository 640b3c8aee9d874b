import { ethers, type GridFixture, gridFixture, networkHelpers } from "../grid.ts";

type Signer = GridFixture["stranger"];
/** Accounts and contracts alike. */
type Addressed = { getAddress(): Promise<string> };

export const POLICY = ethers.id("contributor policy");
export const EVIDENCE = ethers.id("row 1");
export const SCALE = 1n << 64n;

/** An empty pool of `curator`, with accounts that have not joined and helpers. */
export async function poolFixture() {
  const grid = await networkHelpers.loadFixture(gridFixture);
  const { creator: curator, buyer: alice, dataOwner: bob, modelOwner: carol } = grid;
  const pool = await createPool(grid, curator.address);
  return { ...grid, curator, alice, bob, carol, pool, ...poolTools({ ...grid, curator, pool }) };
}

/** A new pool, and nobody in it. */
export async function createPool({ pools }: Pick<GridFixture, "pools">, curator: string, policy = POLICY) {
  const address = await pools.create.staticCall(curator, policy);
  await pools.create(curator, policy);
  return await ethers.getContractAt("ContributionPool", address);
}

export type Pool = Awaited<ReturnType<typeof createPool>>;

function poolTools({ pool, curator, usd }: Pick<GridFixture, "usd"> & { pool: Pool; curator: Signer }) {
  return {
    join: (...members: Signer[]) => inTurn(members, (member) => pool.connect(member).join(POLICY)),
    /** Credits one member, active in `currencies`. */
    credit: async (member: Addressed, units: bigint, currencies: Addressed[] = [usd]) =>
      pool
        .connect(curator)
        .credit(
          [{ member: await member.getAddress(), units, evidenceHash: EVIDENCE }],
          await Promise.all(currencies.map((each) => each.getAddress())),
        ),
    /** Revenue in dollars, as a donation. */
    give: (amount: bigint) => usd.mint(pool, amount),
  };
}

async function inTurn<T>(items: readonly T[], act: (item: T) => Promise<unknown>) {
  for (const item of items) await act(item);
}

/** `poolFixture` with Alice (1 unit) and Bob (3 units), active in dollars. */
export async function membersFixture() {
  const fixture = await networkHelpers.loadFixture(poolFixture);
  const { alice, bob, join, credit } = fixture;
  await join(alice, bob);
  await credit(alice, 1n);
  await credit(bob, 3n);
  return fixture;
}

export const JOIN_TYPES = {
  Join: [
    { name: "member", type: "address" },
    { name: "policyHash", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export const LEAVE_TYPES = {
  Leave: [
    { name: "member", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export const FOREVER = ethers.MaxUint256;

export async function poolDomain(pool: Pool) {
  const { chainId } = await ethers.provider.getNetwork();
  const verifyingContract = await pool.getAddress();
  return { name: "Benefit Grid ContributionPool", version: "1", chainId, verifyingContract };
}

type Signed = { member?: string; policyHash?: string; nonce?: bigint; deadline?: bigint };

export async function signJoin(pool: Pool, signer: Signer, fields: Signed = {}) {
  const member = fields.member ?? signer.address;
  const message = { member, policyHash: POLICY, nonce: 0n, deadline: FOREVER, ...fields };
  return await signer.signTypedData(await poolDomain(pool), JOIN_TYPES, message);
}

export async function signLeave(pool: Pool, signer: Signer, fields: Signed = {}) {
  const member = fields.member ?? signer.address;
  const message = { member, nonce: 1n, deadline: FOREVER, ...fields };
  return await signer.signTypedData(await poolDomain(pool), LEAVE_TYPES, message);
}
