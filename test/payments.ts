import { ethers, type GridFixture } from "./grid.ts";

type Signer = GridFixture["buyer"];
type Payment = Pick<GridFixture, "usd" | "router">;

const Method = { Permit: 0n, Authorization: 1n } as const;

const coder = ethers.AbiCoder.defaultAbiCoder();

/** A signed ERC-2612 permit of `owner` for the router. `bytes` is its encoding for a payment. */
export async function permit(
  { usd, router }: Payment,
  owner: Signer,
  value: bigint,
  { deadline = ethers.MaxUint256, signer = owner } = {},
) {
  const message = {
    owner: owner.address,
    spender: await router.getAddress(),
    value,
    nonce: await usd.nonces(owner),
    deadline,
  };
  const { v, r, s } = ethers.Signature.from(
    await signer.signTypedData(await domain(usd), PERMIT_TYPES, message),
  );
  const types = ["uint8", "uint256", "uint256", "uint8", "bytes32", "bytes32"];
  return { v, r, s, bytes: coder.encode(types, [Method.Permit, value, deadline, v, r, s]) };
}

const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** A signed ERC-3009 authorization of `from` for the router, bound to `purpose`. */
export async function authorization(
  { usd, router }: Payment,
  from: Signer,
  value: bigint,
  purpose: string,
  { validAfter = 0n, validBefore = ethers.MaxUint256, salt = ethers.ZeroHash } = {},
) {
  const nonce = ethers.keccak256(coder.encode(["bytes32", "bytes32"], [purpose, salt]));
  const message = {
    from: from.address,
    to: await router.getAddress(),
    value,
    validAfter,
    validBefore,
    nonce,
  };
  const { v, r, s } = ethers.Signature.from(
    await from.signTypedData(await domain(usd), RECEIVE_TYPES, message),
  );
  const types = ["uint8", "address", "uint256", "uint256", "bytes32", "uint8", "bytes32", "bytes32"];
  const values = [Method.Authorization, from.address, validAfter, validBefore, salt, v, r, s];
  return { v, r, s, nonce, bytes: coder.encode(types, values) };
}

const RECEIVE_TYPES = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};

async function domain(usd: GridFixture["usd"]) {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: "Test USD", version: "1", chainId, verifyingContract: await usd.getAddress() };
}
