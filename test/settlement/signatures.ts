import type { AddressLike, Signer } from "ethers";
import { ethers, type GridFixture } from "../grid.ts";

type Usd = GridFixture["usd"];

export const PERMIT = [
  { name: "owner", type: "address" },
  { name: "spender", type: "address" },
  { name: "value", type: "uint256" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

const TRANSFER = [
  { name: "from", type: "address" },
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "validAfter", type: "uint256" },
  { name: "validBefore", type: "uint256" },
  { name: "nonce", type: "bytes32" },
];

const CANCEL = [
  { name: "authorizer", type: "address" },
  { name: "nonce", type: "bytes32" },
];

async function domainOf(usd: Usd) {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: "Test USD", version: "1", chainId, verifyingContract: await usd.getAddress() };
}

/** ERC-2612, by the owner's next nonce. */
export async function signPermit(
  usd: Usd,
  owner: Signer,
  {
    spender,
    value,
    deadline = ethers.MaxUint256,
  }: { spender: AddressLike; value: bigint; deadline?: bigint },
) {
  const message = {
    owner: await owner.getAddress(),
    spender: await ethers.resolveAddress(spender),
    value,
    nonce: await usd.nonces(owner),
    deadline,
  };
  const signature = await owner.signTypedData(await domainOf(usd), { Permit: PERMIT }, message);
  return { ...message, ...parts(signature) };
}

/** ERC-3009, `TransferWithAuthorization` or `ReceiveWithAuthorization`. */
export async function signTransfer(
  usd: Usd,
  from: Signer,
  type: "TransferWithAuthorization" | "ReceiveWithAuthorization",
  terms: { to: AddressLike; value: bigint; nonce: string; validAfter?: bigint; validBefore?: bigint },
) {
  const message = {
    from: await from.getAddress(),
    to: await ethers.resolveAddress(terms.to),
    value: terms.value,
    validAfter: terms.validAfter ?? 0n,
    validBefore: terms.validBefore ?? ethers.MaxUint256,
    nonce: terms.nonce,
  };
  const signature = await from.signTypedData(await domainOf(usd), { [type]: TRANSFER }, message);
  return { ...message, ...parts(signature) };
}

/** ERC-3009 `ReceiveWithAuthorization` of any account, with the signature in bytes. */
export async function signTransferFor(
  usd: Usd,
  from: string,
  signer: Signer,
  terms: { to: AddressLike; value: bigint; nonce: string },
) {
  const message = {
    from,
    to: await ethers.resolveAddress(terms.to),
    value: terms.value,
    validAfter: 0n,
    validBefore: ethers.MaxUint256,
    nonce: terms.nonce,
  };
  const types = { ReceiveWithAuthorization: TRANSFER };
  return { ...message, signature: await signer.signTypedData(await domainOf(usd), types, message) };
}

/** ERC-3009's cancellation. */
export async function signCancel(usd: Usd, authorizer: Signer, nonce: string) {
  const message = { authorizer: await authorizer.getAddress(), nonce };
  const signature = await authorizer.signTypedData(
    await domainOf(usd),
    { CancelAuthorization: CANCEL },
    message,
  );
  return { ...message, ...parts(signature) };
}

function parts(signature: string) {
  const { v, r, s } = ethers.Signature.from(signature);
  return { v, r, s };
}
