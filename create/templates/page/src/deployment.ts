import type { Deployment } from "@benefit-grid/sdk";

const found = import.meta.glob<Deployment>("./chain.json", { eager: true, import: "default" });

/** The contracts of the test chain, once `npm run chain` has written chain.json. The SDK knows those of public chains. */
export const deployment: Deployment | undefined = found["./chain.json"];
