import { id, TypedDataEncoder, ZeroHash } from "ethers";
import { type Client, requireSigner } from "../client.ts";
import { ContractRevertError, InsufficientBalanceError } from "../errors.ts";
import type { Address, Hex } from "./abi.ts";
import { defineApproval, PERMIT2 } from "./approval.ts";
import { offersBatches, sendBatch } from "./batch.ts";
import { checkOneOf } from "./check.ts";
import { layersOf } from "./layers.ts";
import type { PaidAction, Payment } from "./payment.ts";
import { isContract, timeAt } from "./read.ts";
import { signPaymentAuthorization } from "./signPaymentAuthorization.ts";
import { signPermit } from "./signPermit.ts";
import { signPermit2 } from "./signPermit2.ts";
import { constantOf, readToken, readTokenOr, tokenDomain } from "./token.ts";
import type { Sent, WriteAction } from "./write.ts";

/**
 * How a wallet pays:
 * - `free`: nothing to pay
 * - `allowance`: by an earlier approval
 * - `batch`: approval and payment at once, by the wallet (EIP-5792)
 * - `authorization`: by a signature of ERC-3009
 * - `permit`: by a signature of ERC-2612
 * - `permit2`: by a signature for Permit2, which the account approved before
 * - `approval`: by an approval first, in a transaction of its own
 */
export type PaymentMethod = (typeof METHODS)[number];
const METHODS = ["free", "allowance", "batch", "authorization", "permit", "permit2", "approval"] as const;

/** A payment from the client's account. */
export type Cost = {
  readonly token: Address;
  /** Base units. */
  readonly amount: bigint;
  /** The contract that takes it. */
  readonly spender: Address;
  /** Whether the contract takes an `authorization`. */
  readonly takesAuthorization: boolean;
};

/**
 * The method that asks least of the user.
 *
 * @throws {@link NotTokenError}
 * @throws {@link InsufficientBalanceError}
 */
export async function chooseMethod(
  client: Client,
  account: Address,
  cost: Cost,
  batches: boolean,
): Promise<PaymentMethod> {
  const { token, amount, spender, takesAuthorization } = cost;
  if (amount === 0n) return "free";
  const [balance, allowance] = await Promise.all([
    readToken(client, token, "balanceOf", [account]),
    readToken(client, token, "allowance", [account, spender]),
  ]);
  if (balance < amount) throw new InsufficientBalanceError(token, account, balance, amount);
  if (allowance >= amount) return "allowance";
  if (batches) return "batch";
  if (!takesAuthorization) return "approval";
  // Tokens take signatures of contracts in different ways, if at all.
  const bySignature = (await isContract(client, account)) ? undefined : await signed(client, token, account);
  if (bySignature) return bySignature;
  const forPermit2 = await readToken(client, token, "allowance", [account, PERMIT2]);
  return forPermit2 >= amount ? "permit2" : "approval";
}

/** The signature taken by a token, if its domain is the one that would be signed. */
async function signed(
  client: Client,
  token: Address,
  account: Address,
): Promise<"authorization" | "permit" | undefined> {
  const separator = await readTokenOr(client, token, "DOMAIN_SEPARATOR", []);
  if (separator === undefined) return undefined;
  if (separator !== TypedDataEncoder.hashDomain(await tokenDomain(client, token))) return undefined;
  const state = await readTokenOr(client, token, "authorizationState", [account, ZeroHash as Hex]);
  if (state !== undefined) return "authorization";
  const nonce = await readTokenOr(client, token, "nonces", [account]);
  // DAI has a permit of another form.
  const type = await constantOf(client, token, "PERMIT_TYPEHASH", "bytes32");
  return nonce !== undefined && (type ?? PERMIT_TYPEHASH) === PERMIT_TYPEHASH ? "permit" : undefined;
}

const PERMIT_TYPEHASH = id(
  "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
);

/** Seconds of validity of a signature: long enough for a slow user and a busy chain. */
const VALIDITY = 3_600n;

type FundedAction<P, R> = Pick<WriteAction<P, R, unknown>, "prepare" | "decode"> &
  ((client: Client, parameters: P) => Promise<Sent & R>) &
  Partial<Pick<PaidAction<P, R, unknown>, "purpose">>;

/** Sends an action and what its payment needs before. Checks the parameters before anything is signed. */
export async function sendFunded<P, R>(
  client: Client,
  action: FundedAction<P, R>,
  parameters: P,
  cost: Cost,
  wanted: PaymentMethod | undefined,
): Promise<Sent & R & { readonly method: PaymentMethod }> {
  const account = (await requireSigner(client).getAddress()) as Address;
  await action.prepare(client, parameters);
  if (wanted !== undefined) checkOneOf("method", wanted, METHODS);
  const chosen = await chooseMethod(client, account, cost, await offersBatches(client, account));
  const method = chosen === "free" ? chosen : (wanted ?? chosen);
  const send = async (by: PaymentMethod) => ({
    ...(await sendBy(by, client, action, parameters, cost, account)),
    method: by,
  });
  try {
    return await send(method);
  } catch (error) {
    if (method !== "batch" || wanted !== undefined || !isBatchRefused(error)) throw error;
    return await send(await chooseMethod(client, account, cost, false));
  }
}

/** EIP-5792: the user did not upgrade the account, or the wallet cannot do it after all. */
const BATCH_REFUSED = [5700, 5710, 5750, 5760];

function isBatchRefused(error: unknown): boolean {
  return [...layersOf(error)].some(({ code }) => BATCH_REFUSED.includes(code as number));
}

async function sendBy<P, R>(
  method: PaymentMethod,
  client: Client,
  action: FundedAction<P, R>,
  parameters: P,
  cost: Cost,
  account: Address,
): Promise<Sent & R> {
  if (method === "batch") return await sendAtOnce(client, action, parameters, cost, account);
  if (method === "approval") await approve(client, cost, account);
  const authorization = await authorizationOf(client, method, cost, () => action.purpose?.(parameters));
  return await action(client, { ...parameters, ...authorization });
}

async function authorizationOf(
  client: Client,
  method: PaymentMethod,
  { token, amount }: Cost,
  purposeOf: () => Hex | undefined,
): Promise<Payment> {
  if (method !== "permit" && method !== "authorization" && method !== "permit2") return {};
  const deadline = (await timeAt(client)) + VALIDITY;
  if (method === "permit") return { authorization: await signPermit(client, { token, amount, deadline }) };
  const order = { token, amount, purpose: purposeOf() as Hex };
  const authorization =
    method === "permit2"
      ? await signPermit2(client, { ...order, deadline })
      : await signPaymentAuthorization(client, { ...order, validBefore: deadline });
  return { authorization };
}

async function sendAtOnce<P, R>(
  client: Client,
  action: FundedAction<P, R>,
  parameters: P,
  cost: Cost,
  account: Address,
): Promise<Sent & R> {
  const { approval, amounts } = await approvalsFor(client, cost, account);
  const { token } = cost;
  const approvals = await Promise.all(amounts.map((amount) => approval.prepare(client, { token, amount })));
  const call = await action.prepare(client, parameters);
  const { logs, ...sent } = await sendBatch(client, [...approvals, call]);
  return { ...sent, ...action.decode(client, logs, parameters) };
}

async function approve(client: Client, cost: Cost, account: Address): Promise<void> {
  const { approval, amounts } = await approvalsFor(client, cost, account);
  for (const amount of amounts) await approval(client, { token: cost.token, amount });
}

/** The amounts to approve in turn. Some tokens, such as USDT, change an allowance only from 0. */
async function approvalsFor(client: Client, { token, amount, spender }: Cost, account: Address) {
  const approval = defineApproval({ address: spender });
  const allowance = await readToken(client, token, "allowance", [account, spender]);
  if (allowance === 0n) return { approval, amounts: [amount] };
  const isRefused = await approval.estimateGas(client, { token, amount }).then(
    () => false,
    (error) => {
      if (error instanceof ContractRevertError) return true;
      throw error;
    },
  );
  return { approval, amounts: isRefused ? [0n, amount] : [amount] };
}
