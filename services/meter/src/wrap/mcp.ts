import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Call, ServeResponse } from "../serve.ts";

/** A server of the Model Context Protocol, such as `McpServer`. */
export type ToolServer = {
  readonly connect: (transport: Transport) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Serves tools of the Model Context Protocol (Streamable HTTP, stateless, JSON answers). Each request gets a server of
 * its own, so its tools know the call and count by `call.use`. All else, such as the list of tools, is free.
 *
 * @example
 * ```ts
 * const serve = serveTools((call) => {
 *   const server = new McpServer({ name: "weather", version: "1.0.0" });
 *   server.registerTool("forecast", { description: "Tomorrow's weather" }, async () => {
 *     call.use(10n);
 *     return { content: [{ type: "text", text: "Rain" }] };
 *   });
 *   return server;
 * });
 * ```
 */
export function serveTools(createServer: (call: Call) => ToolServer): ServeResponse {
  return async (request, call) => {
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    const server = createServer(call);
    await server.connect(transport as Transport);
    try {
      return await transport.handleRequest(request);
    } finally {
      await server.close();
    }
  };
}
