import type { Logger } from "pino";
import type { Reporter, SettleReport } from "../settle/report.ts";

/** Kinds for the operator's attention. All others are information. */
const WARNINGS: readonly SettleReport["kind"][] = [
  "dropped",
  "releaseFailed",
  "held",
  "corrected",
  "takenBack",
  "vanished",
];

/** Writes reports of the settlement to the log, and hands them on. */
export function logReports(log: Logger, next: Reporter): Reporter {
  return (report) => {
    next(report);
    const { kind, ...rest } = report;
    const fields = JSON.parse(
      JSON.stringify(rest, (_key, value) => (typeof value === "bigint" ? `${value}` : value)),
    );
    if (report.kind === "error")
      log.error({ err: report.error, batchId: report.batchId }, "settlement failed, is tried again");
    else if (kind === "proving") log.debug(fields, kind);
    else if (kind === "lost" || (report.kind === "lone" && report.urgent)) log.error(fields, kind);
    else if (WARNINGS.includes(kind)) log.warn(fields, kind);
    else log.info(fields, kind);
  };
}
