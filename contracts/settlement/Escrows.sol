// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {Price} from "../libraries/Price.sol";
import {Collector} from "./Collector.sol";
import {ISettlementRouter} from "./ISettlementRouter.sol";
import {Legs} from "./Legs.sol";
import {Payments} from "./Payments.sol";

/// @notice The part of the settlement router about escrow of offers: deposit, release, refund and sweep. It also sets the
///         shares of applications and sectors in the platform's leg.
abstract contract Escrows is Payments, AccessControl {
    using SafeCast for uint256;

    uint256 internal constant BPS = 10_000;
    uint16 internal constant MAX_APPLICATION_SHARE_BPS = 5_000;
    uint16 internal constant MAX_SECTOR_SHARE_BPS = 5_000;

    ITermsRegistry public immutable TERMS;

    address public licenses;
    uint16 public applicationShareBps;
    mapping(uint16 sector => SectorShare) private _sectorShares;
    mapping(uint64 offerId => Escrow) private _escrows;

    constructor(ITermsRegistry terms) {
        TERMS = terms;
    }

    // Depositing

    /// @inheritdoc ISettlementRouter
    function deposit(
        Deposit calldata order,
        bytes calldata authorization
    ) external nonReentrant returns (address payer) {
        _checkLicenses();
        payer = order.amount == 0 ? order.caller : Collector.payerOf(order.caller, authorization);

        Escrow storage escrow = _escrows[order.offerId];
        (escrow.balance, escrow.openUnits) = (
            (uint256(escrow.balance) + order.amount).toUint120(),
            escrow.openUnits + order.units
        );

        emit Deposited(order.offerId, payer, order.amount, order.units);

        if (order.amount != 0)
            Collector.collect(order.token, payer, order.amount, order.purpose, authorization);
    }

    function _checkLicenses() private view {
        if (msg.sender != licenses) revert CallerNotLicenses(msg.sender);
    }

    // Releasing

    /// @inheritdoc ISettlementRouter
    function release(uint64 offerId, uint128 units, address computePayee) external nonReentrant {
        (
            address ledger,
            uint64 capsuleId,
            address currency,
            uint96 price,
            address application,
            uint16 sector
        ) = TERMS.offerPaymentOf(offerId);
        if (ledger != msg.sender) revert CallerNotOfferLedger(offerId, msg.sender);
        uint256 amount = _takePrice(offerId, units, price);
        uint32 version = CAPSULES.currentSharesVersion(capsuleId);

        Account storage account = _accounts[capsuleId][version][currency];
        uint256 total = account.revenue.total;
        (uint256 compute, uint256 platform) = Legs.ofPayment(total, amount);
        account.revenue.total = (total + amount).toUint120();
        withdrawable[computePayee][currency] += compute;
        (uint256 toApplication, uint256 toSector) = _sharePlatform(
            account,
            application,
            sector,
            currency,
            platform
        );

        emit Released(
            offerId,
            capsuleId,
            computePayee,
            version,
            units,
            amount,
            compute,
            toApplication,
            toSector
        );
    }

    function _takePrice(uint64 offerId, uint128 units, uint96 price) private returns (uint256 amount) {
        Escrow storage escrow = _escrows[offerId];
        uint24 carry;
        (amount, carry) = Price.carried(units, price, escrow.carry);
        (escrow.balance, escrow.carry) = (_balanceWithout(offerId, amount), carry);
    }

    function _balanceWithout(uint64 offerId, uint256 amount) private view returns (uint120) {
        uint256 balance = _escrows[offerId].balance;
        if (amount > balance) revert EscrowInsufficientBalance(offerId, balance, amount);
        return uint120(balance - amount);
    }

    /// @dev The parts of application and sector count as taken by earner 0, the platform.
    function _sharePlatform(
        Account storage account,
        address application,
        uint16 sector,
        address currency,
        uint256 platform
    ) private returns (uint256 toApplication, uint256 toSector) {
        if (application != address(0) && application != address(this))
            toApplication = _payPart(application, currency, platform, applicationShareBps);
        SectorShare storage share = _sectorShares[sector];
        uint16 bps = share.bps;
        if (bps != 0) toSector = _payPart(share.account, currency, platform - toApplication, bps);
        if (toApplication + toSector != 0) account.taken[0] += toApplication + toSector;
    }

    /// @dev Rounds down, in favor of the Commons.
    function _payPart(
        address payee,
        address currency,
        uint256 amount,
        uint16 bps
    ) private returns (uint256 part) {
        part = (amount * bps) / BPS;
        withdrawable[payee][currency] += part;
    }

    // Refunding and sweeping

    /// @inheritdoc ISettlementRouter
    function refund(uint64 offerId, address account, uint64 units, uint128 amount) external nonReentrant {
        _checkLicenses();
        Escrow storage escrow = _escrows[offerId];
        (escrow.balance, escrow.openUnits) = (_balanceWithout(offerId, amount), escrow.openUnits - units);
        withdrawable[account][TERMS.offerOf(offerId).currency] += amount;

        emit Refunded(offerId, account, amount, units);
    }

    /// @inheritdoc ISettlementRouter
    function sweep(uint64 offerId) external nonReentrant {
        ITermsRegistry.Offer memory offer = TERMS.offerOf(offerId);
        Escrow memory escrow = _escrows[offerId];
        if (TERMS.isForSale(offerId)) revert EscrowOfferForSale(offerId);
        (uint256 held, ) = Price.carried(escrow.openUnits, offer.pricePerMillion, escrow.carry);
        if (escrow.balance <= held) revert EscrowNothingToSweep(offerId, escrow.balance, held);

        uint256 amount = escrow.balance - held;
        uint32 version = CAPSULES.currentSharesVersion(offer.capsuleId);
        _escrows[offerId].balance = uint120(held);
        _accruePayment(offer.capsuleId, version, offer.currency, amount);

        emit EscrowSwept(offerId, offer.capsuleId, version, amount);
    }

    // Governing

    /// @inheritdoc ISettlementRouter
    function setApplicationShare(uint16 bps) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (bps > MAX_APPLICATION_SHARE_BPS) revert ApplicationShareTooHigh(bps, MAX_APPLICATION_SHARE_BPS);
        applicationShareBps = bps;
        emit ApplicationShareSet(bps);
    }

    /// @inheritdoc ISettlementRouter
    function setSectorShare(
        uint16 sector,
        address account,
        uint16 bps
    ) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (bps > MAX_SECTOR_SHARE_BPS) revert SectorShareTooHigh(sector, bps, MAX_SECTOR_SHARE_BPS);
        if (bps != 0 && (account == address(0) || account == address(this)))
            revert SectorShareAccountInvalid(sector, account);
        _sectorShares[sector] = SectorShare(account, bps);
        emit SectorShareSet(sector, account, bps);
    }

    /// @inheritdoc ISettlementRouter
    function setLicenses(address newLicenses) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (newLicenses == address(0)) revert LicensesZero();
        if (licenses != address(0)) revert LicensesAlreadySet(licenses);
        licenses = newLicenses;
        emit LicensesSet(newLicenses);
    }

    // Reading

    /// @inheritdoc ISettlementRouter
    function sectorShareOf(uint16 sector) external view returns (SectorShare memory) {
        return _sectorShares[sector];
    }

    /// @inheritdoc ISettlementRouter
    function escrowOf(uint64 offerId) external view returns (Escrow memory) {
        return _escrows[offerId];
    }
}
