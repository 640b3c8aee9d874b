import { Contract, type TypedDataDomain } from "ethers";
import type { Client } from "../client.ts";
import { type Address, interfaceOf } from "../core/abi.ts";
import type { TestUSD } from "../generated/index.ts";

const VERSION_ABI = ["function version() view returns (string)"];

/** A token with the payment methods of USDC, like our test token. */
export function tokenAt(client: Client, address: Address): TestUSD {
  return new Contract(address, interfaceOf("TestUSD"), client.provider) as unknown as TestUSD;
}

/** The domain of a token's signatures: from ERC-5267, or else from name and version as for USDC. */
export async function tokenDomain(client: Client, token: Address): Promise<TypedDataDomain> {
  const contract = tokenAt(client, token);
  const [name, version] = await contract.eip712Domain().then(
    (domain) => [domain.name, domain.version],
    async () => [await contract.name(), await versionOf(client, token)],
  );
  return { name, version, chainId: client.chainId, verifyingContract: token };
}

async function versionOf(client: Client, token: Address): Promise<string> {
  const contract = new Contract(token, VERSION_ABI, client.provider);
  return await contract
    .getFunction("version")()
    .catch(() => "1");
}
