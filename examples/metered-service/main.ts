// One metered service behind three web frameworks, and a customer that pays for each call by a voucher.
import { createMeter, type Meter, sqliteStore } from "@benefit-grid/meter";
import {
  createClient,
  type Deployment,
  encodeContexts,
  mintLicense,
  publishCapsule,
  registerMeter,
} from "@benefit-grid/sdk";
import { USED_HEADER, withVouchers } from "@benefit-grid/sdk/http";
import type { Signer } from "ethers";
import { network } from "hardhat";
import { deployGrid } from "../../scripts/lib/deployment.ts";
import { listenOnExpress } from "./express.ts";
import { listenOnFastify } from "./fastify.ts";
import { listenOnHono } from "./hono.ts";

const FRAMEWORKS = { Hono: listenOnHono, Express: listenOnExpress, Fastify: listenOnFastify };
const QUESTIONS = ["What heals wounds?", "Why is the sky blue?", "Who paid for the bridge?"];
const CONTEXTS = encodeContexts(["education"]);

const connection = await network.create();
const deployment = (await deployGrid(connection)) as Deployment;
const [provider, customer] = (await connection.ethers.getSigners()) as Signer[] as [Signer, Signer];
const client = await createClient({ runner: provider, deployment });
const licensee = await createClient({ runner: customer, deployment });
const { offerId, licenseId } = await sell();

for (const [name, listen] of Object.entries(FRAMEWORKS)) await serveAndPay(name, listen);
await connection.close();

/** An offer of the service, free to keep the example short, and the customer's license. */
async function sell(): Promise<{ offerId: bigint; licenseId: bigint }> {
  const { UsageLedger: ledger, TestUSD: currency } = client.addresses;
  const payee = (await provider.getAddress()) as `0x${string}`;
  const { meterId } = await registerMeter(client, { payee, endpoint: "http://127.0.0.1/ask" });
  const { offerId } = await publishCapsule(client, {
    kind: "model",
    contentHash: `0x${"11".repeat(32)}`,
    uri: "https://model.example/words",
    shares: [{ role: "model", units: 1n, account: payee }],
    terms: {
      duration: 86_400n,
      revocationNotice: 3_600n,
      maxUnits: 1_000n,
      contexts: CONTEXTS,
      transferable: true,
    },
    offer: { ledger, meterId, currency: currency as `0x${string}`, pricePerMillion: 0n },
  });
  const to = (await customer.getAddress()) as `0x${string}`;
  const { licenseId } = await mintLicense(licensee, { offerId, to, units: 1_000n, maxPrice: 0n });
  return { offerId, licenseId };
}

/** The service answers with its input's words in reverse, at one unit a word. */
async function serveAndPay(
  name: string,
  listen: (meter: Meter) => ReturnType<typeof listenOnHono>,
): Promise<void> {
  const store = await sqliteStore(":memory:");
  const meter = await createMeter({
    client,
    store,
    offers: [offerId],
    maxUnits: 10n,
    serve: async (request, call) => {
      const words = (await request.text()).split(" ");
      call.use(BigInt(words.length));
      return new Response(words.reverse().join(" "));
    },
  });
  const { port, close } = await listen(meter);
  const paid = withVouchers(fetch, {
    client: licensee,
    licenseId,
    contexts: CONTEXTS,
    maxUnits: 1_000n,
    maxUnitsPerCall: 10n,
  });
  for (const body of QUESTIONS) {
    const response = await paid(`http://127.0.0.1:${port}/ask`, { method: "POST", body });
    console.log(
      `${name.padEnd(8)} ${await response.text()}  (${response.headers.get(USED_HEADER)} units so far)`,
    );
  }
  close();
  await meter.close();
  const account = await store.account(licenseId);
  console.log(
    `${"".padEnd(8)} stored: ${account?.used} units used, a voucher for ${account?.voucher?.units}\n`,
  );
  await store.close();
}
