import { serveTools } from "@benefit-grid/meter/mcp";
import { withVouchers } from "@benefit-grid/sdk/http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect } from "chai";
import { networkHelpers } from "../../../grid.ts";
import { licensed, SECRET, startMeter } from "../support.ts";

/** A tool that costs 10 units. */
const serve = serveTools((call) => {
  const server = new McpServer({ name: "weather", version: "1.0.0" });
  server.registerTool("forecast", { description: "Tomorrow's weather" }, async () => {
    call.use(10n);
    return { content: [{ type: "text", text: "Rain" }] };
  });
  return server;
});

describe("serveTools", () => {
  it("when a stock client calls a tool, its license pays for the call alone", async () => {
    const { client } = await networkHelpers.loadFixture(licensed);
    const meter = await startMeter(client, { serve, maxUnits: 10n, credit: 40n });
    const limits = { licenseId: 1n, contexts: 1n, maxUnits: 100n, maxUnitsPerCall: 10n, secret: SECRET };
    const paid = withVouchers((input, init) => meter.fetch(new Request(input, init)), { client, ...limits });
    const agent = new Client({ name: "agent", version: "1.0.0" });
    await agent.connect(
      new StreamableHTTPClientTransport(new URL("https://meter.example/mcp"), { fetch: paid }) as Transport,
    );
    try {
      expect((await agent.listTools()).tools.map(({ name }) => name)).to.deep.equal(["forecast"]);
      expect((await meter.store.account(1n))?.used).to.equal(0n);
      for (let i = 0; i < 3; i++) {
        const { content } = await agent.callTool({ name: "forecast", arguments: {} });
        expect(content).to.deep.equal([{ type: "text", text: "Rain" }]);
      }
    } finally {
      await agent.close();
      await meter.close();
    }
    expect((await meter.store.account(1n))?.used).to.equal(30n);
    expect(meter.served).to.deep.equal([10n, 10n, 10n]);
  });
});
