import { useGridClient } from "@benefit-grid/sdk/react";
import { useChainId, useConnect, useConnection, useConnectors, useDisconnect, useSwitchChain } from "wagmi";
import { Problem } from "./Problem.tsx";

export function Wallet() {
  const { address, chainId, isConnected } = useConnection();
  const connectors = useConnectors();
  const connect = useConnect();
  const disconnect = useDisconnect();
  const switchChain = useSwitchChain();
  const wanted = useChainId();
  const grid = useGridClient();
  return (
    <section aria-labelledby="wallet">
      <h2 id="wallet">Wallet</h2>
      {isConnected ? (
        <p>
          Connected as <code>{address}</code>.{" "}
          <button type="button" onClick={() => disconnect.mutate({})}>
            Disconnect
          </button>
        </p>
      ) : (
        connectors.map((connector) => (
          <button
            key={connector.uid}
            type="button"
            disabled={connect.isPending}
            onClick={() => connect.mutate({ connector })}
          >
            {connect.isPending ? "Connecting …" : `Connect ${connector.name}`}
          </button>
        ))
      )}
      {isConnected && chainId !== wanted && (
        <p role="alert">
          The wallet is on another chain.{" "}
          <button type="button" onClick={() => switchChain.mutate({ chainId: wanted })}>
            Change to chain {wanted}
          </button>
        </p>
      )}
      <p role="status">
        {grid.isPending
          ? "Looking for the contracts …"
          : grid.data && `Contracts found on chain ${grid.data.chainId}.`}
      </p>
      <Problem error={connect.error ?? switchChain.error ?? grid.error} />
    </section>
  );
}
