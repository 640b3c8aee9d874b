export { type Connect, type Connection, connectByUrl } from "./connect.ts";
export type { Io } from "./context.ts";
export { type DaoOptions, runDao } from "./dao.ts";
export { CommandError } from "./errors.ts";
export type { Option, Options, Values } from "./options.ts";
export { type PolicyCommandOptions, runPolicy } from "./policy.ts";
export { runValidator, type ValidatorOptions } from "./validator.ts";
