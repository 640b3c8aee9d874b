// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {IUsageLedger} from "../metering/IUsageLedger.sol";
import {Contexts} from "./Contexts.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";

/// @notice Content-addressed license terms, the codes of their contexts, and the offers to sell licenses under them.
contract TermsRegistry is Contexts {
    /// @dev Half: one license always leaves the author of a derivative the other half.
    uint16 internal constant MAX_DERIVATIVE_SHARE_BPS = 5_000;

    ICapsuleRegistry public immutable CAPSULES;

    uint64 public lastOfferId;
    mapping(address ledger => LedgerStatus) public ledgerStatus;
    mapping(bytes32 termsId => Conditions) private _conditions;
    mapping(uint64 offerId => Offer) private _offers;

    /// @param capsules the capsules on offer
    /// @param admin first holder of the admin role; the timelock holds it in the end
    /// @param contexts the first contexts, by their codes
    constructor(ICapsuleRegistry capsules, address admin, Context[] memory contexts) Contexts(contexts) {
        CAPSULES = capsules;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    // Offering

    /// @inheritdoc ITermsRegistry
    function register(Terms calldata terms) public returns (bytes32 termsId) {
        Conditions calldata conditions = terms.conditions;
        if (conditions.duration == 0) revert TermsDurationZero();
        if (conditions.maxUnits == 0) revert TermsMaxUnitsZero();
        if (conditions.contexts == 0) revert TermsContextsEmpty();
        uint32 undefined = conditions.contexts & ~contextsDefined();
        if (undefined != 0) revert TermsContextsUndefined(undefined);
        _checkDerivatives(conditions.derivatives, conditions.derivativeShareBps);
        termsId = keccak256(abi.encode(terms));
        if (_conditions[termsId].duration != 0) return termsId;

        _conditions[termsId] = conditions;

        emit TermsRegistered(termsId, terms);
    }

    function _checkDerivatives(bool derivatives, uint16 shareBps) private pure {
        if (shareBps != 0 && !derivatives) revert TermsDerivativesNotPermitted(shareBps);
        if (shareBps > MAX_DERIVATIVE_SHARE_BPS)
            revert TermsDerivativeShareTooHigh(shareBps, MAX_DERIVATIVE_SHARE_BPS);
    }

    /// @inheritdoc ITermsRegistry
    function createOffer(
        uint64 capsuleId,
        bytes32 termsId,
        OfferParams calldata params
    ) external returns (uint64 offerId) {
        _checkCapsuleOwner(capsuleId);
        if (_conditions[termsId].duration == 0) revert TermsNonexistent(termsId);
        return _createOffer(capsuleId, termsId, params);
    }

    function _checkCapsuleOwner(uint64 capsuleId) private view {
        if (CAPSULES.ownerOf(capsuleId) != msg.sender)
            revert OfferCallerNotCapsuleOwner(capsuleId, msg.sender);
    }

    function _createOffer(
        uint64 capsuleId,
        bytes32 termsId,
        OfferParams calldata params
    ) private returns (uint64 offerId) {
        if (ledgerStatus[params.ledger] != LedgerStatus.Admitted)
            revert OfferLedgerNotAdmitted(params.ledger);
        if (params.meterId == 0 || params.meterId > IUsageLedger(params.ledger).lastMeterId())
            revert OfferMeterNonexistent(params.ledger, params.meterId);
        if (params.currency.code.length == 0) revert OfferCurrencyNotContract(params.currency);

        offerId = ++lastOfferId;
        _offers[offerId] = Offer({
            termsId: termsId,
            currency: params.currency,
            capsuleId: capsuleId,
            sector: params.sector,
            retired: false,
            mode: params.mode,
            ledger: params.ledger,
            pricePerMillion: params.pricePerMillion,
            application: params.application,
            meterId: params.meterId
        });

        emit OfferCreated(offerId, capsuleId, termsId, params);
    }

    /// @inheritdoc ITermsRegistry
    function publish(
        ICapsuleRegistry.Registration calldata registration,
        Terms calldata terms,
        OfferParams calldata params
    ) external returns (uint64 capsuleId, uint64 offerId) {
        capsuleId = CAPSULES.register(msg.sender, registration);
        offerId = _createOffer(capsuleId, register(terms), params);

        emit CapsulePublished(capsuleId, offerId, msg.sender);
    }

    /// @inheritdoc ITermsRegistry
    function retireOffer(uint64 offerId) external {
        Offer memory offer = offerOf(offerId);
        _checkCapsuleOwner(offer.capsuleId);
        if (offer.retired) revert OfferAlreadyRetired(offerId);

        _offers[offerId].retired = true;

        emit OfferRetired(offerId);
    }

    // Governing ledgers

    /// @inheritdoc ITermsRegistry
    function admitLedger(address ledger) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (ledger.code.length == 0) revert LedgerNotContract(ledger);
        _moveLedger(ledger, LedgerStatus.Unknown, LedgerStatus.Admitted);
        emit LedgerAdmitted(ledger);
    }

    /// @inheritdoc ITermsRegistry
    function retireLedger(address ledger) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _moveLedger(ledger, LedgerStatus.Admitted, LedgerStatus.Retired);
        emit LedgerRetired(ledger);
    }

    function _moveLedger(address ledger, LedgerStatus from, LedgerStatus to) private {
        LedgerStatus status = ledgerStatus[ledger];
        if (status != from) revert LedgerStatusInvalid(ledger, status);
        ledgerStatus[ledger] = to;
    }

    // Reading

    /// @inheritdoc ITermsRegistry
    function conditionsOf(bytes32 termsId) external view returns (Conditions memory conditions) {
        conditions = _conditions[termsId];
        if (conditions.duration == 0) revert TermsNonexistent(termsId);
    }

    /// @inheritdoc ITermsRegistry
    function offerOf(uint64 offerId) public view returns (Offer memory offer) {
        offer = _offers[offerId];
        if (offer.termsId == 0) revert OfferNonexistent(offerId);
    }

    /// @inheritdoc ITermsRegistry
    function offerConditionsOf(uint64 offerId) external view returns (Conditions memory) {
        bytes32 termsId = _offers[offerId].termsId;
        if (termsId == 0) revert OfferNonexistent(offerId);
        return _conditions[termsId];
    }

    /// @inheritdoc ITermsRegistry
    function offerMeteringOf(
        uint64 offerId
    ) external view returns (address ledger, uint32 meterId, Mode mode, uint32 contexts) {
        Offer storage offer = _offers[offerId];
        bytes32 termsId = offer.termsId;
        if (termsId == 0) revert OfferNonexistent(offerId);
        return (offer.ledger, offer.meterId, offer.mode, _conditions[termsId].contexts);
    }

    /// @inheritdoc ITermsRegistry
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
        )
    {
        Offer storage offer = _offers[offerId];
        if (offer.termsId == 0) revert OfferNonexistent(offerId);
        return (
            offer.ledger,
            offer.capsuleId,
            offer.currency,
            offer.pricePerMillion,
            offer.application,
            offer.sector
        );
    }

    /// @inheritdoc ITermsRegistry
    function offerForSale(
        uint64 offerId
    ) external view returns (address currency, uint96 pricePerMillion, Conditions memory conditions) {
        Offer storage offer = _offers[offerId];
        bytes32 termsId = offer.termsId;
        if (termsId == 0) revert OfferNonexistent(offerId);
        if (!_isForSale(offer)) revert OfferNotForSale(offerId);
        (currency, pricePerMillion) = (offer.currency, offer.pricePerMillion);
        conditions = _conditions[termsId];
    }

    function _isForSale(Offer storage offer) private view returns (bool) {
        return !offer.retired && ledgerStatus[offer.ledger] == LedgerStatus.Admitted;
    }

    /// @inheritdoc ITermsRegistry
    function isForSale(uint64 offerId) external view returns (bool) {
        return _isForSale(_offers[offerId]);
    }
}
