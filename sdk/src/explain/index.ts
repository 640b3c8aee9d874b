export { type Explanation, explainError, explanations } from "./explainError.ts";
