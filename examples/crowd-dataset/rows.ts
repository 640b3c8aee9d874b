import { id } from "ethers";

/** Columns of the dataset: an observation of a bird. */
export const HEADER = "date,species,latitude,longitude";

/** What each contributor shares. One row is malformed, and one was shared before. */
export const SHARED: Readonly<Record<string, readonly string[]>> = {
  Ada: ["2026-04-01,Erithacus rubecula,52.52,13.40", "2026-04-02,Turdus merula,52.51,13.41"],
  Ben: [
    "2026-04-01,Parus major,48.14,11.58",
    "2026-04-03,Apus apus,48.13,11.57",
    "2026-04-03,Apus apus,48.13,11.57",
    "2026-04-05,Pica pica,48.15,11.59",
    "2026-04-09,Corvus corax,48.10,11.61",
    "2026-04-10,Sitta europaea,48.11,11.60",
  ],
  Cem: ["yesterday,some bird,here"],
};

const ROW = /^\d{4}-\d{2}-\d{2},[A-Z][a-z]+ [a-z]+,-?\d+\.\d+,-?\d+\.\d+$/;

/** The curator's rule: a row is well formed, and new. */
export function acceptedRows(rows: readonly string[]): string[] {
  return [...new Set(rows)].filter((row) => ROW.test(row));
}

/** Evidence of a contribution: the hash of its row. Rows are published with the dataset. */
export function hashOf(row: string): `0x${string}` {
  return id(row) as `0x${string}`;
}
