import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
/** The input cannot be used. Nothing was written. */
export class CreateError extends Error {
  name = "CreateError";
}
/** npm leaves `.gitignore` out of packages, so it has another name there. */
const RENAMED = { _gitignore: ".gitignore" };
/**
 * Copies a template into a new or empty folder, and names the project after the folder.
 *
 * @throws {CreateError} for a folder with content, or a name that is not an npm package's
 * @returns the absolute path
 */
export function createProject(folder, template) {
  const path = resolve(folder);
  const name = basename(path);
  checkName(name);
  checkFree(path);
  mkdirSync(path, { recursive: true });
  cpSync(fileURLToPath(new URL(`../templates/${template}`, import.meta.url)), path, { recursive: true });
  for (const [from, to] of Object.entries(RENAMED)) renameSync(join(path, from), join(path, to));
  const file = join(path, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, `${JSON.stringify({ ...manifest, name }, null, 2)}\n`);
  return path;
}
/** The rules of npm for new packages. */
function checkName(name) {
  if (/^[a-z0-9][a-z0-9._-]{0,213}$/.test(name)) return;
  throw new CreateError(
    `"${name}" cannot name a project. Use lower-case letters, digits, hyphens, dots and underscores, and begin with a letter or digit.`,
  );
}
function checkFree(path) {
  if (!existsSync(path)) return;
  if (!lstatSync(path).isDirectory()) throw new CreateError(`${path} is a file. Choose another folder.`);
  const found = readdirSync(path).filter((name) => name !== ".git");
  if (found.length === 0) return;
  throw new CreateError(`${path} is not empty: it has ${found[0]}. Choose another folder.`);
}
