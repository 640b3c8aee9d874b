import type { Context } from "@benefit-grid/sdk";

/** An invented customer with questions about the corpus. */
export type Customer = {
  readonly name: string;
  readonly questions: readonly string[];
  /** Closes its license within a bound and keeps its exact count secret. It gets no refund for units between them. */
  readonly keepsCount?: boolean;
};

/** An application with customers of the service. */
export type Application = {
  readonly name: string;
  /** The contexts of its customers' use. */
  readonly contexts: readonly Context[];
  readonly customers: readonly Customer[];
};

// Two customers keep their counts secret. One alone could not: it is the offer's total less the others' counts.
const clinic: Application = {
  name: "Clinic reader",
  contexts: ["health", "inference"],
  customers: [
    {
      name: "customer 1",
      questions: [
        "Does the cow pox protect from the small pox?",
        "Who was Sarah Nelmes?",
        "How old was the boy whom Jenner inoculated with the cow pox?",
        "Did any disease follow when variolous matter was inserted into the boy's arms?",
        "Can a person have the cow pox a second time?",
      ],
    },
    {
      name: "customer 2",
      keepsCount: true,
      questions: [
        "What is the very first canon of nursing?",
        "What ought nursing to signify?",
        "Can a patient in bed catch cold from an open window?",
        "At what time of day are weak patients most likely to suffer from cold?",
        "Can disinfectants purify the air of a sick room?",
      ],
    },
    {
      name: "customer 3",
      keepsCount: true,
      questions: [
        "What causes suppuration in wounds?",
        "What did Pasteur show about the atmosphere?",
        "What is the most powerful antiseptic known to Lister?",
        "Of what is the antiseptic paste or putty composed?",
      ],
    },
  ],
};

const school: Application = {
  name: "School reader",
  contexts: ["education", "inference"],
  customers: [
    {
      name: "customer 4",
      questions: [
        "How are candles called dips made?",
        "Which candles did coal miners use?",
        "What is capillary attraction?",
        "Why are fluted candles bad candles?",
      ],
    },
    {
      name: "customer 5",
      questions: [
        "How many minutes does light spend in its passage from the Sun?",
        "What is the whiteness of the sun's light compounded of?",
        "What struck Darwin when he was on board the Beagle?",
        "What is the key to man's power of selection?",
        "What is the capital of France?",
      ],
    },
  ],
};

/** Two applications, five customers. The corpus has no answer to the last question, and the service says so. */
export const applications: readonly Application[] = [clinic, school];
