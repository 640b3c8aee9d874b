import type { AddressInfo } from "node:net";
import type { Meter } from "@benefit-grid/meter";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

/** Mounts a meter on Hono. */
export function listenOnHono(meter: Meter): Promise<{ port: number; close: () => void }> {
  const app = new Hono().all("/ask", (c) => meter.fetch(c.req.raw));
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0 }, ({ port }: AddressInfo) => {
      resolve({ port, close: () => server.close() });
    });
  });
}
