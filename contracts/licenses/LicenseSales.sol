// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Price} from "../libraries/Price.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {IERC7858} from "./IERC7858.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";
import {Licenses} from "./Licenses.sol";

/// @notice The part of the license contract that sells licenses, units and terms.
abstract contract LicenseSales is Licenses {
    // Buying

    /// @inheritdoc ILicenseNFT
    function mint(
        MintParams calldata params,
        bytes calldata authorization
    ) external returns (uint64 licenseId) {
        if (params.units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.mint.selector, params));
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            params.offerId,
            params.units,
            1,
            params.maxPrice,
            purpose
        );
        _checkUnits(params.units, terms.maxUnits);

        uint40 expiry = _later(block.timestamp, terms.duration);
        licenseId = _issue(params.offerId, params.to, params.signer, params.units, expiry);

        _pay(order, authorization);
    }

    function _checkUnits(uint256 units, uint48 maxUnits) internal pure {
        if (units > maxUnits) revert LicenseUnitsExceedTerms(units, maxUnits);
    }

    function _issue(
        uint64 offerId,
        address to,
        address signer,
        uint64 units,
        uint40 expiry
    ) private returns (uint64 licenseId) {
        licenseId = ++lastLicenseId;
        bool keyed = signer != address(0);
        _licenses[licenseId] = License(offerId, units, expiry, uint48(units), false, keyed, false);
        if (keyed) _keys[licenseId].signer = signer;
        _mint(to, licenseId);

        emit LicenseMinted(licenseId, offerId, to, signer, units, expiry);
        emit IERC7858.TokenExpiryUpdated(licenseId, 0, expiry);
    }

    function _pay(
        ISettlementRouter.Deposit memory order,
        bytes calldata authorization
    ) internal returns (address payer) {
        return ROUTER.deposit(order, authorization);
    }

    /// @inheritdoc ILicenseNFT
    function mintBatch(
        BatchParams calldata params,
        bytes calldata authorization
    ) external returns (uint64 firstLicenseId) {
        if (params.units == 0) revert LicenseUnitsZero();
        if (params.to.length == 0) revert LicenseRecipientsEmpty();
        bytes32 purpose = keccak256(abi.encode(this.mintBatch.selector, params));
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            params.offerId,
            params.units,
            params.to.length,
            params.maxPrice,
            purpose
        );
        _checkUnits(params.units, terms.maxUnits);
        // Nobody can mint so many licenses at once that 64 bits do not hold their units.
        order.units *= uint64(params.to.length);

        firstLicenseId = lastLicenseId + 1;
        uint40 expiry = _later(block.timestamp, terms.duration);
        for (uint256 i; i < params.to.length; ++i)
            _issue(params.offerId, params.to[i], address(0), params.units, expiry);

        _pay(order, authorization);
    }

    /// @param count licenses of `units` units each. Each has its own price, rounded up: each is refunded on its own.
    /// @return order with the price of all, and the units of one
    function _quote(
        uint64 offerId,
        uint64 units,
        uint256 count,
        uint128 maxPrice,
        bytes32 purpose
    ) internal view returns (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) {
        address currency;
        uint96 pricePerMillion;
        (currency, pricePerMillion, terms) = TERMS.offerForSale(offerId);
        uint256 price = count * Price.roundedUp(units, pricePerMillion);
        if (price > maxPrice) revert LicensePriceExceedsMaximum(price, maxPrice);
        order = ISettlementRouter.Deposit(offerId, units, currency, uint128(price), msg.sender, purpose);
    }

    /// @dev Saturates at `type(uint40).max`.
    function _later(uint256 start, uint256 duration) private pure returns (uint40) {
        return uint40(Math.min(start + duration, type(uint40).max));
    }

    /// @inheritdoc ILicenseNFT
    function topUp(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external {
        if (units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.topUp.selector, licenseId, units, maxPrice));
        License storage self = _continuing(licenseId);
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            self.offerId,
            units,
            1,
            maxPrice,
            purpose
        );
        _addUnits(licenseId, units, self.bought, terms.maxUnits);
        if (order.amount == 0 && msg.sender != ownerOf(licenseId))
            revert LicensePayerNotHolder(licenseId, msg.sender);

        emit LicenseToppedUp(licenseId, units);
        emit IERC4906.MetadataUpdate(licenseId);

        _pay(order, authorization);
    }

    /// @dev Reverts if the license is closing or past its settlement window.
    function _continuing(uint64 licenseId) internal view returns (License storage self) {
        _requireOwned(licenseId);
        self = _licenses[licenseId];
        if (self.closing) revert LicenseEnded(licenseId);
        _checkWindow(licenseId, self.expiry);
    }

    /// @param bought units bought in this term before
    function _addUnits(uint64 licenseId, uint64 units, uint256 bought, uint48 maxUnits) private {
        License storage self = _licenses[licenseId];
        bought += units;
        _checkUnits(bought, maxUnits);
        uint256 prepaid = uint256(self.prepaid) + units;
        if (prepaid > type(uint64).max) revert LicenseUnitsOverflow(licenseId, prepaid);

        (self.prepaid, self.bought) = (uint64(prepaid), uint48(bought));
    }

    /// @inheritdoc ILicenseNFT
    function renew(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external {
        if (units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.renew.selector, licenseId, units, maxPrice));
        ISettlementRouter.Deposit memory order = _startTerm(
            licenseId,
            units,
            maxPrice,
            purpose,
            block.timestamp
        );
        address holder = ownerOf(licenseId);
        address payer = _pay(order, authorization);
        if (payer != holder) revert LicensePayerNotHolder(licenseId, payer);
    }

    /// @param start of the new term
    function _startTerm(
        uint64 licenseId,
        uint64 units,
        uint128 maxPrice,
        bytes32 purpose,
        uint256 start
    ) internal returns (ISettlementRouter.Deposit memory order) {
        License storage self = _continuing(licenseId);
        ITermsRegistry.Conditions memory terms;
        (order, terms) = _quote(self.offerId, units, 1, maxPrice, purpose);
        // Else a loop of renewals could buy any number of units.
        uint256 renewableFrom = self.expiry - terms.duration / 2;
        if (block.timestamp < renewableFrom) revert LicenseRenewalEarly(licenseId, renewableFrom);
        _addUnits(licenseId, units, 0, terms.maxUnits);
        uint40 expiry = _later(start, terms.duration);
        self.expiry = expiry;

        emit LicenseRenewed(licenseId, units, expiry);
        _emitExpiry(licenseId, expiry);
    }
}
