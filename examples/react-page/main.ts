// A page that buys a license and claims earnings, beside a test chain: npm run example -- react-page
import { createServer } from "vite";
import { startChain } from "../../create/templates/page/chain.ts";

const { url } = await startChain();
const root = `${import.meta.dirname}/../../create/templates/page`;
const vite = await createServer({ root, configFile: `${root}/vite.config.ts` });
await vite.listen();
console.log(`Chain 31337 is at ${url}. Add it to your wallet, and import the first account of Hardhat.`);
vite.printUrls();
