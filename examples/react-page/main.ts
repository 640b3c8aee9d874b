// A page that buys a license and claims earnings, beside a chain in this process: npm run example -- react-page
import { createServer } from "vite";
import { connect } from "../../scripts/lib/network.ts";
import { prepare, serve } from "./grid.ts";

const connection = await connect({});
await prepare(connection);
const { rpc } = await serve(connection, 8545);
const vite = await createServer({
  root: import.meta.dirname,
  configFile: `${import.meta.dirname}/vite.config.ts`,
});
await vite.listen();
console.log(`Chain 31337 is at ${rpc}. Add it to your wallet, and import the first account of Hardhat.`);
vite.printUrls();
