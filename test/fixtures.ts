type Fixture<T> = () => Promise<T>;
type Snapshot = { restore(): Promise<void> };

/**
 * A `loadFixture` for fixtures that first load another one, so that each state of the chain is built once. Hardhat's own
 * leaves invalid snapshots behind when nested.
 */
export function nestingFixtures(takeSnapshot: () => Promise<Snapshot>) {
  // Each one builds on the one before. The chain forgets the snapshots above a restored one.
  let loaded: { fixture: Fixture<unknown>; data: unknown; snapshot: Snapshot }[] = [];

  return async function loadFixture<T>(fixture: Fixture<T>): Promise<T> {
    const at = loaded.findIndex((each) => each.fixture === fixture);
    const known = loaded[at];
    if (known) {
      loaded = loaded.slice(0, at + 1);
      await known.snapshot.restore();
      return known.data as T;
    }
    const data = await fixture();
    loaded.push({ fixture, data, snapshot: await takeSnapshot() });
    return data;
  };
}
