import { priceOfUnits } from "@benefit-grid/sdk";
import { useBuy, useOffer } from "@benefit-grid/sdk/react";
import { useState } from "react";
import { useChainId, useConnection } from "wagmi";
import { Problem } from "./Problem.tsx";
import { usd } from "./usd.ts";

export function Buy({ offerId, onBought }: { offerId: bigint; onBought: (licenseId: bigint) => void }) {
  const [text, setText] = useState("1000");
  const { isConnected, chainId } = useConnection();
  const { data: pricePerMillion } = useOffer({
    offerId,
    query: { select: (offer) => offer.pricePerMillion },
  });
  const { mutate, data, error, isPending } = useBuy({
    mutation: { onSuccess: ({ licenseId }) => onBought(licenseId) },
  });
  const units = /^[1-9]\d{0,9}$/.test(text) ? BigInt(text) : undefined;
  const canSign = chainId === useChainId() && isConnected;
  return (
    <section aria-labelledby="buy">
      <h2 id="buy">Buy a license</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (units !== undefined) mutate({ offerId, units });
        }}
      >
        <label>
          Uses to prepay{" "}
          <input
            inputMode="numeric"
            value={text}
            aria-invalid={units === undefined}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" disabled={!canSign || isPending || units === undefined}>
          {isPending ? "Confirm in the wallet …" : "Buy"}
        </button>
      </form>
      {units !== undefined && pricePerMillion !== undefined && (
        <p>Price: {usd(priceOfUnits({ units, pricePerMillion }))}</p>
      )}
      {!canSign && <p>Connect a wallet on this chain to buy.</p>}
      {data && <p role="status">Bought license {data.licenseId.toString()}.</p>}
      <Problem error={error} />
    </section>
  );
}
