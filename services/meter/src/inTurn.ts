export type Turns = (<T>(step: () => Promise<T>) => Promise<T>) & { readonly isIdle: () => boolean };

/** Runs steps one after the other. */
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

/** Runs steps of the same key one after the other. */
export function turnsByKey() {
  const turns = new Map<string, Turns>();
  return async <T>(key: string, step: () => Promise<T>): Promise<T> => {
    const turn = turns.get(key) ?? inTurn();
    turns.set(key, turn);
    try {
      return await turn(step);
    } finally {
      if (turn.isIdle()) turns.delete(key);
    }
  };
}
