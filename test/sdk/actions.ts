import { globSync } from "node:fs";
import { basename } from "node:path";
import * as sdk from "@benefit-grid/sdk";
import * as http from "@benefit-grid/sdk/http";
import ts from "typescript";

type Action = (client?: unknown, parameters?: unknown) => unknown;
type Form = "simulate" | "estimateGas" | "prepare" | "decode";

/** An exported action: a function whose first parameter is the client. */
export type ExportedAction = {
  readonly name: string;
  readonly run: Action & Partial<Record<Form, Action>>;
  /** Whether it has parameters that it needs. */
  readonly needsParameters: boolean;
};

const exported = { ...sdk, ...http } as unknown as Record<string, ExportedAction["run"]>;

/** All actions, from the types of the built package. */
export const actions: readonly ExportedAction[] = globSync(
  "sdk/dist/{capsules,coin,commons,governance,licenses,metering,settlement,subnets,http}/*.d.ts",
)
  .sort()
  .flatMap((file) => {
    const name = basename(file, ".d.ts");
    const run = exported[name];
    const program = ts.createSourceFile(file, ts.sys.readFile(file) ?? "", ts.ScriptTarget.Latest, true);
    const found = run && program.statements.find((statement) => declares(statement, name));
    if (!found) return [];
    if (!ts.isFunctionDeclaration(found)) return [{ name, run, needsParameters: true }];
    const [first, second] = found.parameters;
    if (first?.name.getText() !== "client") return [];
    return [{ name, run, needsParameters: second !== undefined && !second.questionToken }];
  });

/** A function, or a constant that is a write. */
function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isFunctionDeclaration(statement)) return statement.name?.text === name;
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.some(
    (one) => one.name.getText() === name && /WriteAction|PaidAction/.test(one.type?.getText() ?? ""),
  );
}
