import { fromHeader, MessageFormatError, VOUCHER_HEADER, voucherFromMessage } from "@benefit-grid/sdk/http";
import type { AnyVoucher } from "@benefit-grid/sdk/meter";
import { type AdmitParameters, authenticate, holdUnits, isTurning } from "./admit.ts";
import type { ChainClock } from "./chainClock.ts";
import type { Slot } from "./committer.ts";
import { Refusal, voucherDue } from "./refusal.ts";
import { type Admitted, type RunParameters, runCall } from "./runCall.ts";
import type { Seat, Seats } from "./seats.ts";

export type AdmissionParameters = Omit<AdmitParameters, "now"> &
  Pick<RunParameters, "committer"> & {
    readonly seats: Seats;
    readonly clock: ChainClock;
    /** Without the chain, known licenses are served for this long, milliseconds. */
    readonly maxAge: number;
  };

export type GatewayParameters = RunParameters &
  AdmissionParameters & {
    readonly withoutVoucher: ((request: Request) => Promise<Response>) | undefined;
  };

/**
 * Answers one request.
 *
 * @throws {@link Refusal} with the reason
 */
export async function answer(request: Request, parameters: GatewayParameters): Promise<Response> {
  const { withoutVoucher } = parameters;
  const header = request.headers.get(VOUCHER_HEADER);
  if (header === null) {
    if (withoutVoucher) return await withoutVoucher(request);
    throw new Refusal("VoucherMissing", `The request has no header ${VOUCHER_HEADER}. Buy a license first.`);
  }
  const voucher = voucherOf(header);
  const admitted = await admit(voucher, parameters);
  return await runCall({ ...admitted, request, contexts: voucher.contexts }, parameters);
}

/**
 * Admits a call of a license. Its voucher is on its way to the store, and its units are held until `release`.
 *
 * @throws {@link Refusal} with the reason
 */
export async function admit(
  voucher: AnyVoucher,
  parameters: AdmissionParameters,
): Promise<Omit<Admitted, "request" | "contexts">> {
  const { clock, maxAge, seats } = parameters;
  if (clock.age() > maxAge) throw new Refusal("ChainUnreachable", "The chain does not answer. Try again.");
  const found = seats.of(voucher);
  const seat = found instanceof Promise ? await found : found;
  if (isTurning(seat, clock.now())) await readAgain(seat, parameters);
  const limits = { ...parameters, now: clock.now() };
  const slot = keep(seat, authenticate(seat, voucher, limits), parameters);
  try {
    return { seat, slot, release: holdUnits(seat, limits) };
  } catch (error) {
    await slot?.stored;
    if (error instanceof Refusal && error.due) throw await refreshed(seat, parameters);
    throw error;
  }
}

/** Anybody can name a license, so requests of the same moment share one reading. */
const readings = new WeakMap<Seat, Promise<void>>();

async function readAgain(seat: Seat, { seats }: AdmissionParameters): Promise<void> {
  const { licenseId } = seat.license;
  const reading = readings.get(seat) ?? seats.refresh(licenseId).finally(() => readings.delete(seat));
  readings.set(seat, reading);
  await reading.catch((cause) => {
    throw new Refusal("ChainUnreachable", `License ${licenseId} cannot be read: ${cause}. Try again.`);
  });
}

/** The newest voucher counts at once, and is stored before the answer leaves. */
function keep(
  seat: Seat,
  newer: AnyVoucher | undefined,
  { committer }: AdmissionParameters,
): Slot | undefined {
  if (!newer) return undefined;
  const { licenseId } = newer;
  seat.account = { ...seat.account, voucher: newer };
  return committer.record(licenseId, 0n, newer);
}

/** Another gateway may have counted more. The customer takes the shown count as complete. */
async function refreshed(seat: Seat, { committer }: AdmissionParameters): Promise<Refusal> {
  const { licenseId } = seat.license;
  // Without the store, the known count has to do.
  seat.account = await committer.record(licenseId, 0n).stored.catch(() => seat.account);
  return voucherDue(seat.account);
}

function voucherOf(header: string): AnyVoucher {
  try {
    return voucherFromMessage(fromHeader(header));
  } catch (error) {
    if (error instanceof MessageFormatError) throw new Refusal("MessageMalformed", error.message);
    throw error;
  }
}
