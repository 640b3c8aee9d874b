/** Rows of measurements, made up and the same in each run: time, station, temperature, humidity. */
export function createDataset(rows: number): Uint8Array {
  const lines = ["time,station,celsius,humidity"];
  let state = 1;
  const next = (bound: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  for (let i = 0; i < rows; i++) {
    const time = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString();
    lines.push(`${time},${next(40)},${(next(400) - 100) / 10},${next(101)}`);
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}
