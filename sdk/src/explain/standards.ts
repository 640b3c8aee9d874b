import type { Explanations } from "./explanation.ts";

/** Errors of tokens, signatures and access, from the libraries and standards that the contracts use. */
export const STANDARDS = {
  AccessControlBadConfirmation: ["The account to renounce is not the caller.", "Pass the caller's address."],
  AccessControlUnauthorizedAccount: [
    "The account lacks the role that this needs.",
    "Governance has it: propose the call.",
  ],
  CloneArgumentsTooLong: ["A clone's arguments are too long.", "Report it: this must not happen."],
  Create2EmptyBytecode: ["A contract without code cannot be created.", "Report it: this must not happen."],
  ECDSAInvalidSignature: ["The signature is invalid.", "Sign again."],
  ECDSAInvalidSignatureLength: [
    "The signature has a wrong length.",
    "Pass 64 or 65 bytes, or a contract's own.",
  ],
  ECDSAInvalidSignatureS: [
    "The signature is not in its canonical form.",
    "Use the lower `s`, as wallets do.",
  ],
  ERC20ExceededSafeSupply: [
    "The supply would be more than votes can count.",
    "Report it: this must not happen.",
  ],
  ERC20InsufficientAllowance: [
    "The payer allowed the contract less than the payment.",
    "Approve the amount by `approvePayment`, or sign a permit.",
  ],
  ERC20InsufficientBalance: ["The payer has too few tokens.", "Get more tokens, or pay less."],
  ERC20InvalidApprover: ["The zero address cannot approve.", "Sign as an account."],
  ERC20InvalidReceiver: ["The token cannot be sent there.", "Pass another receiver."],
  ERC20InvalidSender: ["The zero address cannot pay.", "Sign as an account."],
  ERC20InvalidSpender: ["The zero address cannot be approved.", "Pass the contract's address."],
  ERC2612ExpiredSignature: ["The permit has expired.", "Sign a new one with a later deadline."],
  ERC2612InvalidSigner: [
    "The owner did not sign this permit.",
    "Sign again: the nonce, amount or chain may have changed.",
  ],
  ERC3009InvalidAuthorizationTime: [
    "The authorization is not valid yet, or no longer.",
    "Sign a new one, valid for the present time.",
  ],
  ERC3009InvalidSignature: [
    "The payer did not sign this authorization.",
    "Sign exactly this purchase, amount and chain.",
  ],
  ERC3009UsedAuthorization: ["The authorization was used or canceled.", "Sign a new one."],
  ERC721IncorrectOwner: ["The sender does not own the token.", "Check the owner first."],
  ERC721InsufficientApproval: ["The caller may not move this token.", "Ask the owner to approve it."],
  ERC721InvalidApprover: ["The caller does not own the token.", "Sign as its owner."],
  ERC721InvalidOperator: ["The zero address cannot be an operator.", "Pass the operator's address."],
  ERC721InvalidOwner: ["The zero address owns nothing.", "Pass an account."],
  ERC721InvalidReceiver: [
    "The receiver cannot hold ERC-721 tokens.",
    "Pass an account, or a contract with `onERC721Received`.",
  ],
  ERC721InvalidSender: ["The token exists already.", "Report it: this must not happen."],
  ERC721NonexistentToken: [
    "There is no capsule or license with this id.",
    "Check the id and the chain. A closed license no longer exists.",
  ],
  FailedCall: ["An inner call failed without a reason.", "Simulate the call to find which one."],
  FailedDeployment: ["A contract could not be created.", "Try again with more gas."],
  InsufficientBalance: ["The contract has too little ether.", "Send no value that it lacks."],
  InvalidAccountNonce: ["The signature's nonce is used or skipped.", "Sign again with the present nonce."],
  InvalidShortString: ["A short text cannot be read.", "Report it: this must not happen."],
  ReentrancyGuardReentrantCall: [
    "A token or receiver called back during a call.",
    "Use a token without callbacks into this contract.",
  ],
  SafeCastOverflowedUintDowncast: ["A number is too large.", "Pass a smaller one."],
  SafeERC20FailedOperation: [
    "The token refused the transfer.",
    "Check balance, allowance, and whether the token blocks an account.",
  ],
  StringTooLong: ["A text is too long.", "Shorten it."],
  InvalidContractSignature: ["The wallet contract does not accept the signature.", "Sign by its owners."],
  InvalidNonce: ["The Permit2 nonce was used.", "Sign again with an unused nonce."],
  InvalidSigner: ["The payer did not sign this Permit2 transfer.", "Sign exactly this payment and chain."],
  SignatureExpired: ["The Permit2 signature has expired.", "Sign a new one with a later deadline."],
  Error: ["The contract refused, in the words of `message`.", "Read the message."],
  Panic: ["A contract failed in a way that it does not expect.", "Report it, with the transaction."],
  UnknownRevert: [
    "A contract outside of Benefit Grid refused, such as a token.",
    "Look up the first four bytes of `data` in that contract's errors.",
  ],
} as const satisfies Explanations;
