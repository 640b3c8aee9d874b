// Miners detect fake recordings, and a validator scores them: npm run example -- detection
import { runDetection } from "./detection.ts";

const hub = `0x${"0".repeat(38)}99` as const;
const round = { chainId: 31_337n, hub, subnetId: 1n, epoch: 1n, validator: hub };
const dataset = { capsuleId: 1n, version: 1n };
await runDetection({ ...round, dataset }, 3, (line) => console.log(line));
