import { useClaim, useClaimable, useOffer } from "@benefit-grid/sdk/react";
import { useChainId, useConnection } from "wagmi";
import { Problem } from "./Problem.tsx";
import { usd } from "./usd.ts";

export function Earnings({ account, offerId }: { account: `0x${string}` | undefined; offerId: bigint }) {
  const { chainId } = useConnection();
  const { data: token } = useOffer({ offerId, query: { select: (offer) => offer.currency } });
  const earned = useClaimable({ account, tokens: token && [token] });
  const claim = useClaim();
  const canSign = chainId === useChainId();
  if (!account || !token) return null;
  const amount = earned.data?.[0]?.amount ?? 0n;
  return (
    <section aria-labelledby="earnings">
      <h2 id="earnings">Earnings</h2>
      <p role="status">{earned.isPending ? "Reading your earnings …" : `Unclaimed: ${usd(amount)}`}</p>
      <button
        type="button"
        disabled={!canSign || amount === 0n || claim.isPending}
        onClick={() => claim.mutate({ account, tokens: [{ token, minAmount: 1n }] })}
      >
        {claim.isPending ? "Confirm in the wallet …" : "Claim"}
      </button>
      {claim.data && <p>Claimed {usd(claim.data.paid.reduce((sum, row) => sum + row.amount, 0n))}.</p>}
      <Problem error={earned.error ?? claim.error} />
    </section>
  );
}
