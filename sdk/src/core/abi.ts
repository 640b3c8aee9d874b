import { FunctionFragment, Interface, type InterfaceAbi, type ParamType } from "ethers";
import type { abis } from "../generated/index.ts";
import { signatures } from "../generated/signatures.ts";

export type Hex = `0x${string}`;
/** An account or a contract, 20 bytes. */
export type Address = Hex;
/** An address in lower case or with a checksum. A wrong checksum is refused. */
export type AddressInput = string;

type Abis = typeof abis;
type Parameter = { readonly name: string; readonly type: string; readonly components?: readonly Parameter[] };
type Parameters = readonly Parameter[];

export type ContractName = keyof Abis;
type Item<C extends ContractName, T extends string> = Extract<Abis[C][number], { type: T }>;
export type FunctionName<C extends ContractName> = Item<C, "function">["name"];
export type EventName<C extends ContractName> = Item<C, "event">["name"];

type FunctionOf<C extends ContractName, M> = Extract<Item<C, "function">, { name: M }>;

/** A function's parameters, as a tuple. */
export type Inputs<C extends ContractName, M extends FunctionName<C>> = Values<FunctionOf<C, M>["inputs"]>;
/** A function's return values, by name. */
export type Outputs<C extends ContractName, M extends FunctionName<C>> = Named<FunctionOf<C, M>["outputs"]>;
/** A function's return value if it has one, or else its values by name. */
export type Output<C extends ContractName, M extends FunctionName<C>> = FunctionOf<
  C,
  M
>["outputs"] extends readonly [infer Only]
  ? Value<Only>
  : Named<FunctionOf<C, M>["outputs"]>;
/** An event's parameters, by name. */
export type EventArgs<C extends ContractName, E extends EventName<C>> = Named<
  Extract<Item<C, "event">, { name: E }>["inputs"]
>;

type Named<P extends Parameters> = { readonly [Q in P[number] as Q["name"]]: Value<Q> };

type Values<P extends Parameters> = { readonly [I in keyof P]: Value<P[I]> };

type Value<P> = P extends { type: `${infer Element}[]` }
  ? readonly Value<Omit<P, "type"> & { readonly type: Element }>[]
  : P extends { type: `${infer Element}[2]` }
    ? readonly [Value<{ readonly type: Element }>, Value<{ readonly type: Element }>]
    : P extends { type: "tuple"; components: infer C extends Parameters }
      ? Named<C>
      : P extends { type: "bool" }
        ? boolean
        : P extends { type: "string" }
          ? string
          : P extends { type: `uint${string}` | `int${string}` }
            ? bigint
            : Hex;

/** The errors of Solidity itself and of Permit2's signatures. */
export const FOREIGN_ERRORS = [
  { type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] },
  { type: "error", name: "Panic", inputs: [{ name: "code", type: "uint256" }] },
  { type: "error", name: "InvalidContractSignature", inputs: [] },
  { type: "error", name: "InvalidNonce", inputs: [] },
  { type: "error", name: "InvalidSigner", inputs: [] },
  { type: "error", name: "SignatureExpired", inputs: [{ name: "signatureDeadline", type: "uint256" }] },
] as const;

type AnyError = Item<ContractName, "error"> | (typeof FOREIGN_ERRORS)[number];
type Described<E> = E extends AnyError
  ? { readonly name: E["name"]; readonly args: Named<E["inputs"]> }
  : never;

/** Any error of any of our contracts, since they call each other. */
export type Revert = Described<AnyError> | { readonly name: "UnknownRevert"; readonly args: { data: Hex } };

type Fragments = Readonly<Partial<Record<ContractName, readonly string[]>>>;

let loaded: Fragments = {};

/** Loads all ABIs. They are most of the SDK's size, so a page loads them with its first client. */
export async function loadAbis(): Promise<void> {
  loaded = (await import("../generated/fragments.ts")).fragments;
}

/** The ABIs as ethers reads them, once there is a client. */
export function loadedAbis(): Fragments {
  return loaded;
}

const interfaces = new Map<ContractName, Interface>();

/** @param from ABIs for code without a client */
export function interfaceOf(
  contract: ContractName,
  from: Readonly<Partial<Record<ContractName, InterfaceAbi>>> = loaded,
): Interface {
  let found = interfaces.get(contract);
  if (!found) {
    const abi = from[contract];
    if (!abi) throw new TypeError(`The ABI of ${contract} is not loaded: no client was created.`);
    found = new Interface(abi);
    interfaces.set(contract, found);
  }
  return found;
}

/** A function known without a client, such as `SettlementRouter.pay`. */
export type KnownFunction = keyof typeof signatures;

export function functionOf(signature: KnownFunction): FunctionFragment {
  return FunctionFragment.from(signatures[signature]);
}

/** Decoded values as a plain object by parameter name. */
export function named(parameters: readonly ParamType[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(parameters.map((parameter, i) => [parameter.name, plain(parameter, values[i])]));
}

function plain(parameter: ParamType, value: unknown): unknown {
  if (parameter.isArray()) return [...(value as unknown[])].map((one) => plain(parameter.arrayChildren, one));
  return parameter.isTuple() ? named(parameter.components, [...(value as unknown[])]) : value;
}
