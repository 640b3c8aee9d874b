// Anonymous people build a dataset and earn from it, on a chain in this process: npm run example -- crowd-dataset
import type { Deployment } from "@benefit-grid/sdk";
import { deployGrid } from "../../scripts/lib/deployment.ts";
import { connect } from "../../scripts/lib/network.ts";
import { runCrowd } from "./crowd.ts";

const connection = await connect({});
try {
  const deployment = (await deployGrid(connection)) as Deployment;
  await runCrowd(connection, deployment, (line) => console.log(line));
} finally {
  await connection.close();
}
