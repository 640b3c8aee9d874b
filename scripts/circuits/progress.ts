/** Called with the name of each step as it begins, and then with how far it is. */
export type OnProgress = (step: string, detail?: string) => void;

const STILL_MS = 15_000;

/** Prints each step as it begins, and again while it runs, to standard error. */
export function startProgress(): { step: OnProgress; stop(end?: string): void } {
  const started = performance.now();
  let [current, last] = ["", ""];
  const print = (): void => {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(6);
    console.error(`${seconds} s  ${last}`);
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    step(name, detail) {
      last = detail === undefined ? name : `${name}: ${detail}`;
      if (name === current) return;
      current = name;
      print();
      timer ??= setInterval(print, STILL_MS).unref();
      timer.refresh();
    },
    stop(end = "done") {
      clearInterval(timer);
      if (current === "") return;
      last = end;
      print();
    },
  };
}
