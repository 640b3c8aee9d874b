import ts from "typescript";

/** A test that a source has: a pattern, since a title may be a template. */
export type DeclaredTest = { file: string; line: number; title: string; pattern: RegExp };

/** The tests of a source, Solidity or TypeScript, by text. A loop or helper that makes many counts as one. */
export function declaredTests(file: string, source: string): DeclaredTest[] {
  return file.endsWith(".sol") ? solidityTests(file, source) : mochaTests(file, source);
}

function solidityTests(file: string, source: string): DeclaredTest[] {
  return [...source.matchAll(/^ *function ((?:test|invariant)\w*)\(/gm)].map(({ 1: title = "", index }) => ({
    file,
    line: source.slice(0, index).split("\n").length,
    title,
    pattern: exactly(escapeRegExp(title)),
  }));
}

function mochaTests(file: string, source: string): DeclaredTest[] {
  const root = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: DeclaredTest[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "it") {
      const [title] = node.arguments;
      if (title) {
        const { line } = root.getLineAndCharacterOfPosition(node.getStart());
        found.push({ file, line: line + 1, title: title.getText(), pattern: exactly(patternOf(title)) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** What a title can be: texts are themselves, anything else is unknown. */
function patternOf(title: ts.Expression): string {
  if (ts.isStringLiteralLike(title)) return escapeRegExp(title.text);
  if (ts.isTemplateExpression(title)) {
    const rest = title.templateSpans.map(({ literal }) => `.*${escapeRegExp(literal.text)}`);
    return escapeRegExp(title.head.text) + rest.join("");
  }
  return ".*";
}

function exactly(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`, "s");
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
