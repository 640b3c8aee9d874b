// Writes the policy profile's JSON files into the built SDK.
import { writeFileSync } from "node:fs";
import { policySchema, policyVocabulary } from "@benefit-grid/sdk/policy";

const FILES = { "schema.json": policySchema, "vocabulary.jsonld": policyVocabulary };

for (const [name, value] of Object.entries(FILES)) {
  writeFileSync(`sdk/dist/policy/${name}`, `${JSON.stringify(value, null, 2)}\n`);
}
