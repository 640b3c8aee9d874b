// Miners detect fake recordings, and a subnet pays them by quality, on a chain in this process: npm run example -- detection
import type { Deployment } from "@benefit-grid/sdk";
import { deployGrid } from "../../scripts/lib/deployment.ts";
import { connect } from "../../scripts/lib/network.ts";
import { runDetection } from "./detection.ts";

const ROUNDS = 3;

const connection = await connect({});
try {
  const deployment = (await deployGrid(connection)) as Deployment;
  await runDetection(connection, deployment, ROUNDS, (line) => console.log(line));
} finally {
  await connection.close();
}
