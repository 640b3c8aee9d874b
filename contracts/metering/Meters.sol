// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IUsageLedger} from "./IUsageLedger.sol";

/// @notice The part of the usage ledger about meters: their operators and payees.
abstract contract Meters is IUsageLedger {
    uint32 public lastMeterId;
    mapping(uint32 meterId => Meter) private _meters;

    // Registering

    /// @inheritdoc IUsageLedger
    function registerMeter(address payee, string calldata endpoint) external returns (uint32 meterId) {
        meterId = ++lastMeterId;
        _setMeter(meterId, msg.sender, payee, endpoint);
    }

    /// @inheritdoc IUsageLedger
    function setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) external {
        _checkOperator(meterId);
        _setMeter(meterId, operator, payee, endpoint);
    }

    function _setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) private {
        if (operator == address(0) || payee == address(0)) revert MeterAccountZero();

        _meters[meterId] = Meter(operator, payee);

        emit MeterSet(meterId, operator, payee, endpoint);
    }

    // For the other parts

    function _checkOperator(uint32 meterId) internal view {
        if (_meters[meterId].operator != msg.sender) revert CallerNotMeterOperator(meterId, msg.sender);
    }

    function _payeeOf(uint32 meterId) internal view returns (address) {
        return _meters[meterId].payee;
    }

    // Reading

    /// @inheritdoc IUsageLedger
    function meterOf(uint32 meterId) external view returns (Meter memory) {
        return _meters[meterId];
    }
}
