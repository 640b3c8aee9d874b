// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";

/// @notice Content-addressed license terms, the codes of their contexts, and the offers to sell licenses under them.
interface ITermsRegistry {
    /// @notice What a context says about a use: why, for whom or where.
    enum ContextKind {
        Purpose,
        Sector,
        Territory
    }

    /// @notice A context of use. Its code is the number of its bit in sets of contexts.
    /// @param kind what it says about a use
    /// @param name 1 to 31 characters of a to z, 0 to 9 and the hyphen
    struct Context {
        ContextKind kind;
        string name;
    }

    /// @notice The enforced part of license terms.
    /// @param duration a license's term, seconds, above 0
    /// @param revocationNotice seconds from a revocation to the end of service; 2^40 - 1 means irrevocable
    /// @param maxUnits most units to prepay for one license in one term, above 0; unused units stay valid in later terms
    /// @param contexts allowed contexts of use: a set of defined ones, one bit each, not empty
    /// @param derivativeShareBps share of a derivative's data and model revenue for the licensed capsule, basis points
    /// @param transferable whether a holder may transfer the license
    /// @param derivatives whether a holder may register derivatives, see `ICapsuleRegistry.registerDerivative`
    struct Conditions {
        uint40 duration;
        uint40 revocationNotice;
        uint48 maxUnits;
        uint32 contexts;
        uint16 derivativeShareBps;
        bool transferable;
        bool derivatives;
    }

    /// @notice Immutable license terms, identified by their hash.
    /// @param conditions the enforced part
    /// @param policyHash hash of the same terms as a legal text, or 0; in the id and the event, not in storage
    struct Terms {
        Conditions conditions;
        bytes32 policyHash;
    }

    /// @notice Whether the ledger stores the count of use in the open, or a commitment to it, advanced by proofs.
    enum Mode {
        Open,
        Private
    }

    /// @notice The parameters of a new offer, besides capsule and terms.
    /// @param ledger counts and settles use, permanently
    /// @param meterId the meter's id at that ledger
    /// @param currency ERC-20 token of the price
    /// @param pricePerMillion base units of the currency for 1,000,000 metered units; 0 means free
    /// @param sector number of the use's sector
    /// @param application account, earns a fraction of the platform's part; zero or the router for none
    /// @param mode whether use is settled in the open or privately
    struct OfferParams {
        address ledger;
        uint32 meterId;
        address currency;
        uint96 pricePerMillion;
        uint16 sector;
        address application;
        Mode mode;
    }

    /// @notice An offer. Only `retired` ever changes, and only once.
    struct Offer {
        bytes32 termsId; // slot 0
        address currency; // slot 1
        uint64 capsuleId;
        uint16 sector;
        bool retired;
        Mode mode;
        address ledger; // slot 2
        uint96 pricePerMillion;
        address application; // slot 3
        uint32 meterId;
    }

    /// @notice Whether new offers may name a ledger. Only offers of admitted ledgers are for sale.
    enum LedgerStatus {
        Unknown,
        Admitted,
        Retired
    }

    error TermsDurationZero();
    error TermsMaxUnitsZero();
    error TermsContextsEmpty();
    error TermsContextsUndefined(uint32 contexts);
    error TermsDerivativesNotPermitted(uint16 derivativeShareBps);
    error TermsDerivativeShareTooHigh(uint16 derivativeShareBps, uint16 maximum);
    error TermsNonexistent(bytes32 termsId);
    error OfferCallerNotCapsuleOwner(uint64 capsuleId, address caller);
    error OfferLedgerNotAdmitted(address ledger);
    error OfferMeterNonexistent(address ledger, uint32 meterId);
    error OfferCurrencyNotContract(address currency);
    error OfferNonexistent(uint64 offerId);
    error OfferAlreadyRetired(uint64 offerId);
    error OfferNotForSale(uint64 offerId);
    error ContextsTooMany(uint256 maximum);
    error ContextNameInvalid(string name);
    error ContextAlreadyDefined(string name);
    error ContextUndefined(uint8 code);
    error LedgerNotContract(address ledger);
    error LedgerStatusInvalid(address ledger, LedgerStatus status);

    /// @notice Terms were stored for the first time.
    event TermsRegistered(bytes32 indexed termsId, Terms terms);
    /// @notice An offer was made.
    event OfferCreated(
        uint64 indexed offerId,
        uint64 indexed capsuleId,
        bytes32 indexed termsId,
        OfferParams params
    );
    /// @notice `publisher` registered the capsule and made its first offer in one call. In the capsule's own event the
    ///         registrant is this registry.
    event CapsulePublished(uint64 indexed capsuleId, uint64 indexed offerId, address indexed publisher);
    /// @notice An offer stopped selling; its licenses continue.
    event OfferRetired(uint64 indexed offerId);
    /// @notice A context has this code, permanently.
    event ContextDefined(uint8 indexed code, ContextKind indexed kind, string name);
    /// @notice New offers may name the ledger.
    event LedgerAdmitted(address indexed ledger);
    /// @notice The ledger's offers stopped selling; their licenses continue.
    event LedgerRetired(address indexed ledger);

    /// @notice Stores terms once; the same terms have the same id.
    /// @dev - they permit use, or `TermsDurationZero`, `TermsMaxUnitsZero` or `TermsContextsEmpty`
    ///      - their contexts are defined, or `TermsContextsUndefined`
    ///      - a share above 0 needs permitted derivatives, or `TermsDerivativesNotPermitted`
    ///      - the share is at most half, or `TermsDerivativeShareTooHigh`
    /// @param terms the terms
    /// @return termsId `keccak256(abi.encode(terms))`
    function register(Terms calldata terms) external returns (bytes32 termsId);

    /// @notice Makes an immutable offer. To change it, retire it and make another.
    /// @dev - the caller owns the capsule, or `OfferCallerNotCapsuleOwner`; it exists, or `ERC721NonexistentToken`
    ///      - the terms exist, or `TermsNonexistent`
    ///      - the ledger is admitted and knows the meter: `OfferLedgerNotAdmitted`, `OfferMeterNonexistent`
    ///      - the currency is a contract, or `OfferCurrencyNotContract`
    /// @param capsuleId the capsule
    /// @param termsId the terms
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

    /// @notice Stops sales under an offer: no new license, no top-up, no renewal. Existing licenses continue.
    /// @dev - the offer exists, or `OfferNonexistent`
    ///      - the caller owns the capsule, or `OfferCallerNotCapsuleOwner`
    ///      - the offer is not retired yet, or `OfferAlreadyRetired`
    /// @param offerId the offer
    function retireOffer(uint64 offerId) external;

    /// @notice Gives a context the next code, permanently. There are 32 codes.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - a code is left, or `ContextsTooMany`
    ///      - the name has 1 to 31 characters of a to z, 0 to 9 and the hyphen, or `ContextNameInvalid`
    ///      - no context has this name, or `ContextAlreadyDefined`
    /// @param kind what it says about a use
    /// @param name unique among all kinds
    /// @return code counts from 0
    function defineContext(ContextKind kind, string calldata name) external returns (uint8 code);

    /// @notice Lets new offers name a ledger. A ledger can release only the escrow of its own offers.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the ledger is a contract, or `LedgerNotContract`; unknown, or `LedgerStatusInvalid`
    /// @param ledger the contract
    function admitLedger(address ledger) external;

    /// @notice Stops sales under all offers of a ledger, permanently.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the ledger is admitted, or `LedgerStatusInvalid`
    /// @param ledger the contract
    function retireLedger(address ledger) external;

    /// @notice All defined contexts, one bit each.
    function contextsDefined() external view returns (uint32);

    /// @notice The context of a code; `ContextUndefined` if there is none.
    function contextOf(uint8 code) external view returns (Context memory);

    /// @notice The conditions of stored terms; `TermsNonexistent` if there are none.
    function conditionsOf(bytes32 termsId) external view returns (Conditions memory);

    /// @notice A stored offer; `OfferNonexistent` if there is none.
    function offerOf(uint64 offerId) external view returns (Offer memory);

    /// @notice The conditions of a stored offer; `OfferNonexistent` if there is none.
    function offerConditionsOf(uint64 offerId) external view returns (Conditions memory);

    /// @notice An offer's data for settling use; `OfferNonexistent` if there is none.
    /// @return ledger counts and settles use
    /// @return meterId the meter's id at that ledger
    /// @return mode whether use is settled in the open or privately
    /// @return contexts allowed by the terms
    function offerMeteringOf(
        uint64 offerId
    ) external view returns (address ledger, uint32 meterId, Mode mode, uint32 contexts);

    /// @notice An offer's data for paying for use; `OfferNonexistent` if there is none.
    /// @return ledger may release its escrow
    /// @return capsuleId the paid capsule
    /// @return currency ERC-20 token of the price
    /// @return pricePerMillion base units of the currency for 1,000,000 metered units
    /// @return application account, earns a fraction of the platform's part; or zero
    /// @return sector may have a share of the platform's part
    function offerPaymentOf(
        uint64 offerId
    )
        external
        view
        returns (
            address ledger,
            uint64 capsuleId,
            address currency,
            uint96 pricePerMillion,
            address application,
            uint16 sector
        );

    /// @notice An offer's data for a sale.
    /// @dev - the offer exists, or `OfferNonexistent`
    ///      - it is for sale, or `OfferNotForSale`
    function offerForSale(
        uint64 offerId
    ) external view returns (address currency, uint96 pricePerMillion, Conditions memory conditions);

    /// @notice Whether an offer exists and neither it nor its ledger is retired.
    function isForSale(uint64 offerId) external view returns (bool);

    /// @notice The newest offer's id: also the number of offers.
    function lastOfferId() external view returns (uint64);

    /// @notice Whether new offers may name a ledger.
    function ledgerStatus(address ledger) external view returns (LedgerStatus);
}
