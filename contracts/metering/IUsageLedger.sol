// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";

/// @notice How much licenses were used: meters submit signed, cumulative vouchers, each counted once.
/// @dev Of each license one usage word is stored. In open mode it is what was used: units (64 bits, lowest) and contexts
///      (32 bits above them). In private mode it is a commitment, Poseidon(license id, units, contexts, salt), whose
///      opening holder and meter know; 0 means that nothing is settled yet.
///      Settling stands still while the guardian pauses it, and windows wait: see `ILicenseNFT`. Closing, and confirming
///      signers, is never paused.
interface IUsageLedger {
    /// @notice Who serves capsules and counts their use.
    /// @param operator submits batches and manages the meter
    /// @param payee earns the compute part of what the meter settles
    struct Meter {
        address operator;
        address payee;
    }

    /// @notice A voucher in open mode, EIP-712 `UsageVoucher(uint256 licenseId,bytes32 usage)`, with its signature.
    /// @param entry license id (64 bits, at bit 96) and, below it, the voucher's usage: contexts used so far (32 bits,
    ///        at bit 64) and cumulative units (64 bits, lowest)
    /// @param r signature
    /// @param vs signature, compact form of ERC-2098
    struct OpenRow {
        bytes32 entry;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice Vouchers of one offer.
    struct OpenBatch {
        uint64 offerId;
        OpenRow[] rows;
    }

    /// @notice A circuit that proves batches in private mode.
    /// @param rows most licenses in a batch
    /// @param offers most offers in a batch
    /// @param verifier checks its proofs, see `IUsageBatchVerifier`
    struct Instance {
        uint32 rows;
        uint32 offers;
        address verifier;
    }

    /// @notice A Groth16 proof, its points as EIP-197 has them.
    struct Groth16Proof {
        uint256[2] a;
        uint256[2][2] b;
        uint256[2] c;
    }

    /// @notice A voucher in private mode, EIP-712 `UsageVoucher(uint256 licenseId,bytes32 usage)`, with its signature.
    /// @param entry license id (64 bits, at bit 64) and, below it, the cap that its units are proved not to exceed
    /// @param usage the voucher's usage word: a commitment
    /// @param r signature
    /// @param vs signature, compact form of ERC-2098
    struct PrivateRow {
        bytes32 entry;
        bytes32 usage;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice Vouchers of one offer, in the order of their licenses.
    /// @param units what they move on by, all together
    struct PrivateBatch {
        uint64 offerId;
        uint64 units;
        PrivateRow[] rows;
    }

    /// @notice What a usage word in private mode commits to.
    /// @param units used so far
    /// @param contexts used in so far
    /// @param salt secret number that hides the others
    struct Opening {
        uint64 units;
        uint32 contexts;
        uint256 salt;
    }

    /// @notice A voucher in private mode and its opening.
    /// @param licenseId the license
    /// @param settled opening of the usage word that is settled, zeros if none is
    /// @param usage opening of the voucher's usage word
    /// @param r signature
    /// @param vs signature, compact form of ERC-2098
    struct RetiredRow {
        uint64 licenseId;
        Opening settled;
        Opening usage;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice Opened vouchers of one offer, in the order of their licenses.
    struct RetiredBatch {
        uint64 offerId;
        RetiredRow[] rows;
    }

    /// @notice A change of a license's signer, known by its time: `ILicenseNFT.keysOf(licenseId).changeAt`.
    struct SignerChange {
        uint64 licenseId;
        uint40 changeAt;
    }

    error MeterAccountZero();
    error CallerNotMeterOperator(uint32 meterId, address caller);
    error SettlementPaused(uint256 until);
    error OfferNotMetered(uint64 offerId, uint32 meterId);
    error OfferModeMismatch(uint64 offerId, ITermsRegistry.Mode mode);
    error BatchEmpty(uint64 offerId);
    error BatchExceedsInstance(uint32 instance, uint256 offers, uint256 rows);
    error BatchOffersUnordered(uint64 previousOfferId, uint64 offerId);
    error BatchLicensesUnordered(uint64 previousLicenseId, uint64 licenseId);
    error VoucherMalformed(bytes32 entry);
    error VoucherNotNewer(uint64 licenseId, uint64 settled, uint64 units);
    error VoucherExceedsPrepaid(uint64 licenseId, uint64 units, uint64 prepaid);
    error VoucherContextsDropped(uint64 licenseId, uint32 settled, uint32 contexts);
    error VoucherContextsNotAllowed(uint64 licenseId, uint32 contexts, uint32 allowed);
    error VoucherSignatureInvalid(uint64 licenseId, address signer);
    error VoucherNotCommitment(uint64 licenseId, bytes32 usage);
    error ProvenCapExceedsPrepaid(uint64 licenseId, uint64 provenCap, uint64 prepaid);
    error InstanceNonexistent(uint32 instance);
    error ProofInvalid();
    error LedgerNotAdmitted();
    error LedgerNotRetired();
    error OpeningInvalid(uint64 licenseId, bytes32 usage);
    error OpeningNeeded(uint64 licenseId);
    error CloseConsentInvalid(uint64 licenseId, address holder);

    /// @notice A meter exists, or changed.
    event MeterSet(uint32 indexed meterId, address indexed operator, address indexed payee, string endpoint);
    /// @notice Licenses moved on by `units` in all.
    /// @param entries as in `OpenRow`, one a license
    event OpenSettled(uint32 indexed meterId, uint64 indexed offerId, uint128 units, uint256[] entries);

    /// @notice Licenses moved on, each to a new usage word.
    /// @param totals one an offer: offer id (64 bits, lowest) and, above it, what its licenses moved on by in all
    /// @param rows 40 bytes a license, by offer: license id (8 bytes) and its new usage word (32 bytes)
    event PrivateSettled(uint32 indexed meterId, bytes32[] totals, bytes rows);

    /// @notice Registers a meter, operated by the caller.
    /// @dev `MeterAccountZero` if `payee` is zero.
    /// @param payee earns the compute part
    /// @param endpoint where it serves, published in the event only
    /// @return meterId counts from 1
    function registerMeter(address payee, string calldata endpoint) external returns (uint32 meterId);

    /// @notice Replaces a meter's accounts and endpoint.
    /// @dev - the caller operates it, or `CallerNotMeterOperator`
    ///      - neither account is zero, or `MeterAccountZero`
    function setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) external;

    /// @notice Settles vouchers: counts each license's increase and pays for it from the offer's escrow.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`; no pause is underway, or `SettlementPaused`
    ///      - each offer exists, or `OfferNonexistent`; names this ledger and this meter, or `OfferNotMetered`; is in
    ///        open mode, or `OfferModeMismatch`; has rows, or `BatchEmpty`
    ///      - each row is well formed, or `VoucherMalformed`; its license is as in `ILicenseNFT.settlementsOf`
    ///      - each row, in turn: signed by the license's signer, in low-s form, or `VoucherSignatureInvalid`; above what
    ///        is settled, or `VoucherNotNewer`; within what is prepaid, or `VoucherExceedsPrepaid`; its contexts include
    ///        the settled ones and are within the terms: `VoucherContextsDropped`, `VoucherContextsNotAllowed`
    /// @param meterId the meter
    /// @param batches vouchers by offer
    function settleOpen(uint32 meterId, OpenBatch[] calldata batches) external;

    /// @notice Settles vouchers privately: a proof shows that each license's count moved on by rules, and what an offer's
    ///         licenses moved on by in all, which is paid for from its escrow.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`; no pause is underway, or `SettlementPaused`
    ///      - this ledger sells, or `LedgerNotAdmitted`
    ///      - the instance exists, or `InstanceNonexistent`; has room for the batch, or `BatchExceedsInstance`
    ///      - each offer comes after the one before, or `BatchOffersUnordered`; exists, or `OfferNonexistent`; names this
    ///        ledger and this meter, or `OfferNotMetered`; is in private mode, or `OfferModeMismatch`; has rows, or
    ///        `BatchEmpty`
    ///      - each row is well formed, or `VoucherMalformed`; its license comes after the one before, or
    ///        `BatchLicensesUnordered`, and is as in `ILicenseNFT.settlementsOf`
    ///      - each row, in turn: its usage word is a commitment, or `VoucherNotCommitment`; its cap is prepaid, or
    ///        `ProvenCapExceedsPrepaid`; it is signed by the license's signer, in low-s form, or
    ///        `VoucherSignatureInvalid`
    ///      - the proof holds for all of it, or `ProofInvalid`
    /// @param meterId the meter
    /// @param instance which circuit proved the batch, from 0
    /// @param batches vouchers by offer
    /// @param commitment the proof's first public signal: c of `BatchStatement`
    /// @param proof of the instance's circuit
    function settlePrivate(
        uint32 meterId,
        uint32 instance,
        PrivateBatch[] calldata batches,
        uint256 commitment,
        Groth16Proof calldata proof
    ) external;

    /// @notice Settles private vouchers in the open, once proofs are accepted no more.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`; no pause is underway, or `SettlementPaused`
    ///      - this ledger is retired, or `LedgerNotRetired`
    ///      - offers and licenses as in `settlePrivate`
    ///      - each row, in turn: signed as in `settlePrivate`; `settled` opens what is settled, or `OpeningInvalid`; not
    ///        below it, or `VoucherNotNewer`; within what is prepaid, or `VoucherExceedsPrepaid`; its contexts include
    ///        the settled ones and are within the terms: `VoucherContextsDropped`, `VoucherContextsNotAllowed`
    /// @param meterId the meter
    /// @param batches opened vouchers by offer
    function settleRetired(uint32 meterId, RetiredBatch[] calldata batches) external;

    /// @notice Tells licenses that their old signers' last vouchers are settled, so that a change takes effect.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`
    ///      - each license's offer names this ledger and this meter, or `OfferNotMetered`
    ///      - each change as in `ILicenseNFT.confirmSigner`
    /// @param meterId the meter
    /// @param changes which changes of which licenses
    function confirmSigners(uint32 meterId, SignerChange[] calldata changes) external;

    /// @notice Closes a license after its settlement window; the unused part of its price is owed to the holder.
    /// @dev Anyone may call.
    ///      - the license is in open mode, or nothing of it is settled, or `OpeningNeeded`
    ///      - requirements of `ILicenseNFT.close`
    /// @param licenseId the license
    function close(uint64 licenseId) external;

    /// @notice As `close`, for private mode: shows what the license used in its whole life.
    /// @dev Anyone may call.
    ///      - `opening` opens what is settled, zeros if nothing is, or `OpeningInvalid`
    ///      - requirements of `ILicenseNFT.close`
    /// @param licenseId the license
    /// @param opening of its usage word
    function closeOpened(uint64 licenseId, Opening calldata opening) external;

    /// @notice As `close`, for private mode: shows only that no more than `maxUnits` were used, and counts them as used.
    /// @dev The meter can prove any bound, too, so that the holder has to agree.
    ///      - this ledger sells, or `LedgerNotAdmitted`; the license is in private mode, or `OfferModeMismatch`
    ///      - the holder calls or signed EIP-712 `CloseConsent(uint256 licenseId,uint64 maxUnits)`, or
    ///        `CloseConsentInvalid`
    ///      - the proof holds, or `ProofInvalid`
    ///      - requirements of `ILicenseNFT.close`
    /// @param licenseId the license
    /// @param maxUnits how many units count as used
    /// @param proof of `usageRange`, from 0 to `maxUnits`
    /// @param consent the holder's signature, by key or ERC-1271; empty if the holder calls
    function closeWithin(
        uint64 licenseId,
        uint64 maxUnits,
        Groth16Proof calldata proof,
        bytes calldata consent
    ) external;

    /// @notice What is settled of a license: its usage word.
    function usageOf(uint64 licenseId) external view returns (bytes32);

    /// @notice A circuit that proves batches, fixed for ever; `InstanceNonexistent` if there is none.
    function instanceOf(uint32 instance) external view returns (Instance memory);

    /// @notice How many instances there are.
    function instanceCount() external view returns (uint32);

    /// @notice A meter; zeros if there is none.
    function meterOf(uint32 meterId) external view returns (Meter memory);

    /// @notice The newest meter's id, which is also how many there are.
    function lastMeterId() external view returns (uint32);

    /// @notice What a signer signs for `usage` of a license.
    function voucherDigest(uint64 licenseId, bytes32 usage) external view returns (bytes32);
}
