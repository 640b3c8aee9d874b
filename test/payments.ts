import type { TypedDataField } from "ethers";
import { ethers, type GridFixture } from "./grid.ts";
import { PERMIT2 } from "./permit2.ts";

type Signer = GridFixture["buyer"];
type Payment = Pick<GridFixture, "usd" | "router">;

const Method = { Permit: 0n, Authorization: 1n, AuthorizationBytes: 2n, Permit2: 3n } as const;

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

/**
 * A signed ERC-3009 authorization of `from` for the router, bound to `purpose`. `bytes` is its encoding for a payment,
 * and `contractBytes` the one for contract wallets. `signer` signs for a wallet.
 */
export async function authorization(
  { usd, router }: Payment,
  from: string | Signer,
  value: bigint,
  purpose: string,
  {
    validAfter = 0n,
    validBefore = ethers.MaxUint256,
    salt = ethers.ZeroHash,
    signer = from as Signer,
  }: { validAfter?: bigint; validBefore?: bigint; salt?: string; signer?: Signer } = {},
) {
  const nonce = ethers.keccak256(coder.encode(["bytes32", "bytes32"], [purpose, salt]));
  const payer = typeof from === "string" ? from : from.address;
  const message = { from: payer, to: await router.getAddress(), value, validAfter, validBefore, nonce };
  const signature = await signer.signTypedData(await domain(usd), RECEIVE_TYPES, message);
  const { v, r, s } = ethers.Signature.from(signature);
  const types = ["uint8", "address", "uint256", "uint256", "bytes32"];
  const values = [payer, validAfter, validBefore, salt];
  const parts = ["uint8", "bytes32", "bytes32"];
  return {
    v,
    r,
    s,
    nonce,
    signature,
    bytes: coder.encode([...types, ...parts], [Method.Authorization, ...values, v, r, s]),
    contractBytes: ethers.concat([coder.encode(types, [Method.AuthorizationBytes, ...values]), signature]),
  };
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

/**
 * A signed Permit2 transfer of `owner` to the router, bound to `purpose`. `signer` signs for a wallet. Without a purpose
 * it is a plain transfer.
 */
export async function permit2(
  { router }: Pick<GridFixture, "router">,
  owner: string | Signer,
  { token, amount }: { token: string; amount: bigint },
  purpose: string | undefined,
  {
    nonce = 0n,
    deadline = ethers.MaxUint256,
    spender,
    signer = owner as Signer,
  }: { nonce?: bigint; deadline?: bigint; spender?: string; signer?: Signer } = {},
) {
  const { chainId } = await ethers.provider.getNetwork();
  const payer = typeof owner === "string" ? owner : owner.address;
  const message = {
    permitted: { token, amount },
    spender: spender ?? (await router.getAddress()),
    nonce,
    deadline,
    ...(purpose && { purpose }),
  };
  const types: Record<string, TypedDataField[]> = purpose
    ? {
        PermitWitnessTransferFrom: [...PLAIN_TRANSFER, { name: "purpose", type: "bytes32" }],
        TokenPermissions,
      }
    : { PermitTransferFrom: PLAIN_TRANSFER, TokenPermissions };
  const domain = { name: "Permit2", chainId, verifyingContract: PERMIT2 };
  const signature = await signer.signTypedData(domain, types, message);
  const head = coder.encode(
    ["uint8", "address", "uint256", "uint256"],
    [Method.Permit2, payer, nonce, deadline],
  );
  return { signature, message, bytes: ethers.concat([head, signature]) };
}

const PLAIN_TRANSFER = [
  { name: "permitted", type: "TokenPermissions" },
  { name: "spender", type: "address" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

const TokenPermissions = [
  { name: "token", type: "address" },
  { name: "amount", type: "uint256" },
];

async function domain(usd: GridFixture["usd"]) {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: "Test USD", version: "1", chainId, verifyingContract: await usd.getAddress() };
}
