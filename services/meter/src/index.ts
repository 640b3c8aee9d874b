export { CallEndedError } from "./errors.ts";
export type { Call, Serve } from "./serve.ts";
