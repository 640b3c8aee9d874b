// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";

/// @notice On what conditions capsules may be used: content-addressed terms, and the offers that sell under them.
interface ITermsRegistry {
    /// @notice What is enforced of license terms.
    /// @param duration how long a license lasts, seconds, above 0
    /// @param revocationNotice seconds between a revocation and the end of service; 2^40 - 1 means irrevocable
    /// @param maxUnits how often: most units that one license may ever be prepaid for, above 0
    /// @param contexts in what contexts: a set of up to 32, one bit each, not empty
    /// @param transferable whether a holder may transfer the license
    struct Conditions {
        uint40 duration;
        uint40 revocationNotice;
        uint64 maxUnits;
        uint32 contexts;
        bool transferable;
    }

    /// @notice Immutable license terms, found by their hash.
    /// @param conditions what is enforced
    /// @param policyHash hash of the license text that says the same, or 0; in the id and the event, not in storage
    struct Terms {
        Conditions conditions;
        bytes32 policyHash;
    }

    /// @notice What the ledger stores of use under an offer: its count, or a commitment to it that proofs move on.
    enum Mode {
        Open,
        Private
    }

    /// @notice What a new offer says besides capsule and terms.
    /// @param ledger where use is counted and settled, for ever
    /// @param meterId who counts it, by its id at that ledger
    /// @param currency ERC-20 token of the price
    /// @param unitPrice base units of the currency for one metered unit; 0 means free
    /// @param sector number of the sector that the use belongs to
    /// @param application account that earns a fraction of the platform's part, or zero
    /// @param mode whether use is settled in the open or privately
    struct OfferParams {
        address ledger;
        uint32 meterId;
        address currency;
        uint96 unitPrice;
        uint16 sector;
        address application;
        Mode mode;
    }

    /// @notice A standing offer. Only `retired` ever changes, and only once.
    struct Offer {
        bytes32 termsId; // slot 0
        address currency; // slot 1
        uint64 capsuleId;
        uint16 sector;
        bool retired;
        Mode mode;
        address ledger; // slot 2
        uint96 unitPrice;
        address application; // slot 3
        uint32 meterId;
    }

    /// @notice Whether offers may name a ledger: only admitted ones are for sale.
    enum LedgerStatus {
        Unknown,
        Admitted,
        Retired
    }

    error TermsDurationZero();
    error TermsMaxUnitsZero();
    error TermsContextsEmpty();
    error TermsNonexistent(bytes32 termsId);
    error OfferCallerNotCapsuleOwner(uint64 capsuleId, address caller);
    error OfferLedgerNotAdmitted(address ledger);
    error OfferMeterNonexistent(address ledger, uint32 meterId);
    error OfferCurrencyNotContract(address currency);
    error OfferNonexistent(uint64 offerId);
    error OfferAlreadyRetired(uint64 offerId);
    error OfferNotForSale(uint64 offerId);
    error LedgerNotContract(address ledger);
    error LedgerStatusInvalid(address ledger, LedgerStatus status);

    /// @notice Terms were stored for the first time.
    event TermsRegistered(bytes32 indexed termsId, Terms terms);
    /// @notice An offer stands.
    event OfferCreated(
        uint64 indexed offerId,
        uint64 indexed capsuleId,
        bytes32 indexed termsId,
        OfferParams params
    );
    /// @notice An offer sells no more; licenses under it go on.
    event OfferRetired(uint64 indexed offerId);
    /// @notice New offers may name the ledger.
    event LedgerAdmitted(address indexed ledger);
    /// @notice The ledger's offers sell no more; licenses under them go on.
    event LedgerRetired(address indexed ledger);

    /// @notice Stores terms, once; the same terms have the same id.
    /// @dev `TermsDurationZero`, `TermsMaxUnitsZero` or `TermsContextsEmpty` for terms that permit nothing.
    /// @param terms the conditions
    /// @return termsId `keccak256(abi.encode(terms))`
    function register(Terms calldata terms) external returns (bytes32 termsId);

    /// @notice Makes an offer. It never changes; retire it and make another instead.
    /// @dev - the caller owns the capsule, or `OfferCallerNotCapsuleOwner`; it exists, or `ERC721NonexistentToken`
    ///      - the terms exist, or `TermsNonexistent`
    ///      - the ledger is admitted and knows the meter: `OfferLedgerNotAdmitted`, `OfferMeterNonexistent`
    ///      - the currency is a contract, or `OfferCurrencyNotContract`
    /// @param capsuleId what is offered
    /// @param termsId on what conditions
    /// @param params the rest
    /// @return offerId counts from 1
    function createOffer(
        uint64 capsuleId,
        bytes32 termsId,
        OfferParams calldata params
    ) external returns (uint64 offerId);

    /// @notice Registers a capsule for the caller, stores its terms and makes its first offer, in one transaction.
    /// @dev Requirements of `ICapsuleRegistry.register`, `register` and `createOffer`.
    /// @return capsuleId the new capsule
    /// @return offerId the new offer
    function publish(
        ICapsuleRegistry.Registration calldata registration,
        Terms calldata terms,
        OfferParams calldata params
    ) external returns (uint64 capsuleId, uint64 offerId);

    /// @notice Stops sales under an offer: no new license, no top-up, no renewal. Licenses that exist go on.
    /// @dev - the offer exists, or `OfferNonexistent`
    ///      - the caller owns the capsule, or `OfferCallerNotCapsuleOwner`
    ///      - the offer is not retired yet, or `OfferAlreadyRetired`
    /// @param offerId the offer
    function retireOffer(uint64 offerId) external;

    /// @notice Lets new offers name a ledger. It can release at most the escrow of those offers.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the ledger is a contract, or `LedgerNotContract`; unknown, or `LedgerStatusInvalid`
    /// @param ledger the contract
    function admitLedger(address ledger) external;

    /// @notice Stops sales under all offers of a ledger, for ever.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the ledger is admitted, or `LedgerStatusInvalid`
    /// @param ledger the contract
    function retireLedger(address ledger) external;

    /// @notice What stored terms enforce; `TermsNonexistent` if there are none.
    function conditionsOf(bytes32 termsId) external view returns (Conditions memory);

    /// @notice A stored offer; `OfferNonexistent` if there is none.
    function offerOf(uint64 offerId) external view returns (Offer memory);

    /// @notice The conditions of a stored offer; `OfferNonexistent` if there is none.
    function offerConditionsOf(uint64 offerId) external view returns (Conditions memory);

    /// @notice What settling use under an offer needs to know; `OfferNonexistent` if there is none.
    /// @return ledger where use is counted and settled
    /// @return meterId who counts it, by its id at that ledger
    /// @return mode whether it is settled in the open or privately
    /// @return contexts that the terms allow
    function offerMeteringOf(
        uint64 offerId
    ) external view returns (address ledger, uint32 meterId, Mode mode, uint32 contexts);

    /// @notice What paying for use under an offer needs to know; `OfferNonexistent` if there is none.
    /// @return ledger that may have it paid for
    /// @return capsuleId whose beneficiaries earn
    /// @return currency ERC-20 token of the price
    /// @return unitPrice base units of the currency for one metered unit
    /// @return application account that earns a fraction of the platform's part, or zero
    function offerPaymentOf(
        uint64 offerId
    )
        external
        view
        returns (address ledger, uint64 capsuleId, address currency, uint96 unitPrice, address application);

    /// @notice What a sale under an offer needs to know.
    /// @dev `OfferNonexistent`; `OfferNotForSale` if it is not.
    function offerForSale(
        uint64 offerId
    ) external view returns (address currency, uint96 unitPrice, Conditions memory conditions);

    /// @notice Whether an offer stands, and neither it nor its ledger is retired.
    function isForSale(uint64 offerId) external view returns (bool);

    /// @notice The newest offer's id, which is also how many there are.
    function lastOfferId() external view returns (uint64);

    /// @notice Whether offers may name a ledger.
    function ledgerStatus(address ledger) external view returns (LedgerStatus);
}
