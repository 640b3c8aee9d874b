// Miners train one model together, and a subnet pays those who lower its loss, on a chain in this process:
// npm run example -- training
import type { Deployment } from "@benefit-grid/sdk";
import { deployGrid } from "../../scripts/lib/deployment.ts";
import { connect } from "../../scripts/lib/network.ts";
import { runTraining } from "./training.ts";

const ROUNDS = 8;

const connection = await connect({});
try {
  const deployment = (await deployGrid(connection)) as Deployment;
  await runTraining(connection, deployment, ROUNDS, (line) => console.log(line));
} finally {
  await connection.close();
}
