import { CONTEXT_KINDS, CONTEXTS } from "../licenses/contexts.ts";
import { PROFILE } from "./profile.ts";

const ODRL = "http://www.w3.org/ns/odrl/2/";

function term(id: string, type: string, definition: string, more: object = {}) {
  return {
    "@id": `grid:${id}`,
    "@type": type,
    "rdfs:isDefinedBy": { "@id": PROFILE },
    "skos:definition": definition,
    ...more,
  };
}

/** UN M49 codes of the genesis territories. */
const M49: Readonly<Record<string, string>> = {
  africa: "002",
  americas: "019",
  asia: "142",
  europe: "150",
  oceania: "009",
};

const OPERAND = "odrl:LeftOperand";

/** This profile's vocabulary as JSON-LD: its terms beside those of ODRL 2.2. */
export const policyVocabulary = {
  "@context": {
    grid: `${PROFILE}:`,
    odrl: ODRL,
    rdfs: "http://www.w3.org/2000/01/rdf-schema#",
    skos: "http://www.w3.org/2004/02/skos/core#",
    dct: "http://purl.org/dc/terms/",
    rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  },
  "@graph": [
    {
      "@id": PROFILE,
      "@type": "odrl:Profile",
      "dct:title": "Benefit Grid license policies",
      "dct:description":
        "A profile of ODRL 2.2 for licenses to AI resources that contracts enforce. A policy decides requests and compiles to on-chain terms.",
    },
    term("meteredUse", "odrl:Action", "To use the Asset through a meter, which counts the use in units.", {
      "odrl:includedIn": { "@id": "odrl:use" },
    }),
    term(
      "revocationNotice",
      OPERAND,
      "The Action may be exercised during this period after a revocation by the assigner, its end excluded. Without this constraint, a revocation has no effect. Right operand: xsd:duration. Operators: eq, lt, lteq, all with this meaning.",
    ),
    term(
      "payPercentage",
      OPERAND,
      "Percentage of a derivative's data and model revenue, paid as compensation. Right operand: xsd:decimal above 0. Operator: eq.",
    ),
    term("millionUnits", "skos:Concept", "Right operand of odrl:unitOfCount: 1,000,000 metered units."),
    term(
      "offChain",
      "rdf:Property",
      "true: the author knows that no contract enforces this rule, duty or constraint. The parties owe it.",
    ),
    {
      "@id": "odrl:elapsedTime",
      "skos:note": "In this profile the period begins with the license's term, and excludes its end.",
    },
    {
      "@id": "odrl:count",
      "skos:note": "In this profile: units bought in one term of a license.",
    },
    {
      "@id": "odrl:transfer",
      "skos:note": "In this profile: to transfer the license, for money or not.",
    },
    ...Object.entries(CONTEXT_KINDS).map(([name, kind]) =>
      term(
        name,
        "skos:Concept",
        `${kind} of use, number ${CONTEXTS[name as keyof typeof CONTEXTS]} on chain`,
        {
          ...(M49[name] && { "skos:notation": `UN M49 ${M49[name]}` }),
        },
      ),
    ),
  ],
} as const;
