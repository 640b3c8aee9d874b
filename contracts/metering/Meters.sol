// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {IUsageLedger} from "./IUsageLedger.sol";

/// @notice The part of the usage ledger about meters: their owners, operators and payees, and their payment.
abstract contract Meters is IUsageLedger {
    ISettlementRouter public immutable ROUTER;

    uint32 public lastMeterId;
    mapping(uint32 meterId => Meter) private _meters;

    constructor(ISettlementRouter router) {
        ROUTER = router;
    }

    // Registering

    /// @inheritdoc IUsageLedger
    function registerMeter(
        address operator,
        address payee,
        string calldata endpoint
    ) external returns (uint32 meterId) {
        meterId = ++lastMeterId;
        _meters[meterId].owner = msg.sender;

        emit MeterTransferred(meterId, address(0), msg.sender);

        _setMeter(meterId, operator, payee, endpoint);
    }

    function _setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) private {
        if (operator == address(0) || payee == address(0)) revert MeterAccountZero();
        if (payee == address(ROUTER)) revert MeterPayeeRouter(meterId);

        (_meters[meterId].operator, _meters[meterId].payee) = (operator, payee);

        emit MeterSet(meterId, operator, payee, endpoint);
    }

    /// @inheritdoc IUsageLedger
    function setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) external {
        _checkOwner(meterId);
        _setMeter(meterId, operator, payee, endpoint);
    }

    function _checkOwner(uint32 meterId) private view {
        if (_meters[meterId].owner != msg.sender) revert CallerNotMeterOwner(meterId, msg.sender);
    }

    // Handing over

    /// @inheritdoc IUsageLedger
    function transferMeter(uint32 meterId, address newOwner) external {
        _checkOwner(meterId);

        _meters[meterId].pendingOwner = newOwner;

        emit MeterTransferStarted(meterId, msg.sender, newOwner);
    }

    /// @inheritdoc IUsageLedger
    function acceptMeter(uint32 meterId) external {
        Meter storage self = _meters[meterId];
        if (self.pendingOwner != msg.sender) revert CallerNotMeterPendingOwner(meterId, msg.sender);
        address previous = self.owner;

        (self.owner, self.pendingOwner) = (msg.sender, address(0));

        emit MeterTransferred(meterId, previous, msg.sender);
    }

    // For the other parts

    function _checkOperator(uint32 meterId) internal view {
        if (_meters[meterId].operator != msg.sender) revert CallerNotMeterOperator(meterId, msg.sender);
    }

    function _payeeOf(uint32 meterId) internal view returns (address) {
        return _meters[meterId].payee;
    }

    // Paying

    /// @dev Names the offer, so that a meter knows which one to leave out. An empty reason is not the offer's fault:
    ///      mostly, gas ran out.
    function _release(uint64 offerId, uint128 units, address payee) internal {
        try ROUTER.release(offerId, units, payee) {} catch (bytes memory reason) {
            if (reason.length != 0) revert ReleaseFailed(offerId, reason);
            assembly ("memory-safe") {
                revert(0, 0)
            }
        }
    }

    // Reading

    /// @inheritdoc IUsageLedger
    function meterOf(uint32 meterId) external view returns (Meter memory) {
        return _meters[meterId];
    }
}
