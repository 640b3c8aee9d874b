/** Runs steps one after the other. */
export type Turns = (<T>(step: () => Promise<T>) => Promise<T>) & { readonly isIdle: () => boolean };

export function inTurn(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function run<T>(step: () => Promise<T>): Promise<T> {
    waiting += 1;
    const result = last.then(step);
    last = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      waiting -= 1;
    }
  }

  return Object.assign(run, { isIdle: () => waiting === 0 });
}
