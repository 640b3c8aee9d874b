import type { PreparedTransaction } from "../../core/send.ts";
import type { WriteAction } from "../../core/write.ts";
import { type Context, send } from "../context.ts";

/** A transaction to send. */
export type Step = {
  /** What it does, as a part of a sentence. */
  readonly text: string;
  prepare(): Promise<PreparedTransaction>;
  /** Tries it, then sends it. */
  send(): Promise<object>;
};

export function stepOf<Parameters, Result, Simulated>(
  context: Context,
  text: string,
  action: WriteAction<Parameters, Result, Simulated>,
  parameters: Parameters,
): Step {
  return {
    text,
    prepare: () => action.prepare(context.client, parameters),
    send: async () => {
      const result = await send(context, action, parameters);
      return "sent" in result ? result.sent : result;
    },
  };
}

/** Says what it will do, and does it. With `--dry-run` it stops before, with `--unsigned` it prints the transactions. */
export async function take(context: Context, steps: readonly Step[]): Promise<object> {
  const { values, say } = context;
  const texts = steps.map(({ text }) => text);
  if (values.unsigned) return { unsigned: await Promise.all(steps.map((step) => step.prepare())) };
  say(...texts.map((text, i) => `${i + 1}. ${text}`));
  if (values["dry-run"]) {
    say("Dry run: nothing was sent.");
    return { dryRun: texts };
  }
  const sent = [];
  for (const step of steps) sent.push(await step.send());
  return { steps: texts, sent };
}
