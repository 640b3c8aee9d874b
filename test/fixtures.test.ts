import { expect } from "chai";
import { nestingFixtures } from "./fixtures.ts";

describe("nestingFixtures", () => {
  let state: string[];
  let built: string[];
  let loadFixture: ReturnType<typeof nestingFixtures>;

  beforeEach(() => {
    state = [];
    built = [];
    loadFixture = nestingFixtures(async () => {
      const then = [...state];
      const restore = async () => {
        state = [...then];
      };
      return { restore };
    });
  });

  async function build(name: string): Promise<void> {
    built.push(name);
    state.push(name);
  }
  const base = () => build("base");
  const left = async () => {
    await loadFixture(base);
    await build("left");
    return "left's data";
  };
  const right = async () => {
    await loadFixture(base);
    await build("right");
  };

  it("when loaded again, restores the state and returns the same data", async () => {
    expect(await loadFixture(left)).to.equal("left's data");
    state.push("a test");
    expect(await loadFixture(left)).to.equal("left's data");
    expect(state).to.deep.equal(["base", "left"]);
    expect(built).to.deep.equal(["base", "left"]);
  });

  it("when another one needs the same, builds it once", async () => {
    await loadFixture(left);
    await loadFixture(right);
    expect(state).to.deep.equal(["base", "right"]);
    expect(built).to.deep.equal(["base", "left", "right"]);
  });

  it("when the chain forgot a snapshot, builds again", async () => {
    await loadFixture(left);
    await loadFixture(right);
    await loadFixture(left);
    expect(state).to.deep.equal(["base", "left"]);
    expect(built).to.deep.equal(["base", "left", "right", "left"]);
  });
});
