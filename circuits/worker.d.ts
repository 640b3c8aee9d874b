/** The script of the browsers' proving thread: snarkjs with its dependencies, and the prover of @benefit-grid/sdk. */
declare const script: string;
export default script;
