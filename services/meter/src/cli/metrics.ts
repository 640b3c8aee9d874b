import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { MeterEvents } from "../gateway/events.ts";
import type { ServedOffer } from "../gateway/license.ts";
import { worthOf } from "../settle/due.ts";
import type { Reporter } from "../settle/report.ts";
import type { Store } from "../store/store.ts";

/** Seconds of a proof. */
const BUCKETS = [1, 2, 5, 10, 20, 30, 60, 120, 300];

/** Prometheus metrics. What waits in the store is read at each scrape, so every process shows the same. */
export function createMetrics(store: Store, offers: ReadonlyMap<bigint, ServedOffer>) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ["offer"], registers });

  const served = counter("meter_served_units_total", "Metered units served and stored", "offer");
  const calls = counter("meter_served_calls_total", "Calls whose units were stored", "offer");
  const refused = counter("meter_refused_total", "Requests not served", "reason");
  const errors = counter("meter_errors_total", "Failures of service, store, chain or settlement", "part");
  const batches = counter("meter_batches_total", "Batches by what happened to them", "event");
  const proof = new Histogram({
    name: "meter_proof_seconds",
    help: "Time of a proof",
    buckets: BUCKETS,
    registers,
  });
  const units = gauge("meter_unsettled_units", "Units of vouchers that are not settled");
  const value = gauge("meter_unsettled_value", "Their price, base units of the offer's currency");
  const credit = gauge("meter_credit_units", "Units served beyond the newest vouchers");
  const licenses = gauge("meter_unsettled_licenses", "Licenses with a voucher to settle");
  const age = gauge("meter_oldest_voucher_seconds", "Age of the oldest unsettled voucher");

  async function readStore(): Promise<void> {
    for (const one of await store.totals()) {
      const labels = { offer: String(one.offerId) };
      const offer = offers.get(one.offerId);
      units.set(labels, Number(one.units));
      credit.set(labels, Number(one.credit));
      licenses.set(labels, one.licenses);
      age.set(labels, one.waitingSince === undefined ? 0 : (Date.now() - one.waitingSince) / 1_000);
      if (offer) value.set(labels, Number(worthOf(offer, one.units)));
    }
  }

  const events: MeterEvents = {
    onServed: ({ offerId, units }) => {
      const labels = { offer: String(offerId) };
      served.inc(labels, Number(units));
      calls.inc(labels);
    },
    onRefused: ({ reason }) => refused.inc({ reason }),
    onError: () => errors.inc({ part: "gateway" }),
  };

  const onReport: Reporter = (report) => {
    if (report.kind === "error") errors.inc({ part: "settlement" });
    else if (report.kind !== "proving") batches.inc({ event: report.kind });
    if (report.kind === "proved") proof.observe(report.milliseconds / 1_000);
  };

  return {
    events,
    onReport,
    /** The text for Prometheus. */
    text: async () => {
      await readStore();
      return await registry.metrics();
    },
    contentType: registry.contentType,
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
