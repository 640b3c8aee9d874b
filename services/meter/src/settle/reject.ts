import { abis, type ContractRevertError, findStaleRows } from "@benefit-grid/sdk";
import { Interface } from "ethers";
import { vouchersOf } from "../store/rows.ts";
import type { StoredBatch } from "../store/store.ts";
import type { Context } from "./context.ts";
import { builtBatch } from "./prover.ts";

/** The whole meter waits: no batch would settle. */
const WAIT = ["SettlementPaused", "CallerNotMeterOperator"];

/**
 * Ends a batch that the ledger refuses, and leaves out its cause for a while. The others are batched again.
 *
 * @throws the error if no batch would be settled now: the batch waits
 */
export async function reject(context: Context, batch: StoredBatch, error: ContractRevertError) {
  const { store, rules, report } = context;
  if (WAIT.includes(error.name)) throw error;
  if (error.name === "ReleaseFailed") await holdOffer(error.args.offerId, reasonOf(error.args.reason));
  else if (error.name === "ProofInvalid") await holdUnproven();
  else {
    const named = licenseOf(error.args);
    // Its license is read again when it is batched. The pause keeps a node that is behind from repeating this at once.
    if (named !== undefined) await holdLicenses([named], rules.replaceAfter, error.name);
    else await holdLicenses(licenses(), rules.holdFor, error.message);
  }
  await drop(context, batch, error.message);

  async function holdOffer(offerId: bigint, reason: string): Promise<void> {
    const until = Date.now() + rules.holdFor;
    await store.hold({ kind: "offer", id: offerId, until, reason: `release failed: ${reason}` });
    report({ kind: "releaseFailed", offerId, reason, until });
  }

  /** Stale rows are corrected when they are batched again. Without one, the cause is unknown. */
  async function holdUnproven(): Promise<void> {
    const built = builtBatch(context.client, context.meterId, batch);
    const stale = await findStaleRows(context.client, { batch: built });
    if (stale.length === 0) await holdLicenses(licenses(), rules.holdFor, error.message);
  }

  async function holdLicenses(ids: readonly bigint[], milliseconds: number, reason: string) {
    const until = Date.now() + milliseconds;
    for (const { licenseId, units } of vouchersOf(batch)) {
      if (!ids.includes(licenseId)) continue;
      await store.hold({ kind: "license", id: licenseId, until, units, reason });
      report({ kind: "held", licenseId, reason, until });
    }
  }

  function licenses(): bigint[] {
    return vouchersOf(batch).map(({ licenseId }) => licenseId);
  }
}

export async function drop(
  { store, report }: Pick<Context, "store" | "report">,
  { id }: StoredBatch,
  reason: string,
): Promise<void> {
  await store.dropBatch(id, reason);
  report({ kind: "dropped", batchId: id, reason });
}

function licenseOf(args: object): bigint | undefined {
  const { licenseId, tokenId } = args as { licenseId?: bigint; tokenId?: bigint };
  return licenseId ?? tokenId;
}

let router: Interface | undefined;

/** The router's error as text. */
function reasonOf(reason: string): string {
  router ??= new Interface(abis.SettlementRouter);
  const parsed = router.parseError(reason);
  return parsed ? `${parsed.name}(${[...parsed.args].join(", ")})` : reason;
}
