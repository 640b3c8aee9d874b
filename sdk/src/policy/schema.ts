import {
  ACTIONS,
  CONFLICTS,
  CONTEXT,
  LEFT_OPERANDS,
  LIST_OPERATORS,
  LOGICALS,
  type OperandType,
  POLICY_TYPES,
  PROFILE,
} from "./profile.ts";
import { CONCEPT, DATE_TIME, DECIMAL, DURATION, IRI } from "./values.ts";

const iri = { type: "string", pattern: IRI };
const text = { type: "string", minLength: 1, maxLength: 10_000 };

function object(properties: object, required: readonly string[] = []) {
  return { type: "object", properties, required, additionalProperties: false };
}

function list(items: object) {
  return { type: "array", items, minItems: 1 };
}

function typed(type: string, pattern: string) {
  return object({ "@value": { type: "string", pattern }, "@type": { const: type } }, ["@value", "@type"]);
}

const VALUES: Readonly<Record<OperandType, object>> = {
  context: object({ "@id": { type: "string", pattern: CONCEPT } }, ["@id"]),
  duration: typed("xsd:duration", DURATION),
  count: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  dateTime: typed("xsd:dateTime", DATE_TIME),
  decimal: typed("xsd:decimal", DECIMAL),
  text: { anyOf: [text, object({ "@id": iri }, ["@id"])] },
};

const base = { uid: iri, "grid:offChain": { const: true } };

/** A constraint of each left operand, and of each logical operator. `self` refers to any of them. */
function constraints(isOfDuty: boolean, self: object) {
  const operands = Object.entries(LEFT_OPERANDS).filter(([, operand]) => isOfDuty || !operand.isOfDuty);
  const atoms = operands.flatMap(([name, { type, operators }]) => {
    const isPrice = name === "payAmount";
    const atom = (names: readonly string[], rightOperand: object) => {
      const parts = { ...base, leftOperand: { const: name }, operator: { enum: names }, rightOperand };
      const required = ["leftOperand", "operator", "rightOperand"];
      return isPrice ? object({ ...parts, unit: iri }, [...required, "unit"]) : object(parts, required);
    };
    const lists = operators.filter((operator) => LIST_OPERATORS.includes(operator));
    const single = operators.filter((operator) => !LIST_OPERATORS.includes(operator));
    return [atom(single, VALUES[type]), ...(lists.length > 0 ? [atom(lists, list(VALUES[type]))] : [])];
  });
  const logicals = LOGICALS.map((name) => object({ ...base, [name]: list(self) }, [name]));
  return { anyOf: [...atoms, ...logicals] };
}

const RULE_CONSTRAINT = { $ref: "#/$defs/constraint" };
const DUTY_CONSTRAINT = { $ref: "#/$defs/dutyConstraint" };
const DUTY = { $ref: "#/$defs/duty" };
const ruleBase = { ...base, "dct:description": text, action: { enum: ACTIONS }, target: iri };
const prohibition = { ...ruleBase, assigner: iri, assignee: iri, constraint: list(RULE_CONSTRAINT) };

/**
 * JSON Schema (2020-12) of policies of this profile. `parsePolicy` checks the same and, in addition, that dates exist
 * and that text is well formed.
 */
export const policySchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: `${PROFILE}:schema`,
  title: "Policy of Benefit Grid, a profile of ODRL 2.2",
  ...object(
    {
      "@context": { const: CONTEXT },
      "@type": { enum: POLICY_TYPES },
      uid: iri,
      profile: { const: PROFILE },
      conflict: { enum: CONFLICTS },
      "dct:title": text,
      "dct:description": text,
      "dct:creator": text,
      "dct:issued": VALUES.dateTime,
      permission: list(object({ ...prohibition, duty: list(DUTY) })),
      prohibition: list(object(prohibition)),
      obligation: list(DUTY),
    },
    ["@context", "@type", "uid", "profile"],
  ),
  anyOf: [{ required: ["permission"] }, { required: ["prohibition"] }, { required: ["obligation"] }],
  $defs: {
    constraint: constraints(false, RULE_CONSTRAINT),
    dutyConstraint: constraints(true, DUTY_CONSTRAINT),
    duty: object({ ...ruleBase, constraint: list(DUTY_CONSTRAINT) }, ["action"]),
  },
} as const;
