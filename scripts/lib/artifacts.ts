import { globSync, readFileSync } from "node:fs";

export type AbiParameter = {
  name: string;
  type: string;
  internalType?: string;
  indexed?: boolean;
  components?: AbiParameter[];
};

export type AbiItem = {
  type: "constructor" | "error" | "event" | "fallback" | "function" | "receive";
  name?: string;
  inputs?: AbiParameter[];
  outputs?: AbiParameter[];
  stateMutability?: string;
  anonymous?: boolean;
};

export type Artifact = { name: string; source: string; abi: AbiItem[] };

/** Our deployable contracts with external functions, sorted by name. */
export function readContracts(): Artifact[] {
  const artifacts = globSync("artifacts/contracts/**/*.json")
    .map((file) => {
      const { abi, bytecode, contractName, sourceName } = JSON.parse(readFileSync(file, "utf8"));
      return { name: contractName, source: sourceName, abi, isDeployable: bytecode !== "0x" };
    })
    .filter(({ abi, isDeployable }) => isDeployable && abi.some(({ type }: AbiItem) => type === "function"))
    .map(({ name, source, abi }) => ({ name, source, abi }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

  const twice = artifacts.find(({ name }, i) => artifacts[i + 1]?.name === name);
  if (twice) throw new Error(`Two contracts are named ${twice.name}.`);
  return artifacts;
}
