import type { ExactPayments } from "@benefit-grid/meter";

type Step = "add" | "settled" | "paid" | "serve";

function killed(): never {
  throw new Error("killed");
}

/** A store whose process dies at one step, before or after the step is stored. */
export function dying(
  store: ExactPayments,
  step: Step,
  when: "before" | "after",
  die: () => unknown = killed,
) {
  const wrap =
    <A extends unknown[], R>(name: string, change: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const isStep = name === step || (name === "advance" && args[1] === step);
      if (isStep && when === "before") die();
      const result = await change(...args);
      if (isStep && when === "after") die();
      return result;
    };
  return {
    ...store,
    add: wrap("add", store.add),
    advance: wrap("advance", store.advance),
    serve: wrap("serve", store.serve),
  };
}
