import {
  type Call,
  type CreateMeterParameters,
  createMeter,
  type Serve,
  sqliteStore,
} from "@benefit-grid/meter";
import { type Client, signPrivateVoucher, signVoucher } from "@benefit-grid/sdk";
import { type AnyVoucher, toHeader, VOUCHER_HEADER, voucherToMessage } from "@benefit-grid/sdk/http";
import { licenseFixture, Mode, mintParams } from "../../grid.ts";
import { addOffer } from "../../licenses/support.ts";
import { withClients } from "../../sdk/clients.ts";

export const SECRET = `0x${"5e".repeat(32)}` as const;

/** License 1 of the open offer 1, license 2 of the private offer 2: 1,000 units each, of one buyer. */
export async function licensed() {
  const given = await withClients(licenseFixture);
  const { licenses, buyer, as } = given;
  const offerId = await addOffer(given, {}, { mode: Mode.Private });
  await licenses.connect(buyer).mint(mintParams(offerId, buyer, 1_000n), "0x");
  return { ...given, client: await as(buyer) };
}

type Options = Partial<CreateMeterParameters>;

/** A meter that counts 100 units a call, with a credit of one call, and what it reported. */
export async function startMeter(client: Client, options: Options = {}) {
  const served: bigint[] = [];
  const refused: string[] = [];
  const errors: unknown[] = [];
  const store = options.store ?? (await sqliteStore(":memory:"));
  const meter = await createMeter({
    client,
    offers: [1n, 2n],
    serve: serving(100n),
    maxUnits: 100n,
    credit: 100n,
    interval: 3_600_000,
    onServed: ({ units }) => served.push(units),
    onRefused: ({ reason }) => refused.push(reason),
    onError: (error) => errors.push(error),
    ...options,
    store,
  });
  return { ...meter, store, served, refused, errors };
}

/** A service that answers with the request's body. */
export function serving(units: bigint): Serve {
  return async (request, call) => {
    call.use(units);
    return new Response(await request.text());
  };
}

export const URL = "https://meter.example/ask";

export function request(voucher?: AnyVoucher, body = "question"): Request {
  const headers = voucher && { [VOUCHER_HEADER]: toHeader(voucherToMessage(voucher)) };
  return new Request(URL, { method: "POST", body, ...(headers && { headers }) });
}

/** Vouchers of a client's account. License 1 is open, 2 private. */
export function vouchersOf(client: Client) {
  return async (licenseId: bigint, units: bigint, contexts = 1n): Promise<AnyVoucher> =>
    licenseId === 1n
      ? await signVoucher(client, { licenseId, units, contexts })
      : await signPrivateVoucher(client, { licenseId, units, contexts, secret: SECRET });
}

/** Status and reason of a refusal. */
export async function refusalOf(response: Response): Promise<[number, string]> {
  const { title } = (await response.json()) as { title: string };
  return [response.status, title];
}

/** A call that only counts. */
export function countingCall() {
  const counted: bigint[] = [];
  let isKeptOpen = false;
  const call: Call = {
    licenseId: 1n,
    offerId: 1n,
    contexts: 1n,
    maxUnits: 100n,
    use: (units) => counted.push(units),
    keepOpen: () => {
      isKeptOpen = true;
    },
  };
  return { call, counted, isKeptOpen: () => isKeptOpen };
}
