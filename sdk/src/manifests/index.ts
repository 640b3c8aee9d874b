export * from "./buildManifest.ts";
export * from "./manifestText.ts";
export * from "./proveInclusion.ts";
export * from "./verifyInclusion.ts";
