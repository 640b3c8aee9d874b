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

/** Whether a call of `expect` is in the node, or in a function of the tests that it names. */
export function createAssertionFinder(checker: ts.TypeChecker): (node: ts.Node) => boolean {
  const known = new Set<ts.Node>();

  /** @param visited functions on the way here: a function that names itself adds nothing. */
  function asserts(node: ts.Node, visited: Set<ts.Node>): boolean {
    if (known.has(node)) return true;
    const found =
      isAssertion(node) ||
      (ts.isIdentifier(node) && functionOf(node).some((body) => enter(body, visited))) ||
      childrenOf(node).some((child) => asserts(child, visited));
    if (found) known.add(node);
    return found;
  }

  function enter(body: ts.Node, visited: Set<ts.Node>): boolean {
    if (visited.has(body)) return false;
    visited.add(body);
    return asserts(body, visited);
  }

  function functionOf(name: ts.Identifier): ts.Node[] {
    const symbol = checker.getSymbolAtLocation(name);
    const isImported = symbol && symbol.flags & ts.SymbolFlags.Alias;
    const declaration = (isImported ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
    if (!declaration || !/(^|\/)test\//.test(declaration.getSourceFile().fileName)) return [];
    const body = ts.isFunctionDeclaration(declaration)
      ? declaration.body
      : ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)
        ? declaration.initializer
        : undefined;
    return body && (ts.isBlock(body) || ts.isFunctionLike(body)) ? [body] : [];
  }

  return (node) => asserts(node, new Set());
}

function isAssertion(node: ts.Node): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "expect";
}
