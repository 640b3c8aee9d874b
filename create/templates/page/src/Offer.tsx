import { useCapsule, useOffer } from "@benefit-grid/sdk/react";
import { Problem } from "./Problem.tsx";
import { usd } from "./usd.ts";

export function Offer({ offerId }: { offerId: bigint }) {
  const { data: offer, error, isPending } = useOffer({ offerId });
  const { data: capsule } = useCapsule({ capsuleId: offer?.capsuleId });
  return (
    <section aria-labelledby="offer">
      <h2 id="offer">Offer {offerId.toString()}</h2>
      {isPending && <p role="status">Reading the offer …</p>}
      {offer && (
        <p>
          {usd(offer.pricePerMillion)} for a million uses of capsule {offer.capsuleId.toString()}
          {capsule && ` (${capsule.kind}, version ${capsule.versions})`}.
          {offer.retired && " No longer for sale."}
        </p>
      )}
      <Problem error={error} />
    </section>
  );
}
