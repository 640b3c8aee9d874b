// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";
import {LicenseSales} from "./LicenseSales.sol";

/// @notice The part of the license contract that renews licenses by subscription.
abstract contract LicenseSubscriptions is LicenseSales {
    mapping(uint256 licenseId => Subscription) private _subscriptions;

    // Subscribing

    /// @inheritdoc ILicenseNFT
    function subscribe(uint64 licenseId, uint64 units, uint128 maxPrice) external {
        _checkHolder(licenseId);
        if (units == 0) revert LicenseUnitsZero();
        License storage self = _continuing(licenseId);
        (, ITermsRegistry.Conditions memory terms) = _quote(self.offerId, units, 1, maxPrice, 0);
        _checkUnits(units, terms.maxUnits);

        _subscriptions[licenseId] = Subscription(units, maxPrice);

        emit LicenseSubscribed(licenseId, units, maxPrice);
    }

    /// @inheritdoc ILicenseNFT
    function cancelSubscription(uint64 licenseId) external {
        _checkHolder(licenseId);
        if (!_endSubscription(licenseId)) revert LicenseNotSubscribed(licenseId);
    }

    function _endSubscription(uint64 licenseId) internal returns (bool wasSubscribed) {
        wasSubscribed = _subscriptions[licenseId].units != 0;
        if (!wasSubscribed) return false;

        delete _subscriptions[licenseId];

        emit LicenseUnsubscribed(licenseId);
    }

    /// @inheritdoc ILicenseNFT
    function renewSubscription(uint64 licenseId) external {
        address holder = _requireOwned(licenseId);
        Subscription memory plan = _subscriptions[licenseId];
        if (plan.units == 0) revert LicenseNotSubscribed(licenseId);

        // From the end of the last term: else an early renewal would cost the holder the rest of it.
        uint256 start = Math.max(_licenses[licenseId].expiry, block.timestamp);
        ISettlementRouter.Deposit memory order = _startTerm(licenseId, plan.units, plan.maxPrice, 0, start);
        order.caller = holder;

        // No authorization: the holder's allowance pays.
        _pay(order, msg.data[:0]);
    }

    /// @inheritdoc ILicenseNFT
    function subscriptionOf(uint64 licenseId) external view returns (Subscription memory plan) {
        _requireOwned(licenseId);
        if (!_licenses[licenseId].closing) plan = _subscriptions[licenseId];
    }
}
