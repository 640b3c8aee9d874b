import type { Meter } from "@benefit-grid/meter";
import { getRequestListener } from "@hono/node-server";
import fastify from "fastify";

/** Mounts a meter on Fastify. The meter reads the body, so Fastify must not parse it. */
export async function listenOnFastify(meter: Meter): Promise<{ port: number; close: () => void }> {
  const listener = getRequestListener(meter.fetch);
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.all("/ask", (request, reply) => listener(request.raw, reply.hijack().raw));
  await app.listen({ port: 0 });
  return { port: app.addresses()[0]?.port ?? 0, close: () => app.close() };
}
