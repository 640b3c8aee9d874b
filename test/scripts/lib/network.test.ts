import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { connect } from "../../../scripts/lib/network.ts";

describe("connect", () => {
  it("when the node has no unlocked account, and there is no key, says so", async () => {
    const { message } = await connectTo((method) => ({
      result: method === "eth_accounts" ? [] : "0x7a69",
    }));
    expect(message).to.equal(
      "DEPLOYER_PRIVATE_KEY is missing. Set it by npx hardhat keystore set DEPLOYER_PRIVATE_KEY, or in the environment.",
    );
  });

  it("when the server is not a node, says so", async () => {
    const { rpc, message } = await connectTo(() => "<html></html>");
    expect(message).to.contain(`No node answers at ${rpc}.`);
  });
});

/** Connects to a server with these answers. Returns its URL and the error message. */
async function connectTo(answer: (method: string) => object | string) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { id, method } = JSON.parse(body);
    const reply = answer(method);
    response.end(typeof reply === "string" ? reply : JSON.stringify({ jsonrpc: "2.0", id, ...reply }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const rpc = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const message = await connect({ rpc }).then(
    () => "connected",
    (error: Error) => error.message,
  );
  server.closeAllConnections();
  server.close();
  return { rpc, message };
}
