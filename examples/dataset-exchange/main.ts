// Two organisations share a dataset, on a chain in this process: npm run example -- dataset-exchange
import type { Deployment } from "@benefit-grid/sdk";
import { deployGrid } from "../../scripts/lib/deployment.ts";
import { connect } from "../../scripts/lib/network.ts";
import { runExchange } from "./exchange.ts";

const connection = await connect({});
try {
  const deployment = (await deployGrid(connection)) as Deployment;
  await runExchange(connection, deployment, (line) => console.log(line));
} finally {
  await connection.close();
}
