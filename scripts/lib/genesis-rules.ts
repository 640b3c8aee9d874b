import type { Admissions } from "../../ignition/modules/Grid.ts";
import type { Problems } from "./problems.ts";

/** `BenefitMine.MAX_SECTORS`. */
const MAX_SECTORS = 32;

type Rules = { readonly problems: Problems; readonly council: string; readonly isForTests: boolean };

/** Finds entries that contradict each other, and admissions with which nobody could mine or buy. */
export function checkAdmissions(admissions: Admissions, { problems, council, isForTests }: Rules): void {
  checkSectors(admissions, problems);
  checkChampions(admissions, problems);
  checkSources(admissions, council, problems);
  checkCurrencies(admissions, isForTests, problems);
  checkMining(admissions, problems);
}

function checkSectors({ sectors }: Admissions, problems: Problems): void {
  refuseDoubles(problems, sectors, ({ sector }, i) => [`sectors[${i}].sector`, sector]);
  for (const [i, { weight, target }] of sectors.entries()) {
    if (weight > 0n && target === 0n)
      problems.report(`sectors[${i}].target`, "is 0 although the sector has weight", "Pass at least 1");
  }
  if (sectors.length > MAX_SECTORS)
    problems.report(
      "sectors",
      `has ${sectors.length} entries`,
      `Keep at most ${MAX_SECTORS}: the mine allows no more`,
    );
}

function checkChampions({ champions, programmes, sectors }: Admissions, problems: Problems): void {
  refuseDoubles(problems, champions, ({ country }, i) => [`champions[${i}].country`, country]);
  refuseDoubles(problems, champions, ({ operator }, i) => [`champions[${i}].operator`, operator]);
  const known = sectors.map(({ sector }) => sector);
  for (const [i, champion] of champions.entries()) {
    const path = `champions[${i}]`;
    if (champion.operator === champion.registrar && champion.operator !== "")
      problems.report(
        `${path}.registrar`,
        "is the operator too",
        "Name another account: who earns must not enroll",
      );
    if (champion.programmeId > programmes.length) {
      const problem = `is ${champion.programmeId}, but there are ${programmes.length} programmes`;
      problems.report(`${path}.programmeId`, problem, "Name a programme by its place in the list, from 1");
    }
    refuseDoubles(problems, champion.sectors, (sector, j) => [`${path}.sectors[${j}]`, sector]);
    for (const [j, sector] of champion.sectors.entries()) {
      if (!known.includes(sector) && !known.includes(-1))
        problems.report(
          `${path}.sectors[${j}]`,
          `is ${sector}, which the file does not define`,
          "Add it to sectors",
        );
    }
  }
}

function checkSources({ sources, champions }: Admissions, council: string, problems: Problems): void {
  refuseDoubles(problems, sources, ({ account }, i) => [`sources[${i}].account`, account]);
  for (const [i, { account }] of sources.entries()) {
    const earner = champions.findIndex(
      ({ operator, registrar }) => account === operator || account === registrar,
    );
    if (earner >= 0) {
      const problem = `is operator or registrar of champions[${earner}]`;
      problems.report(`sources[${i}].account`, problem, "Name another account: who earns must not report");
    } else if (account === council)
      problems.report(
        `sources[${i}].account`,
        "is the council",
        "Name another account: the council stops sources",
      );
  }
}

function checkCurrencies({ currencies }: Admissions, isForTests: boolean, problems: Problems): void {
  if (currencies.length === 0)
    problems.report("currencies", "is empty", "Name at least one: nobody can add one before votes start");
  refuseDoubles(problems, currencies, ({ token }, i) => [`currencies[${i}].token`, token]);
  for (const [i, { token }] of currencies.entries()) {
    if (token === "TestUSD" && !isForTests)
      problems.report(
        `currencies[${i}].token`,
        "is TestUSD, which anybody can mint",
        "Name a token of value",
      );
  }
}

/** Somebody must be able to prove benefit in the first round. Otherwise no coin and no vote ever comes. */
function checkMining({ sources, champions, sectors }: Admissions, problems: Problems): void {
  const needed: readonly (readonly [string, readonly unknown[]])[] = [
    ["sources", sources],
    ["champions", champions],
    ["sectors", sectors],
  ];
  const empty = needed.filter(([, list]) => list.length === 0);
  for (const [name] of empty)
    problems.report(name, "is empty", "Name at least one: without it nobody could mine a coin");
  if (empty.length > 0) return;
  const open = sectors.filter(({ weight, allowance }) => weight !== 0n && allowance !== 0n);
  if (open.length === 0) {
    problems.report(
      "sectors",
      "has none with weight and allowance",
      "Give one both: otherwise nobody could mine a coin",
    );
  } else if (!champions.some((champion) => open.some(({ sector }) => champion.sectors.includes(sector)))) {
    const advice = `Add sector ${open.map(({ sector }) => sector).join(" or ")} to one: otherwise nobody could mine a coin`;
    problems.report("champions", "has none in a sector with weight and allowance", advice);
  }
}

/** Reports every value that an earlier entry has too. Placeholders were reported before. */
function refuseDoubles<T>(
  problems: Problems,
  list: readonly T[],
  keyOf: (entry: T, index: number) => readonly [field: string, value: string | number],
): void {
  const first = new Map<string | number, string>();
  for (const [i, entry] of list.entries()) {
    const [field, value] = keyOf(entry, i);
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, field);
    else problems.report(field, `is ${value}, as ${earlier}`, "Remove one of the two");
  }
}
