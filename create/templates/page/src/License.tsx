import { useLicense, useUsage } from "@benefit-grid/sdk/react";
import { Problem } from "./Problem.tsx";

export function License({ licenseId }: { licenseId: bigint | undefined }) {
  const { data: license, error } = useLicense({ licenseId });
  const { data: usage } = useUsage({ licenseId, query: { refetchInterval: 12_000 } });
  if (licenseId === undefined) return null;
  return (
    <section aria-labelledby="license">
      <h2 id="license">License {licenseId.toString()}</h2>
      {license && (
        <dl>
          <dt>Holder</dt>
          <dd>{license.holder}</dd>
          <dt>Used</dt>
          <dd>{usage?.commitment ? "private" : `${usage?.units ?? "…"} of ${license.prepaid}`}</dd>
          <dt>Ends</dt>
          <dd>{new Date(Number(license.expiry) * 1_000).toLocaleString()}</dd>
        </dl>
      )}
      <Problem error={error} />
    </section>
  );
}
