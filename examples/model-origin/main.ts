// A model's first registration, its training data and its score, each checked by somebody else, on a chain in this
// process: npm run example -- model-origin
import type { Deployment } from "@benefit-grid/sdk";
import { deployGrid } from "../../scripts/lib/deployment.ts";
import { connect } from "../../scripts/lib/network.ts";
import { runOrigin } from "./origin.ts";

const connection = await connect({});
try {
  const deployment = (await deployGrid(connection)) as Deployment;
  await runOrigin(connection, deployment, (line) => console.log(line));
} finally {
  await connection.close();
}
