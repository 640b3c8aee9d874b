import type { Deployment } from "@benefit-grid/sdk";
import { network } from "hardhat";
import { deployGrid } from "../scripts/lib/deployment.ts";

const connection = await network.create();

async function deployment(): Promise<Deployment> {
  return (await deployGrid(connection)) as Deployment;
}

/**
 * A chain of its own for tests that begin with `deployGrid`. It is deployed once: each call brings back the state after it,
 * and ends what an earlier call returned.
 */
export async function deployedGrid() {
  return { connection, deployment: await connection.networkHelpers.loadFixture(deployment) };
}
