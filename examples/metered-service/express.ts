import type { AddressInfo } from "node:net";
import type { Meter } from "@benefit-grid/meter";
import { getRequestListener } from "@hono/node-server";
import express from "express";

/** Mounts a meter on Express. A body parser must not come before it. */
export function listenOnExpress(meter: Meter): Promise<{ port: number; close: () => void }> {
  const app = express().all("/ask", getRequestListener(meter.fetch));
  return new Promise((resolve) => {
    const server = app.listen(0, () => {
      resolve({ port: (server.address() as AddressInfo).port, close: () => server.close() });
    });
  });
}
