import { useState } from "react";
import { useConnection } from "wagmi";
import { Buy } from "./Buy.tsx";
import { Earnings } from "./Earnings.tsx";
import { License } from "./License.tsx";
import { Offer } from "./Offer.tsx";
import { Wallet } from "./Wallet.tsx";

/** The offer to show: the first one of the chain. */
const OFFER_ID = 1n;

export function Page() {
  const { address } = useConnection();
  const [licenseId, setLicenseId] = useState<bigint>();
  return (
    <main>
      <h1>Benefit Grid</h1>
      <Wallet />
      <Offer offerId={OFFER_ID} />
      <Buy offerId={OFFER_ID} onBought={setLicenseId} />
      <License licenseId={licenseId} />
      <Earnings account={address} offerId={OFFER_ID} />
    </main>
  );
}
