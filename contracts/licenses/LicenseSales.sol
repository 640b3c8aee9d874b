// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Price} from "../libraries/Price.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
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
            params.maxPrice,
            purpose
        );
        if (params.units > terms.maxUnits) revert LicenseUnitsExceedTerms(params.units, terms.maxUnits);

        licenseId = ++lastLicenseId;
        uint40 expiry = _later(terms.duration);
        bool keyed = params.signer != address(0);
        _licenses[licenseId] = License(
            params.offerId,
            params.units,
            expiry,
            uint48(params.units),
            false,
            keyed
        );
        if (keyed) _keys[licenseId].signer = params.signer;
        _mint(params.to, licenseId);

        emit LicenseMinted(licenseId, params.offerId, params.to, params.signer, params.units, expiry);

        ROUTER.deposit(order, authorization);
    }

    function _quote(
        uint64 offerId,
        uint64 units,
        uint128 maxPrice,
        bytes32 purpose
    ) private view returns (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) {
        address currency;
        uint96 pricePerMillion;
        (currency, pricePerMillion, terms) = TERMS.offerForSale(offerId);
        uint256 price = Price.roundedUp(units, pricePerMillion);
        if (price > maxPrice) revert LicensePriceExceedsMaximum(price, maxPrice);
        order = ISettlementRouter.Deposit(offerId, units, currency, uint128(price), msg.sender, purpose);
    }

    /// @dev Saturates at `type(uint40).max`.
    function _later(uint256 duration) private view returns (uint40) {
        return uint40(Math.min(block.timestamp + duration, type(uint40).max));
    }

    /// @inheritdoc ILicenseNFT
    function topUp(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external {
        if (units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.topUp.selector, licenseId, units, maxPrice));
        License storage self = _continuing(licenseId);
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            self.offerId,
            units,
            maxPrice,
            purpose
        );
        _addUnits(licenseId, units, self.bought, terms.maxUnits);
        if (order.amount == 0 && msg.sender != ownerOf(licenseId))
            revert LicensePayerNotHolder(licenseId, msg.sender);

        emit LicenseToppedUp(licenseId, units);

        ROUTER.deposit(order, authorization);
    }

    /// @dev Reverts if the license is closing or past its settlement window.
    function _continuing(uint64 licenseId) private view returns (License storage self) {
        _requireOwned(licenseId);
        self = _licenses[licenseId];
        if (self.closing) revert LicenseEnded(licenseId);
        _checkWindow(licenseId, self.expiry);
    }

    /// @param bought units bought in this term before
    function _addUnits(uint64 licenseId, uint64 units, uint256 bought, uint48 maxUnits) private {
        License storage self = _licenses[licenseId];
        bought += units;
        if (bought > maxUnits) revert LicenseUnitsExceedTerms(bought, maxUnits);
        uint256 prepaid = uint256(self.prepaid) + units;
        if (prepaid > type(uint64).max) revert LicenseUnitsOverflow(licenseId, prepaid);

        (self.prepaid, self.bought) = (uint64(prepaid), uint48(bought));
    }

    /// @inheritdoc ILicenseNFT
    function renew(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external {
        if (units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.renew.selector, licenseId, units, maxPrice));
        License storage self = _continuing(licenseId);
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            self.offerId,
            units,
            maxPrice,
            purpose
        );
        // Else a loop of renewals could buy any number of units.
        uint256 renewableFrom = self.expiry - terms.duration / 2;
        if (block.timestamp < renewableFrom) revert LicenseRenewalEarly(licenseId, renewableFrom);
        address holder = ownerOf(licenseId);
        _addUnits(licenseId, units, 0, terms.maxUnits);
        self.expiry = _later(terms.duration);

        emit LicenseRenewed(licenseId, units, self.expiry);

        address payer = ROUTER.deposit(order, authorization);
        if (payer != holder) revert LicensePayerNotHolder(licenseId, payer);
    }
}
