import type { Result } from "ethers";
import {
  ethers,
  type GridFixture,
  gridFixture,
  offerParams,
  registration,
  terms,
  timelockSigner,
} from "../grid.ts";

/** Capsule 1 of `creator`, registered terms, and no offer yet. */
export async function termsFixture() {
  const grid = await gridFixture();
  await grid.capsules.register(grid.creator, registration());
  await grid.terms.register(terms());
  return { ...grid, params: await offerParams(grid), termsId: termsIdOf(terms()) };
}

/** An admitted ledger that has no meter yet. */
export async function secondLedger(grid: GridFixture) {
  const ledger = await ethers.deployContract("UsageLedger", [grid.licenses, grid.terms, grid.router]);
  await grid.terms.connect(await timelockSigner(grid)).admitLedger(ledger);
  return ledger;
}

/** `keccak256(abi.encode(terms))` */
export function termsIdOf({ conditions, policyHash }: ReturnType<typeof terms>) {
  const type = "tuple(tuple(uint40,uint40,uint64,uint32,bool),bytes32)";
  const value = [Object.values(conditions), policyHash];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type], [value]));
}

/** A struct that a contract returned, by its fields' names. */
export function fieldsOf(struct: unknown) {
  return (struct as Result).toObject();
}
