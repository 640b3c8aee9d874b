import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type GenesisOptions, genesisFile, parseGenesis, readGenesis } from "../../../scripts/lib/genesis.ts";
import { GenesisError } from "../../../scripts/lib/problems.ts";
import { temporaryFolder, write } from "../../sdk/cli/support.ts";

const FILE = "ignition/genesis/31337.json";
const ZERO = `0x${"00".repeat(20)}`;
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

  const numberNeeded = "Pass a whole number, as a string if it is large.";
  const accountNeeded = "Pass an address with its checksum, 0x..., or the index of an account of the node.";
  const nobody = "Name an account that can act: nobody has the key of this one.";
  const twice = "Remove one of the two.";

  // Malformed fields, and entries that contradict each other.
  const malformed: Table = [
    [(json) => set(json, { champions: {} }), "champions is {}. Pass a list, [ ... ]."],
    [(json) => json.champions.push(null as never), "champions[2] is null. Pass an object, { ... }."],
    [(json) => set(json.champions[0], { operator: 8 }), `champions[0].operator is 8. ${accountNeeded}`],
    [(json) => set(json.champions[0], { country: "x" }), `champions[0].country is "x". ${numberNeeded}`],
    [
      (json) => set(json.champions[0], { sectors: [1, -2] }),
      "champions[0].sectors[1] is -2. Pass 0 to 65535.",
    ],
    [(json) => set(json.sources[0], { cap: 1.5 }), `sources[0].cap is 1.5. ${numberNeeded}`],
    [(json) => set(json.sources[0], { cap: "-1" }), `sources[0].cap is "-1". ${numberNeeded}`],
    [
      (json) => set(json.programmes[0], { kind: "profit" }),
      'programmes[0].kind is "profit". Pass "research" or "service".',
    ],
    [
      (json) => set(json.programmes[0], { metadataHash: "0x00" }),
      'programmes[0].metadataHash is "0x00". Pass 32 bytes in hex, 0x....',
    ],
    [(json) => set(json.programmes[0], { uri: 7 }), "programmes[0].uri is 7. Pass a text."],
    [(json) => set(json.currencies[0], { token: "USD" }), `currencies[0].token is "USD". ${accountNeeded}`],
    [
      (json) => set(json, { council: "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266" }),
      `council is "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266". ${accountNeeded}`,
    ],
    [(json) => set(json, { council: undefined }), `council is missing. ${accountNeeded}`],
    [(json) => set(json.champions[0], { country: 1_000 }), "champions[0].country is 1000. Pass 1 to 999."],
    [
      (json) => set(json.champions[1], { registrar: 5 }),
      "champions[1].registrar is the operator too. Name another account: who earns must not enroll.",
    ],
    [
      (json) => set(json.champions[0], { programmeId: 3 }),
      "champions[0].programmeId is 3, but there are 2 programmes. Name a programme by its place in the list, from 1.",
    ],
    [
      (json) => set(json.sectors[1], { target: 0 }),
      "sectors[1].target is 0 although the sector has weight. Pass at least 1.",
    ],
    [
      (json) => set(json, { currencies: [] }),
      "currencies is empty. Name at least one: nobody can add one before votes start.",
    ],
    [
      (json) => set(json.currencies[0], { reserve: 0 }),
      `currencies[0].reserve is 0. Pass 1 to ${2n ** 128n - 1n}.`,
    ],
    [
      (json) => set(json, { votingDelays: 1 }),
      `votingDelays is unknown. Known fields: council, programmes, champions, sectors, sources, currencies, ` +
        "votingDelay, votingPeriod, lateQuorumExtension, minDelay, proposalThreshold, quorumNumerator, applicationShareBps.",
    ],
  ];

  // Each file was accepted, and failed in the middle of a deployment or deployed a grid that could not work.
  const accepted: Table = [
    [(json) => set(json, { minDelay: 0 }), "minDelay is 0. Pass 1 to 2592000."],
    [(json) => set(json, { minDelay: "3153600000" }), 'minDelay is "3153600000". Pass 1 to 2592000.'],
    [(json) => set(json, { votingDelay: 3_153_600_000 }), "votingDelay is 3153600000. Pass 1 to 2592000."],
    [(json) => set(json, { votingPeriod: 0 }), "votingPeriod is 0. Pass 1 to 2592000."],
    [
      (json) => set(json, { votingPeriod: `${2n ** 32n}` }),
      'votingPeriod is "4294967296". Pass 1 to 2592000.',
    ],
    [(json) => set(json, { lateQuorumExtension: 0 }), "lateQuorumExtension is 0. Pass 1 to 2592000."],
    [(json) => set(json, { quorumNumerator: 0 }), "quorumNumerator is 0. Pass 1 to 50."],
    [(json) => set(json, { quorumNumerator: 101 }), "quorumNumerator is 101. Pass 1 to 50."],
    [(json) => set(json, { proposalThreshold: 0 }), "proposalThreshold is 0. Pass 1 to 2099999997690."],
    [
      (json) => set(json, { proposalThreshold: "2099999997690000" }),
      'proposalThreshold is "2099999997690000". Pass 1 to 2099999997690.',
    ],
    [(json) => set(json, { applicationShareBps: 5_001 }), "applicationShareBps is 5001. Pass 0 to 5000."],
    [(json) => set(json, { council: ZERO }), `council is "${ZERO}". ${nobody}`],
    [(json) => set(json.programmes[0], { steward: ZERO }), `programmes[0].steward is "${ZERO}". ${nobody}`],
    [(json) => set(json.champions[0], { operator: ZERO }), `champions[0].operator is "${ZERO}". ${nobody}`],
    [(json) => set(json.champions[0], { registrar: ZERO }), `champions[0].registrar is "${ZERO}". ${nobody}`],
    [(json) => set(json.sources[0], { account: ZERO }), `sources[0].account is "${ZERO}". ${nobody}`],
    [(json) => set(json.currencies[0], { token: ZERO }), `currencies[0].token is "${ZERO}". ${nobody}`],
    [
      (json) => set(json.champions[1], { country: 250 }),
      `champions[1].country is 250, as champions[0].country. ${twice}`,
    ],
    [
      (json) => set(json.champions[1], { operator: 3 }),
      `champions[1].operator is ${ACCOUNTS[3]}, as champions[0].operator. ${twice}`,
    ],
    [
      (json) => set(json.champions[0], { sectors: [2, 2] }),
      `champions[0].sectors[1] is 2, as champions[0].sectors[0]. ${twice}`,
    ],
    [
      (json) => json.sectors.push({ ...json.sectors[0] }),
      `sectors[2].sector is 1, as sectors[0].sector. ${twice}`,
    ],
    [
      (json) => json.sources.push({ account: 7, cap: 1 }),
      `sources[1].account is ${ACCOUNTS[7]}, as sources[0].account. ${twice}`,
    ],
    [
      (json) => json.currencies.push({ token: "TestUSD", reserve: 2 }),
      `currencies[1].token is TestUSD, as currencies[0].token. ${twice}`,
    ],
    [
      (json) => set(json.champions[0], { population: `${2n ** 64n}` }),
      `champions[0].population is "${2n ** 64n}". Pass 1 to ${2n ** 64n - 1n}.`,
    ],
    [
      (json) => set(json.champions[0], { sectors: [65_536] }),
      "champions[0].sectors[0] is 65536. Pass 0 to 65535.",
    ],
    [(json) => set(json.sectors[0], { sector: 65_536 }), "sectors[0].sector is 65536. Pass 0 to 65535."],
    [
      (json) => set(json.sectors[0], { weight: `${2n ** 32n}` }),
      'sectors[0].weight is "4294967296". Pass 0 to 4294967295.',
    ],
    [
      (json) => set(json.sectors[0], { target: `${2n ** 112n}` }),
      `sectors[0].target is "${2n ** 112n}". Pass 0 to ${2n ** 112n - 1n}.`,
    ],
    [
      (json) => set(json.sectors[0], { allowance: `${2n ** 64n}` }),
      `sectors[0].allowance is "${2n ** 64n}". Pass 0 to ${2n ** 64n - 1n}.`,
    ],
    [
      (json) => set(json.sources[0], { cap: `${2n ** 88n}` }),
      `sources[0].cap is "${2n ** 88n}". Pass 1 to ${2n ** 88n - 1n}.`,
    ],
    [
      (json) => set(json.currencies[0], { reserve: `${2n ** 128n}` }),
      `currencies[0].reserve is "${2n ** 128n}". Pass 1 to ${2n ** 128n - 1n}.`,
    ],
    [
      (json) => set(json, { sources: [] }),
      "sources is empty. Name at least one: without it nobody could mine a coin.",
    ],
    [
      (json) => set(json, { champions: [] }),
      "champions is empty. Name at least one: without it nobody could mine a coin.",
    ],
    [
      (json) => {
        for (const champion of json.champions) set(champion, { sectors: [] });
        set(json, { sectors: [] });
      },
      "sectors is empty. Name at least one: without it nobody could mine a coin.",
    ],
    [(json) => set(json.sources[0], { cap: 0 }), `sources[0].cap is 0. Pass 1 to ${2n ** 88n - 1n}.`],
    [
      (json) => set(json.champions[0], { population: 0 }),
      `champions[0].population is 0. Pass 1 to ${2n ** 64n - 1n}.`,
    ],
    [
      (json) => {
        for (const sector of json.sectors) set(sector, { weight: 0 });
      },
      "sectors has none with weight and allowance. Give one both: otherwise nobody could mine a coin.",
    ],
    [
      (json) => {
        for (const sector of json.sectors) set(sector, { allowance: 0 });
      },
      "sectors has none with weight and allowance. Give one both: otherwise nobody could mine a coin.",
    ],
    [
      (json) => {
        for (const champion of json.champions) set(champion, { sectors: [] });
      },
      "champions has none in a sector with weight and allowance. " +
        "Add sector 1 or 2 to one: otherwise nobody could mine a coin.",
    ],
    [
      (json) => set(json.champions[0], { sectors: [1, 3] }),
      "champions[0].sectors[1] is 3, which the file does not define. Add it to sectors.",
    ],
    [
      (json) => {
        for (let sector = 3; sector <= 33; sector++) json.sectors.push({ ...json.sectors[0], sector });
      },
      "sectors has 33 entries. Keep at most 32: the mine allows no more.",
    ],
    [
      (json) => set(json.sources[0], { account: 3 }),
      "sources[0].account is operator or registrar of champions[0]. Name another account: who earns must not report.",
    ],
    [
      (json) => set(json.sources[0], { account: 1 }),
      "sources[0].account is the council. Name another account: the council stops sources.",
    ],
    [
      (json) => set(json.champions[0], { populaton: 1 }),
      "champions[0].populaton is unknown. " +
        "Known fields: country, population, operator, registrar, programmeId, sectors.",
    ],
  ];

  for (const [change, message] of [...malformed, ...accepted]) {
    it(`when a value is wrong, says: ${message}`, () => {
      const json = sample();
      change(json);
      expect(refusalOf(json)).to.equal(`genesis cannot be deployed: ${message}`);
    });
  }

  it("when several values are wrong, names them all, in the file's order", () => {
    const json = { ...sample(), council: ZERO, minDelay: 0 };
    set(json.sources[0], { account: 3 });
    const problems = [
      { field: "council", problem: `is "${ZERO}"`, advice: nobody.slice(0, -1) },
      {
        field: "sources[0].account",
        problem: "is operator or registrar of champions[0]",
        advice: "Name another account: who earns must not report",
      },
      { field: "minDelay", problem: "is 0", advice: "Pass 1 to 2592000" },
    ];
    expect(() => parseGenesis(json, ACCOUNTS))
      .to.throw(GenesisError)
      .with.deep.property("problems", problems);
    expect(refusalOf(json)).to.match(
      /^genesis cannot be deployed:\n {2}council is .*\n {2}sources.*\n {2}minDelay is 0\./,
    );
  });

  // On a chain with real money.
  const onlyForTests: Table = [
    [() => {}, "currencies[0].token is TestUSD, which anybody can mint. Name a token of value."],
    [(json) => set(json, { council: 1 }), `council is 1. ${accountNeeded}`],
    [(json) => set(json, { minDelay: 3_600 }), "minDelay is 3600. Pass 86400 to 2592000."],
    [(json) => set(json, { votingDelay: 60 }), "votingDelay is 60. Pass 3600 to 2592000."],
    [(json) => set(json, { votingPeriod: 3_600 }), "votingPeriod is 3600. Pass 86400 to 2592000."],
    [(json) => set(json, { lateQuorumExtension: 60 }), "lateQuorumExtension is 60. Pass 3600 to 2592000."],
  ];
  for (const [change, message] of onlyForTests) {
    it(`when a chain is not for tests, says: ${message}`, () => {
      const json = written();
      if (message.includes("TestUSD")) set(json.currencies[0], { token: "TestUSD" });
      expect(refusalOf(json, { isForTests: true })).to.equal("");
      change(json);
      expect(refusalOf(json, { isForTests: false })).to.equal(`genesis cannot be deployed: ${message}`);
    });
  }

  it("when a chain is not for tests and all is named, accepts it", () => {
    expect(refusalOf(written(), { isForTests: false })).to.equal("");
  });

  it("when the file is no JSON or no object, says so", () => {
    const folder = temporaryFolder();
    const cases = [
      [
        "none.json",
        undefined,
        /^.*none.json cannot be deployed: The file can't be read: ENOENT.*JSON file such as/,
      ],
      ["half.json", "{", /The file can't be read: .*JSON/],
      ["list.json", "[]", /^.*list.json cannot be deployed: The file is \[\]. Pass an object, { ... }.$/],
    ] as const;
    for (const [name, content, message] of cases) {
      const file = content === undefined ? `${folder}/${name}` : write(folder, name, content);
      expect(() => readGenesis(file, ACCOUNTS)).to.throw(GenesisError, message);
    }
  });

  it("when a field is there twice, refuses the file: JSON would keep the last one", () => {
    const text = readFileSync(FILE, "utf8")
      .replace('"population": "55000000"', '"population": "1", "population": "55000000"')
      .replace('"council": 1', '"council": 1, "uri \\"[{": 3, "council": 2');
    const file = write(temporaryFolder(), "twice.json", text);
    expect(() => readGenesis(file, ACCOUNTS))
      .to.throw(GenesisError)
      .with.property("problems")
      .that.satisfies((list: { field: string }[]) => {
        expect(list.map(({ field }) => field)).to.deep.equal([
          "council",
          "champions[1].population",
          'uri "[{',
        ]);
        return true;
      });
  });
});

type Entry = Record<string, unknown>;
type Sample = Record<"programmes" | "champions" | "sectors" | "sources" | "currencies", Entry[]>;
type Table = [change: (json: Sample) => unknown, message: string][];

function sample(): Sample {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** The sample with addresses, as on a chain with real money. */
function written(): Sample {
  const text = readFileSync(FILE, "utf8").replaceAll(
    /"(council|steward|operator|registrar|account)": (\d)/g,
    (_, key, index) => `"${key}": "${ACCOUNTS[index]}"`,
  );
  const json = JSON.parse(text);
  set(json.currencies[0], { token: `0x${"11".repeat(20)}` });
  return json;
}

function set(target: object | undefined, values: object): void {
  Object.assign(target ?? {}, values);
}

/** The message of the refusal, or nothing. */
function refusalOf(json: object, options?: GenesisOptions): string {
  try {
    parseGenesis(json, ACCOUNTS, options);
    return "";
  } catch (error) {
    expect(error).to.be.instanceOf(GenesisError);
    return (error as Error).message;
  }
}
