import { readFileSync } from "node:fs";
import { expect } from "chai";
import { genesisFile, parseGenesis, readGenesis } from "../../../scripts/lib/genesis.ts";

const FILE = "ignition/genesis/31337.json";
const ACCOUNTS = Array.from({ length: 8 }, (_, i) => `0x${"00".repeat(19)}0${i + 1}`);

describe("genesis files", () => {
  it("when a chain has one, finds it by its id", () => {
    expect(genesisFile(31_337n)).to.equal(FILE);
    expect(genesisFile(1n)).to.equal(undefined);
  });

  it("when a field is a number, it is the account with that index, or the amount", () => {
    const { admissions, parameters } = readGenesis(FILE, ACCOUNTS);
    expect(parameters).to.deep.equal({ Governance: { council: ACCOUNTS[1] } });
    expect(admissions.programmes.map(({ kind, steward }) => [kind, steward])).to.deep.equal([
      [0, ACCOUNTS[2]],
      [1, ACCOUNTS[3]],
    ]);
    expect(admissions.champions[0]).to.deep.equal({
      country: 250,
      population: 68_000_000n,
      operator: ACCOUNTS[3],
      registrar: ACCOUNTS[4],
      programmeId: 1,
      sectors: [1, 2],
    });
    expect(admissions.currencies).to.deep.equal([{ token: "TestUSD", reserve: 1_000_000n }]);
  });

  it("when it sets the parameters of votes, passes them to the modules", () => {
    const json = { ...sample(), votingPeriod: 60, minDelay: "5", applicationShareBps: 10 };
    expect(parseGenesis(json, ACCOUNTS).parameters).to.deep.equal({
      Governance: { council: ACCOUNTS[1], votingPeriod: 60n },
      Timelock: { minDelay: 5n },
      Grid: { applicationShareBps: 10 },
    });
  });

  const wrong: [change: (json: Sample) => void, message: string][] = [
    [(json) => Object.assign(json, { champions: {} }), "genesis.champions must be a list; got {}."],
    [(json) => json.champions.push(null as never), "genesis.champions[2] must be an object."],
    [
      (json) => Object.assign(json.champions[0] ?? {}, { operator: 8 }),
      "genesis.champions[0].operator must be an address, or the index of an account; got 8.",
    ],
    [
      (json) => Object.assign(json.champions[0] ?? {}, { country: "250" }),
      'genesis.champions[0].country must be a whole number; got "250".',
    ],
    [
      (json) => Object.assign(json.champions[0] ?? {}, { sectors: [1, -2] }),
      "genesis.champions[0].sectors must be a whole number; got [1,-2].",
    ],
    [
      (json) => Object.assign(json.sources[0] ?? {}, { cap: 1.5 }),
      "genesis.sources[0].cap must be a whole number, as a string if it is large; got 1.5.",
    ],
    [
      (json) => Object.assign(json.sources[0] ?? {}, { cap: "-1" }),
      'genesis.sources[0].cap must be a whole number, as a string if it is large; got "-1".',
    ],
    [
      (json) => Object.assign(json.programmes[0] ?? {}, { kind: "profit" }),
      'genesis.programmes[0].kind must be "research" or "service"; got "profit".',
    ],
    [
      (json) => Object.assign(json.programmes[0] ?? {}, { metadataHash: "0x00" }),
      'genesis.programmes[0].metadataHash must be 32 bytes, 0x...; got "0x00".',
    ],
    [
      (json) => Object.assign(json.programmes[0] ?? {}, { uri: 7 }),
      "genesis.programmes[0].uri must be a text; got 7.",
    ],
    [
      (json) => Object.assign(json.currencies[0] ?? {}, { token: "USD" }),
      'genesis.currencies[0].token must be an address, or the index of an account; got "USD".',
    ],
    [
      (json) => Object.assign(json, { council: "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266" }),
      'genesis.council must be an address, or the index of an account; got "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266".',
    ],
    [
      (json) => Object.assign(json.champions[0] ?? {}, { country: 1_000 }),
      "genesis.champions[0].country must be 1 to 999.",
    ],
    [
      (json) => Object.assign(json.champions[1] ?? {}, { registrar: 5 }),
      "genesis.champions[1].registrar must not be the operator.",
    ],
    [
      (json) => Object.assign(json.champions[0] ?? {}, { programmeId: 3 }),
      "genesis.champions[0].programmeId names no programme.",
    ],
    [
      (json) => Object.assign(json.sectors[1] ?? {}, { target: 0 }),
      "genesis.sectors[1].target must be above 0.",
    ],
    [
      (json) => Object.assign(json, { currencies: [] }),
      "genesis.currencies must not be empty: nobody can add one before votes start.",
    ],
    [
      (json) => Object.assign(json.currencies[0] ?? {}, { reserve: 0 }),
      "genesis.currencies[0].reserve must be above 0.",
    ],
    [
      (json) => Object.assign(json, { council: undefined }),
      "genesis.council must be an address, or the index of an account; got undefined.",
    ],
  ];
  for (const [change, message] of wrong) {
    it(`when a value is wrong, says: ${message}`, () => {
      const json = sample();
      change(json);
      expect(() => parseGenesis(json, ACCOUNTS)).to.throw(Error, message);
    });
  }

  it("when a field is unknown, refuses it rather than deploy without it", () => {
    expect(() => parseGenesis({ ...sample(), votingDelays: 1 }, ACCOUNTS)).to.throw(
      "genesis.votingDelays is unknown.",
    );
  });
});

type Sample = Record<"programmes" | "champions" | "sectors" | "sources" | "currencies", object[]>;

function sample(): Sample {
  return JSON.parse(readFileSync(FILE, "utf8"));
}
