import { expect } from "chai";
import { attacked, scoreAndRun } from "../subnets/attacks.ts";

describe("attacks by new keys of subnets", () => {
  it("when new keys fill the free slots, cannot leave only good miners to replace", async () => {
    const fixture = await attacked({
      params: { immunity: 2n, maxMiners: 4n },
      stakes: [300n, 300n],
      miners: 2,
    });
    const { hub, validators, miners } = fixture;
    const [best, second, ...keys] = miners;
    const rows = new Map(validators.slice(0, 2).map((validator) => [validator, [3n, 1n]]));
    await scoreAndRun(fixture, 2n, rows);
    for (const key of keys) await hub.connect(key).registerMiner(1);
    expect(await hub.minerSlotOf(1, best)).to.equal(0n);
    expect(await hub.minerSlotOf(1, second)).to.equal(1n);
  });

  it("when keys leave and return to stay immune, cannot keep others out", async () => {
    const { hub, miners, goTo } = await attacked({
      params: { immunity: 2n, maxMiners: 2n, registrationFee: 0n },
      stakes: [300n],
      miners: 2,
    });
    const [first, second, honest] = miners;
    await goTo(2n);
    for (const key of [first, second]) {
      await hub.connect(key).deregisterMiner(1);
      await hub.connect(key).registerMiner(1);
    }
    await hub.connect(honest).registerMiner(1);
    expect(await hub.minerSlotOf(1, honest)).to.equal(0n);
  });
});
