import { GridError } from "@benefit-grid/sdk";

/** An error in words for people. The SDK's errors begin with a short one. */
export function Problem({ error }: { error: Error | null }) {
  if (!error) return null;
  return <p role="alert">{error instanceof GridError ? error.shortMessage : error.message}</p>;
}
