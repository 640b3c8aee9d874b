export * from "./yuma/index.ts";
