import { expect } from "chai";
import { ethers } from "../grid.ts";
import { randomOf } from "../settlement/support.ts";
import { challengeOf, PRIME, valueAt } from "./statement.ts";

type Row = { staticWord: bigint; oldUsage: string; newUsage: string };

const WORD = 2n ** 256n - 1n;

/** Words of all sizes, with those at the limits often. */
function wordsOf(seed: number, below: bigint) {
  const random = randomOf(seed);
  const edges = [0n, 1n, 2n ** 64n - 1n, 2n ** 128n, below - 1n];
  return () => {
    const edge = edges[random(10)];
    return edge !== undefined && edge < below ? edge : BigInt(ethers.id(`${seed} ${random(1e9)}`)) % below;
  };
}

async function stateOf(seed: number, room: number, offers: number, count: number) {
  const harness = await ethers.deployContract("StatementHarness");
  const [field, id] = [wordsOf(seed, PRIME), wordsOf(seed + 1, 2n ** 64n)];
  const totals = Array.from({ length: offers }, () => id());
  const rows: Row[] = Array.from({ length: count }, () => ({
    staticWord: id() | ((id() & 15n) << 64n) | ((id() & 0xffffffffn) << 68n) | (id() << 100n),
    oldUsage: ethers.toBeHex(field(), 32),
    newUsage: ethers.toBeHex(field(), 32),
  }));
  const [instance, meterId, commitment] = [id() & 0xffffffffn, id() & 0xffffffffn, field()] as const;
  const [signals, packedRows] = await harness.state(room, totals, rows, [instance, meterId, commitment]);
  const vector = [
    ...totals,
    ...Array<bigint>(room - offers).fill(0n),
    ...rows.flatMap((row) => [row.staticWord, BigInt(row.oldUsage), BigInt(row.newUsage)]),
  ];
  const { chainId } = await ethers.provider.getNetwork();
  const place = { chainId, ledger: await harness.getAddress(), instance, meterId };
  const r = challengeOf(place, BigInt(count), commitment, vector);
  return { signals, packedRows, rows, vector, commitment, r };
}

describe("BatchStatement", () => {
  for (const [room, offers, count] of [
    [4, 0, 0],
    [1, 1, 1],
    [4, 3, 2],
    [4, 4, 16],
    [16, 1, 128],
    [16, 16, 127],
  ] as const) {
    it(`when there are ${count} rows of ${offers} offers and room for ${room}, is as the model has it`, async () => {
      for (const seed of [1, 2, 3]) {
        const state = await stateOf(seed * 1_000 + room * 100 + count, room, offers, count);
        expect(state.signals).to.deep.equal([state.commitment, valueAt(state.vector, state.r), state.r]);
        expect(state.packedRows).to.equal(
          ethers.concat(
            state.rows.flatMap(({ staticWord, newUsage }) => [
              ethers.toBeHex(staticWord & (2n ** 64n - 1n), 8),
              newUsage,
            ]),
          ),
        );
      }
    });
  }

  it("when words are no field elements, the value is still theirs modulo the prime", async () => {
    const harness = await ethers.deployContract("StatementHarness");
    const row = { staticWord: WORD, oldUsage: ethers.toBeHex(WORD, 32), newUsage: ethers.toBeHex(PRIME, 32) };
    const [[, y, r]] = await harness.state(1, [], [row], [0n, 1n, 0n]);
    expect(y).to.equal(valueAt([0n, WORD, WORD, PRIME], r));
  });
});
