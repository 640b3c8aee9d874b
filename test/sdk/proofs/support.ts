import type { Opening, SignedPrivateVoucher } from "@benefit-grid/sdk";
import type { BatchOfferInput, BatchRowInput, BuildBatchParameters } from "@benefit-grid/sdk/proofs";
import { ethers } from "../../grid.ts";
import { poseidon } from "../poseidon.ts";

export const CHAIN_ID = 31337n;
export const LEDGER = `0x${"1e".repeat(20)}` as const;

/** A possible signature. `buildBatch` checks only its form. */
export const SIGNATURE = `0x${"11".repeat(64)}1b` as const;

export function commitment(licenseId: bigint, { units, contexts, salt }: Opening): `0x${string}` {
  return ethers.toBeHex(
    poseidon([licenseId + contexts * 2n ** 64n + units * 2n ** 96n, salt]),
    32,
  ) as `0x${string}`;
}

export function voucher(licenseId: bigint, opening: Partial<Opening> = {}): SignedPrivateVoucher {
  const full = { units: 10n, contexts: 1n, salt: 1_000n + licenseId, ...opening };
  return { licenseId, ...full, usage: commitment(licenseId, full), signature: SIGNATURE };
}

export function row(licenseId: bigint, change: Partial<BatchRowInput> = {}): BatchRowInput {
  return { voucher: voucher(licenseId), oldOpening: undefined, cap: 100n, ...change };
}

export function offer(offerId: bigint, ...rows: BatchRowInput[]): BatchOfferInput {
  return { offerId, allowedContexts: 7n, rows };
}

export function parameters(...offers: BatchOfferInput[]): BuildBatchParameters {
  return { chainId: CHAIN_ID, ledger: LEDGER, meterId: 3n, offers };
}

/** The design's statement about sorted offers, word by word, for ledger and circuit. */
export function statementOf(
  { chainId, ledger, meterId, offers }: BuildBatchParameters,
  size: { index: number; rows: number; offers: number },
  P: bigint,
) {
  const vector: bigint[] = [];
  for (let k = 0; k < size.offers; k++) {
    let total = 0n;
    for (const { voucher, oldOpening } of offers[k]?.rows ?? [])
      total += voucher.units - (oldOpening?.units ?? 0n);
    vector.push(total);
  }
  let count = 0;
  for (const [index, { allowedContexts, rows }] of offers.entries()) {
    for (const { voucher, oldOpening, cap } of rows) {
      const { licenseId } = voucher;
      vector.push(licenseId + BigInt(index) * 2n ** 64n + allowedContexts * 2n ** 68n + cap * 2n ** 100n);
      vector.push(oldOpening ? BigInt(commitment(licenseId, oldOpening)) : 0n);
      vector.push(BigInt(commitment(licenseId, voucher)));
      count += 1;
    }
  }
  let c = 0n;
  for (let at = 0; at < size.offers + 3 * size.rows; at += 15) {
    const block = [c];
    for (let i = at; i < at + 15; i++) block.push(vector[i] ?? 0n);
    c = poseidon(block);
  }
  const types = ["bytes32", "uint256", "uint256", "uint256", "uint256", "uint256", "uint256", "uint256[]"];
  const domain = ethers.id("Benefit Grid usage batch");
  const words = [domain, chainId, BigInt(ledger), size.index, meterId, count, c, vector];
  const r = BigInt(ethers.solidityPackedKeccak256(types, words)) % P;
  let [y, power] = [0n, 1n];
  for (const word of vector) {
    y = (y + word * power) % P;
    power = (power * r) % P;
  }
  return { vector, signals: { c, y, r } };
}
