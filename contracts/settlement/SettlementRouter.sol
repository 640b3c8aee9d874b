// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {ITermsRegistry} from "../licenses/ITermsRegistry.sol";
import {Earner, Units} from "../libraries/Earner.sol";
import {Price} from "../libraries/Price.sol";
import {Collector} from "./Collector.sol";
import {ISettlementRouter} from "./ISettlementRouter.sol";
import {Legs} from "./Legs.sol";

/// @notice Pays capsules: escrow of offers, exact 40/30/20/10 legs, claims of any number of beneficiaries.
contract SettlementRouter is ISettlementRouter, AccessControl, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 internal constant BPS = 10_000;
    uint16 internal constant MAX_APPLICATION_SHARE_BPS = 5_000;
    uint16 internal constant MAX_SECTOR_SHARE_BPS = 5_000;

    ICapsuleRegistry public immutable CAPSULES;
    ITermsRegistry public immutable TERMS;
    address public immutable COMMONS;

    address public licenses;
    uint16 public applicationShareBps;
    mapping(address account => mapping(address token => uint256)) public withdrawable;
    mapping(uint16 sector => SectorShare) private _sectorShares;
    mapping(uint64 offerId => Escrow) private _escrows;
    mapping(uint64 capsuleId => mapping(uint32 sharesVersion => mapping(address token => Account)))
        private _accounts;

    /// @dev Revenue, and the part taken by each earner. Two earners share a word: neighbors are often claimed together.
    struct Account {
        Revenue revenue;
        mapping(uint256 pair => uint256) taken;
    }

    /// @param capsules the paid capsules, their shares and their earners
    /// @param terms the offers to hold escrow for
    /// @param commons earns the platform's part
    /// @param admin first holder of the admin role; the timelock holds it in the end
    constructor(ICapsuleRegistry capsules, ITermsRegistry terms, address commons, address admin) {
        CAPSULES = capsules;
        TERMS = terms;
        COMMONS = commons;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    // Paying a capsule

    /// @inheritdoc ISettlementRouter
    function pay(
        uint64 capsuleId,
        address token,
        uint128 amount,
        bytes calldata authorization
    ) external nonReentrant {
        if (amount == 0) revert PaymentZero();
        if (token.code.length == 0) revert PaymentTokenNotContract(token);
        uint32 version = CAPSULES.currentSharesVersion(capsuleId);

        address payer = Collector.payerOf(msg.sender, authorization);

        _accruePayment(capsuleId, version, token, amount);

        emit Paid(capsuleId, payer, token, version, amount);

        bytes32 purpose;
        if (authorization.length != 0)
            purpose = keccak256(abi.encode(this.pay.selector, capsuleId, token, amount));
        Collector.collect(token, payer, amount, purpose, authorization);
    }

    /// @dev A direct payment has no meter: the compute rows earn its compute leg.
    function _accruePayment(uint64 capsuleId, uint32 version, address token, uint256 amount) private {
        Revenue storage revenue = _accounts[capsuleId][version][token].revenue;
        uint256 total = revenue.total;
        (uint256 compute, ) = Legs.ofPayment(total, amount);
        (revenue.total, revenue.computeAccrued) = (
            (total + amount).toUint120(),
            (revenue.computeAccrued + compute).toUint120()
        );
    }

    // Escrow

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

    // Claiming

    /// @inheritdoc ISettlementRouter
    function claim(Claim[] calldata claims) external nonReentrant {
        for (uint256 i; i < claims.length; ++i) _claimRange(claims[i]);
    }

    function _claimRange(Claim calldata range) private {
        address token = range.token;
        (Earner[] memory earners, uint256[] memory amounts) = _takeRange(range, false);

        emit Claimed(range.capsuleId, range.sharesVersion, token, range.first, amounts);

        for (uint256 i; i < amounts.length; ++i) {
            uint256 amount = amounts[i];
            if (amount != 0) IERC20(token).safeTransfer(earners[i].account(), amount);
        }
    }

    /// @dev Marks earnings as taken and returns the new amounts. Only accounts take, or only capsules: 0 for the
    ///      others. The router itself takes nothing: it could not pay it on.
    function _takeRange(
        Claim calldata range,
        bool byCapsules
    ) private returns (Earner[] memory earners, uint256[] memory amounts) {
        Account storage account = _accounts[range.capsuleId][range.sharesVersion][range.token];
        Units units;
        (earners, units) = _earnersOf(range);
        uint256[4] memory roles = _roleRevenue(account.revenue);
        amounts = new uint256[](earners.length);
        (uint256 first, uint256 count, uint256 pair) = (range.first, amounts.length, 0);
        for (uint256 i; i < count; ++i) {
            uint256 number = first + i;
            if (number % 2 == 0 || i == 0) pair = account.taken[number / 2];
            Earner earner = earners[i];
            if (earner.isCapsule() == byCapsules && earner.account() != address(this)) {
                uint256 shift = (number % 2) * 128;
                uint256 amount = _share(earner, roles, units) - uint128(pair >> shift);
                pair += amount << shift;
                amounts[i] = amount;
            }
            if (number % 2 == 1 || i + 1 == count) account.taken[number / 2] = pair;
        }
    }

    function _earnersOf(Claim calldata range) private view returns (Earner[] memory earners, Units units) {
        uint256 first = range.first;
        (earners, units) = CAPSULES.earnersOf(range.capsuleId, range.sharesVersion, first, range.count);
        if (first == 0 && earners.length != 0) earners[0] = earners[0].withAccount(COMMONS);
    }

    /// @dev Cumulative earnings of each role, by `ICapsuleRegistry.Role`, without the compute legs paid to meters.
    function _roleRevenue(Revenue storage revenue) private view returns (uint256[4] memory) {
        (uint256 data, uint256 model, , uint256 platform) = Legs.ofTotal(revenue.total);
        if (revenue.inbound) {
            data += revenue.inboundData;
            model += revenue.inboundModel;
        }
        return [data, model, revenue.computeAccrued, platform];
    }

    /// @dev Cumulative earnings of one earner, rounded down.
    function _share(Earner earner, uint256[4] memory roles, Units units) private pure returns (uint256) {
        uint256 role = earner.role();
        // Below 2^121 times 2^64; each role has units.
        unchecked {
            return (roles[role] * earner.units()) / units.ofRole(role);
        }
    }

    /// @inheritdoc ISettlementRouter
    function passOn(Claim[] calldata claims) external nonReentrant {
        for (uint256 i; i < claims.length; ++i) _passOnRange(claims[i]);
    }

    function _passOnRange(Claim calldata range) private {
        (Earner[] memory earners, uint256[] memory amounts) = _takeRange(range, true);
        for (uint256 i; i < amounts.length; ++i) {
            if (amounts[i] != 0) _passOn(range, range.first + i, earners[i], amounts[i]);
        }
    }

    function _passOn(Claim calldata range, uint256 number, Earner earner, uint256 amount) private {
        (address token, uint64 target) = (range.token, earner.capsuleId());
        uint32 version = CAPSULES.currentSharesVersion(target);

        _accrueInbound(_accounts[target][version][token].revenue, earner.role(), amount);

        emit PassedOn(range.capsuleId, token, target, range.sharesVersion, number, version, amount);
    }

    /// @dev No split: the platform's part was taken at entry, and revenue from another capsule stays in its role.
    function _accrueInbound(Revenue storage revenue, uint256 role, uint256 amount) private {
        if (role == uint256(ICapsuleRegistry.Role.Compute)) {
            revenue.computeAccrued = (revenue.computeAccrued + amount).toUint120();
            return;
        }
        revenue.inbound = true;
        if (role == uint256(ICapsuleRegistry.Role.Data)) {
            revenue.inboundData = (revenue.inboundData + amount).toUint120();
        } else {
            revenue.inboundModel = (revenue.inboundModel + amount).toUint120();
        }
    }

    /// @inheritdoc ISettlementRouter
    function withdraw(address account, address token) external nonReentrant returns (uint256 amount) {
        amount = withdrawable[account][token];
        if (amount == 0 || account == address(this)) return 0;

        withdrawable[account][token] = 0;

        emit Withdrawn(account, token, amount);

        IERC20(token).safeTransfer(account, amount);
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

    /// @inheritdoc ISettlementRouter
    function revenueOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token
    ) external view returns (Revenue memory) {
        return _accounts[capsuleId][sharesVersion][token].revenue;
    }

    /// @inheritdoc ISettlementRouter
    function takenOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token,
        uint256 earner
    ) public view returns (uint128) {
        return uint128(_accounts[capsuleId][sharesVersion][token].taken[earner / 2] >> ((earner % 2) * 128));
    }

    /// @inheritdoc ISettlementRouter
    function claimable(
        Claim calldata range
    )
        external
        view
        returns (uint256[] memory amounts, address[] memory accounts, uint64[] memory capsuleIds)
    {
        (Earner[] memory earners, Units units) = _earnersOf(range);
        uint256[4] memory roles = _roleRevenue(
            _accounts[range.capsuleId][range.sharesVersion][range.token].revenue
        );
        amounts = new uint256[](earners.length);
        accounts = new address[](earners.length);
        capsuleIds = new uint64[](earners.length);
        for (uint256 i; i < earners.length; ++i) {
            uint256 taken = takenOf(range.capsuleId, range.sharesVersion, range.token, range.first + i);
            (accounts[i], capsuleIds[i]) = (earners[i].account(), earners[i].capsuleId());
            if (accounts[i] != address(this)) amounts[i] = _share(earners[i], roles, units) - taken;
        }
    }
}
