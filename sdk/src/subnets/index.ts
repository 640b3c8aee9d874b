export * from "./scoring/index.ts";
export * from "./yuma/index.ts";
