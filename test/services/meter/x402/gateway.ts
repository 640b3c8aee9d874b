// A gateway in a process of its own: takes one payment and is killed at a step.
import { createExactPayments, sqliteExactPayments } from "@benefit-grid/meter";
import { createClient } from "@benefit-grid/sdk";
import { JsonRpcProvider } from "ethers";
import { dying } from "./dying.ts";

const { rpc, account, deployment, file, token, header, method, when } = JSON.parse(process.argv[2] ?? "");
const runner = await new JsonRpcProvider(rpc, undefined, { cacheTimeout: -1 }).getSigner(account);
const client = await createClient({ runner, deployment });
const store = dying(sqliteExactPayments(file), method, when, () => process.kill(process.pid, "SIGKILL"));
const exact = await createExactPayments({
  client,
  store,
  capsuleId: 1n,
  token,
  amountPerCall: 10_000n,
  maxTimeoutSeconds: 86_400,
});
const request = new Request("https://meter.example/ask", { headers: { "PAYMENT-SIGNATURE": header } });
await exact.accept(request);
await exact.drain();
