import { getAddress } from "ethers";
import type { Address, AddressInput } from "../../core/abi.ts";
import { MILLION_UNITS } from "../profile.ts";
import type { Duty } from "../types.ts";
import { TOKEN } from "../values.ts";
import {
  atomsOf,
  describe,
  listOrRefuse,
  type Placed,
  refuse,
  rightTextOf,
  settle,
  type Work,
} from "./work.ts";

/** The price of a policy's offer. */
export type PolicyPrice = {
  readonly chainId: bigint;
  readonly currency: Address;
  /** Base units of the currency for 1,000,000 metered units. */
  readonly pricePerMillion: bigint;
};

/** The same for a policy to write. */
export type PolicyPriceInput = Omit<PolicyPrice, "currency"> & { readonly currency: AddressInput };

/** The duty to pay for use is enforced at minting. Other duties are off chain. */
export function priceOf(work: Work, { rule, pointer }: Placed): PolicyPrice | undefined {
  let [isPaid, price]: [boolean, PolicyPrice | undefined] = [false, undefined];
  (rule.duty ?? []).forEach((duty, i) => {
    const at = `${pointer}/duty/${i}`;
    if (isPaid || duty.action !== "compensate" || duty["grid:offChain"]) {
      listOrRefuse(work, duty, at);
      return;
    }
    isPaid = true;
    price = statedPrice(work, duty, at);
  });
  return price;
}

function statedPrice(work: Work, duty: Duty, pointer: string): PolicyPrice | undefined {
  describe(work, duty, pointer);
  settle(work, `${pointer}/action`, duty.action, "compiled");
  if (duty.constraint === undefined) return undefined;
  const atoms = atomsOf(work, duty.constraint, `${pointer}/constraint`);
  for (const { constraint, at } of atoms) settle(work, at, constraint, "compiled");
  const atomOf = (left: string) =>
    atoms.find(({ constraint }) => constraint.leftOperand === left)?.constraint;
  const [amount, unit] = [atomOf("payAmount"), atomOf("unitOfCount")];
  const [, chainId, currency = ""] = TOKEN.exec(amount?.unit ?? "") ?? [];
  const isPerMillion = unit !== undefined && rightTextOf(unit) === MILLION_UNITS;
  const pricePerMillion = amount && /^\d+$/.test(rightTextOf(amount)) ? BigInt(rightTextOf(amount)) : -1n;
  const isPrice = atoms.length === 2 && isPerMillion && pricePerMillion >= 0n && pricePerMillion < 2n ** 96n;
  if (isPrice && chainId !== undefined)
    return {
      chainId: BigInt(chainId),
      currency: getAddress(currency.toLowerCase()) as Address,
      pricePerMillion,
    };
  const problem = "is no price that an offer can have";
  const unitAdvice = `unitOfCount eq {"@id":"${MILLION_UNITS}"}`;
  const advice = `Write payAmount eq whole base units with unit eip155:CHAIN/erc20:TOKEN, and ${unitAdvice}`;
  refuse(work, `${pointer}/constraint`, problem, advice);
  return undefined;
}
