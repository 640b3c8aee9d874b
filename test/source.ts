import { globSync } from "node:fs";
import ts from "typescript";

/** What gives contracts their types: the plugins of Hardhat, and the types of the last build. */
const TYPES = ["hardhat.config.ts", "types/ethers-contracts/hardhat.d.ts"];

type Suite = { source: ts.SourceFile; file: string };

/** Reads all test files with their types. Takes seconds. */
export function readSuites(): { suites: Suite[]; checker: ts.TypeChecker } {
  const files = globSync("test/**/*.test.ts").sort();
  const program = ts.createProgram([...files, ...TYPES], compilerOptions());
  const suites = files.map((file) => ({ file, source: sourceOf(program, file) }));
  return { suites, checker: program.getTypeChecker() };
}

function compilerOptions(): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, ".").options;
}

function sourceOf(program: ts.Program, file: string): ts.SourceFile {
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`TypeScript does not read ${file}.`);
  return source;
}

export function* callsIn(node: ts.Node): Generator<ts.CallExpression> {
  if (ts.isCallExpression(node)) yield node;
  for (const child of childrenOf(node)) yield* callsIn(child);
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  return children;
}

/** "router.ts:12" */
export function placeOf({ source, file }: Suite, node: ts.Node): string {
  return `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** The contract's name by the type of an expression: its `interface` is of type `RouterInterface`. */
export function contractOf(checker: ts.TypeChecker, node: ts.Node): string | undefined {
  const property = checker.getTypeAtLocation(node).getProperty("interface");
  if (!property) return undefined;
  const { symbol } = checker.getTypeOfSymbol(property);
  return symbol?.name.match(/^(\w+)Interface$/)?.[1];
}

/** Whether an expression, or a function of the tests that it calls, has a call of `expect`. */
export function createAssertionFinder(checker: ts.TypeChecker): (expression: ts.Expression) => boolean {
  /** @param visited functions on the way here: a second visit finds nothing new. */
  function asserts(node: ts.Node, visited: Set<ts.Node>): boolean {
    if (visited.has(node)) return false;
    visited.add(node);
    const calls = [...callsIn(node)];
    // Types take time, and most tests assert by themselves.
    return calls.some(isAssertion) || calls.flatMap(functionsIn).some((called) => asserts(called, visited));
  }

  /** The callee, and callbacks by name. */
  function functionsIn({ expression, arguments: args }: ts.CallExpression): ts.Node[] {
    return [expression, ...args.filter(ts.isIdentifier)].flatMap((name) => functionsOf(checker, name));
  }

  return (expression) => {
    const visited = new Set<ts.Node>();
    return [expression, ...functionsOf(checker, expression)].some((node) => asserts(node, visited));
  };
}

function isAssertion({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === "expect";
}

/** The functions of the tests that an expression may stand for. */
function functionsOf(checker: ts.TypeChecker, expression: ts.Expression): ts.Node[] {
  return checker
    .getTypeAtLocation(expression)
    .getCallSignatures()
    .map(({ declaration }) => declaration)
    .filter((node) => node !== undefined)
    .filter((node) => /(^|\/)test\//.test(node.getSourceFile().fileName));
}
