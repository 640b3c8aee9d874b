// Miners train one model together, and a validator scores their steps: npm run example -- training
import { runTraining } from "./training.ts";

const hub = `0x${"0".repeat(38)}99` as const;
const round = { chainId: 31_337n, hub, subnetId: 1n, epoch: 1n, validator: hub };
const dataset = { capsuleId: 1n, version: 1n };
await runTraining({ ...round, dataset }, 8, (line) => console.log(line));
