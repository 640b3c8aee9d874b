import type { Explanations } from "./explanation.ts";

/** Errors of capsules, pools, manifests and attestations. */
export const CAPSULES = {
  CallerNotCapsuleOwner: ["The caller does not own the capsule.", "Sign as the capsule's owner."],
  ContentHashZero: ["The content hash is zero.", "Pass the SHA-256 hash of the content, from `hashContent`."],
  TextTooLong: ["A URI or another text is too long.", "Shorten it to `maximum` bytes."],
  RoyaltyTooHigh: ["The royalty of resales is too high.", "Lower it to `maximum` basis points."],
  SharesTooMany: [
    "The table of shares has too many rows.",
    "Merge rows down to `maximum`, or give one row to a contribution pool.",
  ],
  ShareRolePlatform: [
    "A row has the role of the platform.",
    "Use the roles data, model and compute. The platform is paid without a row.",
  ],
  ShareUnitsZero: ["A row has no units.", "Give the row at least one unit, or remove it."],
  ShareBeneficiaryAmbiguous: [
    "A row names both an account and a capsule, or neither.",
    "Name exactly one beneficiary in the row.",
  ],
  ShareBeneficiarySelf: ["A row pays the capsule itself.", "Name another capsule or an account."],
  ShareBeneficiaryNonexistent: [
    "A row pays a capsule that does not exist.",
    "Register that capsule first, or correct its id.",
  ],
  ShareUnitsTooMany: [
    "The units of one role add up to too much.",
    "Divide all units of the role by the same number. Only their proportions count.",
  ],
  DerivativeCallerNotOwner: [
    "The derivative would belong to another account than the caller.",
    "Sign as its future owner. Only the owner accepts the parents' shares.",
  ],
  ParentsCountInvalid: ["A derivative has no parent, or too many.", "Pass 1 to `maximum` licenses."],
  ParentLicenseNotHeld: [
    "The derivative's owner does not hold this license of the parent.",
    "Buy the license for the owner first.",
  ],
  ParentDuplicate: ["Two licenses are of the same parent.", "Pass one license for each parent."],
  ParentsShareTooHigh: [
    "The parents together take everything or more.",
    "Use fewer parents, or offers with smaller shares of derivatives.",
  ],
  CapsuleLicensesZero: ["The address of the license contract is zero.", "Pass the deployed LicenseNFT."],
  CapsuleLicensesAlreadySet: ["The license contract was set before.", "Nothing is left to do: it is final."],
  EarnersNonexistent: [
    "The range goes beyond the earners of this shares version.",
    "Ask for at most the platform (0) and the rows of that version.",
  ],
  SharesVersionNonexistent: [
    "The capsule has no shares version of this number.",
    "Read the present one by `getCapsule`. Versions count from 1.",
  ],
  VersionNonexistent: [
    "The capsule has no version of this number.",
    "Read the number of versions by `getCapsule`. Versions count from 1.",
  ],
  ManifestRootZero: ["The manifest's root is zero.", "Build the manifest by `buildManifest`."],
  ManifestExists: [
    "This version has a manifest already.",
    "Publish a new version of the capsule with the new manifest.",
  ],
  ManifestNonexistent: ["This version has no manifest.", "Ask the capsule's owner to publish one."],
  CommitmentNonexistent: [
    "The capsule's owner made no commitment to this content with this salt.",
    "Use account, salt and content of `commitContent` unchanged.",
  ],
  CommitmentNotEarlier: [
    "The content was registered or revealed no later than this commitment.",
    "Nothing is left to do: the earlier record stands.",
  ],
  ContentUnregistered: ["Nobody registered this content.", "Register a capsule with it, then reveal."],
  PoolCallerNotFactory: ["Only the factory may set up a pool.", "Create pools by `createPool`."],
  PoolCuratorZero: ["A pool needs a curator.", "Pass the curator's address."],
  PoolPolicyZero: ["A pool needs a policy.", "Pass the hash of the text that members agree to."],
  CallerNotCurator: ["The caller is not the pool's curator.", "Sign as the curator."],
  CallerNotPendingCurator: [
    "Nobody offered the pool to the caller.",
    "Ask the curator to name you by `transferCurator`.",
  ],
  PoolPolicyMismatch: [
    "The consent is to another policy than the pool's.",
    "Read the pool's policy, and consent to that one.",
  ],
  MemberAlreadyJoined: ["The account is a member already.", "Nothing is left to do."],
  MemberNotConsenting: [
    "The account has not joined the pool, or has left it.",
    "Ask it to join before it is credited.",
  ],
  ConsentExpired: ["The signed consent has expired.", "Sign a new one with a later deadline."],
  ConsentSignatureInvalid: [
    "The member did not sign this consent.",
    "Sign by the member's account, for this pool, policy and chain.",
  ],
  ContributionUnitsZero: ["An entry credits no units.", "Credit at least one unit, or remove the entry."],
  CurrencyNotContract: ["There is no token at this address.", "Check the address and the chain."],
  CurrencyNotOpen: [
    "The pool does not keep this currency yet.",
    "Ask the curator to open it. Members can open it too.",
  ],
  PoolHasNoUnits: [
    "The pool has credited nobody, so its revenue would be stuck without a curator.",
    "Credit members first, then renounce.",
  ],
  SchemaNonexistent: ["The attestation has another schema.", "Use the contract's `SCHEMA_UID`."],
  AttestationValueNotZero: ["The attestation carries ether.", "Send no value."],
  AttestationExpirationPast: [
    "The attestation would have expired already.",
    "Pass a later time, or 0 for none.",
  ],
  AttestationNonexistent: [
    "There is no attestation with this id.",
    "Check the id, the contract and the chain.",
  ],
  AttestationExists: [
    "The same attestation was made in this block.",
    "Nothing is left to do, or attest again in the next block.",
  ],
  AttestationIrrevocable: [
    "The attestation cannot be revoked.",
    "Publish a new attestation that refers to it.",
  ],
  AttestationRevoked: ["The attestation was revoked before.", "Nothing is left to do."],
  CallerNotAttester: ["Another account made this attestation.", "Sign as its attester."],
  DatasetHashZero: ["The hash of the test set is zero.", "Pass the hash of the data that was scored."],
  MetricLengthOutOfRange: ["The metric's name is empty or too long.", "Use 1 to `maximum` bytes."],
  ScoreDecimalsTooMany: ["The score has too many decimals.", "Use at most `maximum` decimals."],
} as const satisfies Explanations;
