import { createConfig, http, injected } from "wagmi";
import { hardhat } from "wagmi/chains";

export const config = createConfig({
  chains: [hardhat],
  connectors: [injected()],
  transports: { [hardhat.id]: http(import.meta.env.VITE_RPC_URL ?? "http://127.0.0.1:8545") },
});
