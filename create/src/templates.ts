/** The templates, with a line for a person. */
export const TEMPLATES = {
  page: "a page in Vite and React that sells licenses",
  service: "a metered HTTP service on Hono, and its customer",
  contracts: "a Hardhat 3 project with a contract that checks licenses",
} as const;

export type Template = keyof typeof TEMPLATES;

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(TEMPLATES, name);
}
