export { YUMA_ONE } from "./fixed.ts";
export type { YumaNetwork, YumaParams } from "./network.ts";
export { upscaleWeights } from "./upscaleWeights.ts";
export { type YumaResult, yumaEpoch } from "./yumaEpoch.ts";
export { type YumaShares, yumaShares } from "./yumaShares.ts";
export { yumaSharesByStake } from "./yumaSharesByStake.ts";
