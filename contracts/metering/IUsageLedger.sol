// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {TotalWord} from "./StatementWords.sol";
import {OpenEntry, PrivateEntry} from "./VoucherWords.sol";

/// @notice Counts the use of licenses: meters submit signed, cumulative vouchers, and each counts once.
/// @dev One usage word is stored for each license; 0 before its first settlement. In open mode it is an `OpenUsage`,
///      the use itself. In private mode it is a commitment, Poseidon of a `PrivateUse` and a salt: holder and meter
///      know its opening. The guardian can pause settlement, and settlement windows wait meanwhile: see `ILicenseNFT`.
///      Closing licenses and confirming signers are never paused.
interface IUsageLedger {
    /// @notice A server of capsules, counting their use.
    /// @param owner changes all accounts and the endpoint; its key can be offline
    /// @param operator submits batches and confirms signers
    /// @param payee earns the compute part of all use settled by the meter
    /// @param pendingOwner becomes the owner if it accepts; or zero
    struct Meter {
        address owner;
        address operator;
        address payee;
        address pendingOwner;
    }

    /// @notice A voucher in open mode, EIP-712 `UsageVoucher(uint256 licenseId,bytes32 usage)`, with its signature.
    /// @param entry license id and the voucher's usage word, an `OpenUsage`
    /// @param r signature
    /// @param vs signature, compact form of ERC-2098
    struct OpenRow {
        OpenEntry entry;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice Vouchers of one offer.
    struct OpenBatch {
        uint64 offerId;
        OpenRow[] rows;
    }

    /// @notice A circuit for proofs of batches in private mode.
    /// @param rows most licenses in a batch
    /// @param offers most offers in a batch, at most 16
    /// @param verifier checks its proofs, see `IUsageBatchVerifier`
    struct Instance {
        uint32 rows;
        uint32 offers;
        address verifier;
    }

    /// @notice A Groth16 proof, its points encoded as in EIP-197.
    struct Groth16Proof {
        uint256[2] a;
        uint256[2][2] b;
        uint256[2] c;
    }

    /// @notice A voucher in private mode, EIP-712 `UsageVoucher(uint256 licenseId,bytes32 usage)`, with its signature.
    /// @param entry license id, and a cap: the proof shows that the voucher's units do not exceed it
    /// @param usage the voucher's usage word: a commitment
    /// @param r signature
    /// @param vs signature, compact form of ERC-2098
    struct PrivateRow {
        PrivateEntry entry;
        bytes32 usage;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice Vouchers of one offer, by ascending license id.
    /// @param units sum of the licenses' increases
    struct PrivateBatch {
        uint64 offerId;
        uint64 units;
        PrivateRow[] rows;
    }

    /// @notice The preimage of a usage word in private mode, with the license id.
    /// @param units used so far
    /// @param contexts used so far
    /// @param salt secret number, hides the others
    struct Opening {
        uint64 units;
        uint32 contexts;
        uint256 salt;
    }

    /// @notice A voucher in private mode, with its opening and the opening before it.
    /// @param licenseId the license
    /// @param oldOpening opening of the stored usage word; zeros before the first settlement
    /// @param newOpening opening of the voucher's usage word
    /// @param r signature
    /// @param vs signature, compact form of ERC-2098
    struct RetiredRow {
        uint64 licenseId;
        Opening oldOpening;
        Opening newOpening;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice Opened vouchers of one offer, by ascending license id.
    struct RetiredBatch {
        uint64 offerId;
        RetiredRow[] rows;
    }

    /// @notice A change of a license's signer.
    /// @param change its number: `ILicenseNFT.keysOf(licenseId).changes`
    struct SignerChange {
        uint64 licenseId;
        uint56 change;
    }

    error MeterAccountZero();
    error MeterPayeeRouter(uint32 meterId);
    error CallerNotMeterOwner(uint32 meterId, address caller);
    error CallerNotMeterPendingOwner(uint32 meterId, address caller);
    error CallerNotMeterOperator(uint32 meterId, address caller);
    error SettlementPaused(uint256 until);
    error OfferNotMetered(uint64 offerId, uint32 meterId);
    error OfferModeMismatch(uint64 offerId, ITermsRegistry.Mode mode);
    error BatchEmpty(uint64 offerId);
    error BatchExceedsInstance(uint32 instance, uint256 offers, uint256 rows);
    error BatchOffersUnordered(uint64 previousOfferId, uint64 offerId);
    error BatchLicensesUnordered(uint64 previousLicenseId, uint64 licenseId);
    error VoucherMalformed(bytes32 entry);
    error VoucherNotNewer(uint64 licenseId, uint64 oldUnits, uint64 units);
    error VoucherExceedsPrepaid(uint64 licenseId, uint64 units, uint64 prepaid);
    error VoucherContextsDropped(uint64 licenseId, uint32 oldContexts, uint32 contexts);
    error VoucherContextsNotAllowed(uint64 licenseId, uint32 contexts, uint32 allowed);
    error VoucherSignatureInvalid(uint64 licenseId, address signer);
    error VoucherNotCommitment(uint64 licenseId, bytes32 usage);
    error ProvenCapExceedsPrepaid(uint64 licenseId, uint64 provenCap, uint64 prepaid);
    error InstanceNonexistent(uint32 instance);
    error InstanceOffersOutOfRange(uint256 instance, uint32 offers);
    error ProofInvalid();
    error LedgerNotAdmitted();
    error LedgerNotRetired();
    error OpeningInvalid(uint64 licenseId, bytes32 usage);
    error OpeningNeeded(uint64 licenseId);
    error ReleaseFailed(uint64 offerId, bytes reason);
    error CloseConsentExpired(uint64 licenseId, uint256 deadline);
    error CloseConsentInvalid(uint64 licenseId, address holder);

    /// @notice A circuit was added at deployment.
    event InstanceAdded(uint32 indexed instance, uint32 rows, uint32 offers, address verifier);
    /// @notice The verifier of `usageRange` was set at deployment.
    event RangeVerifierSet(address indexed verifier);
    /// @notice A meter was registered or changed.
    event MeterSet(uint32 indexed meterId, address indexed operator, address indexed payee, string endpoint);
    /// @notice The owner named its successor, or zero for none.
    event MeterTransferStarted(uint32 indexed meterId, address indexed owner, address indexed pendingOwner);
    /// @notice A meter has a new owner. `previousOwner` is zero at registration.
    event MeterTransferred(uint32 indexed meterId, address indexed previousOwner, address indexed owner);
    /// @notice Licenses advanced by `units` in all.
    /// @param entries an `OpenEntry` for each license
    event OpenSettled(uint32 indexed meterId, uint64 indexed offerId, uint128 units, uint256[] entries);

    /// @notice Licenses advanced, each to a new usage word.
    /// @param totals one for each offer: its id and the sum of its licenses' increases
    /// @param rows 40 bytes for each license, by offer: license id (8 bytes) and new usage word (32 bytes)
    event PrivateSettled(uint32 indexed meterId, TotalWord[] totals, bytes rows);
    /// @notice A signer change was not confirmed: another replaced it, it was confirmed before, or the license is closed.
    event SignerChangeSkipped(uint32 indexed meterId, uint64 indexed licenseId, uint56 change);

    /// @notice Registers a meter, owned by the caller.
    /// @dev - neither account is zero, or `MeterAccountZero`
    ///      - the payee is not the router, or `MeterPayeeRouter`: nobody could withdraw from there
    /// @param operator submits batches: a key that is online
    /// @param payee earns the compute part
    /// @param endpoint address of its service, published in the event only
    /// @return meterId counts from 1
    function registerMeter(
        address operator,
        address payee,
        string calldata endpoint
    ) external returns (uint32 meterId);

    /// @notice Replaces a meter's operator, payee and endpoint. An operator has no say in it: its key may be stolen.
    /// @dev - the caller owns the meter, or `CallerNotMeterOwner`
    ///      - accounts as in `registerMeter`
    function setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) external;

    /// @notice Names the next owner of a meter, who has to accept. Replaces an earlier name; zero takes it back.
    /// @dev The caller owns the meter, or `CallerNotMeterOwner`.
    function transferMeter(uint32 meterId, address newOwner) external;

    /// @notice Makes the caller the owner of a meter. Operator, payee and endpoint stay.
    /// @dev The meter's owner named the caller, or `CallerNotMeterPendingOwner`.
    function acceptMeter(uint32 meterId) external;

    /// @notice Settles vouchers: counts each license's increase and pays for it from the offer's escrow.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`; no pause is underway, or `SettlementPaused`
    ///      - each offer exists, or `OfferNonexistent`; names this ledger and this meter, or `OfferNotMetered`; is in
    ///        open mode, or `OfferModeMismatch`; has rows, or `BatchEmpty`
    ///      - each row is well formed, or `VoucherMalformed`; its license is as in `ILicenseNFT.settlementsOf`
    ///      - each row, in turn: signed by the license's signer, in low-s form, or `VoucherSignatureInvalid`; more
    ///        units than stored, or `VoucherNotNewer`; at most the prepaid units, or `VoucherExceedsPrepaid`; all
    ///        stored contexts, or `VoucherContextsDropped`; only contexts in the terms, or `VoucherContextsNotAllowed`
    ///      - the router releases each offer's price, or `ReleaseFailed` with the router's error. An empty error, mostly
    ///        of a call without enough gas, is passed on and names no offer
    /// @param meterId the meter
    /// @param batches vouchers by offer
    function settleOpen(uint32 meterId, OpenBatch[] calldata batches) external;

    /// @notice Settles vouchers privately and pays for them from the escrow of their offers. A proof shows that each
    ///         license advanced by the rules, and by how many units each offer's licenses advanced in all.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`; no pause is underway, or `SettlementPaused`
    ///      - this ledger sells, or `LedgerNotAdmitted`
    ///      - the instance exists, or `InstanceNonexistent`; has room for the batch, or `BatchExceedsInstance`
    ///      - each offer comes after the one before, or `BatchOffersUnordered`; exists, or `OfferNonexistent`; names
    ///        this ledger and this meter, or `OfferNotMetered`; is in private mode, or `OfferModeMismatch`; has rows,
    ///        or `BatchEmpty`
    ///      - each row is well formed, or `VoucherMalformed`; its license comes after the one before, or
    ///        `BatchLicensesUnordered`, and is as in `ILicenseNFT.settlementsOf`
    ///      - each row, in turn: its usage word is a commitment, or `VoucherNotCommitment`; its cap is at most the
    ///        prepaid units, or `ProvenCapExceedsPrepaid`; it is signed by the license's signer, in low-s form, or
    ///        `VoucherSignatureInvalid`
    ///      - the proof holds for the whole batch, or `ProofInvalid`
    ///      - the router releases each offer's price, as in `settleOpen`
    /// @param meterId the meter
    /// @param instance number of the circuit, from 0
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

    /// @notice Settles private vouchers at a retired ledger, where proofs are refused. Publishes their openings.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`; no pause is underway, or `SettlementPaused`
    ///      - this ledger is retired, or `LedgerNotRetired`
    ///      - offers and licenses as in `settlePrivate`
    ///      - each row, in turn: signed as in `settlePrivate`; `oldOpening` opens the stored usage word, or
    ///        `OpeningInvalid`; no fewer units than there, or `VoucherNotNewer`; at most the prepaid units, or
    ///        `VoucherExceedsPrepaid`; all contexts from there, or `VoucherContextsDropped`; only contexts in the
    ///        terms, or `VoucherContextsNotAllowed`
    ///      - the router releases each offer's price, as in `settleOpen`
    /// @param meterId the meter
    /// @param batches opened vouchers by offer
    function settleRetired(uint32 meterId, RetiredBatch[] calldata batches) external;

    /// @notice Confirms that the old signers' last vouchers are settled: pending changes of signer take effect. Changes
    ///         that are no longer pending are skipped.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`
    ///      - each license that exists names this ledger, or `CallerNotLicenseLedger`
    ///      - each confirmed change is of this meter's license, or `OfferNotMetered`
    /// @param meterId the meter
    /// @param changes the changes to confirm
    function confirmSigners(uint32 meterId, SignerChange[] calldata changes) external;

    /// @notice Closes a license after its settlement window and owes its holder the price of the unused units.
    /// @dev Anyone may call.
    ///      - the license is in open mode or was never settled, or `OpeningNeeded`
    ///      - requirements of `ILicenseNFT.close`
    /// @param licenseId the license
    function close(uint64 licenseId) external;

    /// @notice As `close`, for private mode. Publishes how many units the license used in all.
    /// @dev Anyone may call.
    ///      - `opening` opens the stored usage word, or is zeros if there is none; or `OpeningInvalid`
    ///      - requirements of `ILicenseNFT.close`
    /// @param licenseId the license
    /// @param opening of its usage word
    function closeOpened(uint64 licenseId, Opening calldata opening) external;

    /// @notice As `close`, for private mode. Publishes only an upper bound: `maxUnits` count as used.
    /// @dev The holder has to agree, because the meter can also prove a bound far above the real use. A renewal, a
    ///      transfer or a change of signer ends a consent, also one back to the same account.
    ///      - this ledger sells, or `LedgerNotAdmitted`; the license is in private mode, or `OfferModeMismatch`
    ///      - the deadline is not over, or `CloseConsentExpired`, unless the holder calls
    ///      - the holder calls or signed EIP-712 `CloseConsent(uint256 licenseId,uint64 maxUnits,uint40 expiry,uint56
    ///        changes,uint256 deadline)` with the license's present `expiry` and `changes` of signer, or
    ///        `CloseConsentInvalid`
    ///      - the proof holds, or `ProofInvalid`
    ///      - requirements of `ILicenseNFT.close`
    /// @param licenseId the license
    /// @param maxUnits units to count as used
    /// @param proof of `usageRange`, from 0 to `maxUnits`
    /// @param deadline last second of the consent; any if the holder calls
    /// @param consent the holder's signature, by key or ERC-1271; empty if the holder calls
    function closeWithin(
        uint64 licenseId,
        uint64 maxUnits,
        Groth16Proof calldata proof,
        uint256 deadline,
        bytes calldata consent
    ) external;

    /// @notice A license's stored usage word; 0 before its first settlement.
    function usageOf(uint64 licenseId) external view returns (bytes32);

    /// @notice A circuit for proofs of batches, permanent; `InstanceNonexistent` if there is none.
    function instanceOf(uint32 instance) external view returns (Instance memory);

    /// @notice Number of instances.
    function instanceCount() external view returns (uint32);

    /// @notice A meter; zeros if there is none.
    function meterOf(uint32 meterId) external view returns (Meter memory);

    /// @notice The newest meter's id: also the number of meters.
    function lastMeterId() external view returns (uint32);

    /// @notice EIP-712 digest of a voucher, for its signer.
    function voucherDigest(uint64 licenseId, bytes32 usage) external view returns (bytes32);
}
