// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

// Seconds to queue a passed proposal, and seconds to execute an operation after its delay. Then it expires.
uint256 constant EXECUTION_PERIOD = 14 days;

/// @notice Executor of the DAO's operations, and holder of its roles. OpenZeppelin's, except that operations expire.
contract GridTimelock is TimelockController {
    /// @notice Seconds to execute an operation after its delay.
    uint256 public constant GRACE = EXECUTION_PERIOD;

    /// @param minDelay seconds that an operation waits, at least
    /// @param proposers accounts that schedule and cancel operations
    /// @param executors accounts that execute them; zero stands for everybody
    /// @param admin further holder of the admin role, which should renounce it, or zero
    constructor(
        uint256 minDelay,
        address[] memory proposers,
        address[] memory executors,
        address admin
    ) TimelockController(minDelay, proposers, executors, admin) {}

    /// @inheritdoc TimelockController
    /// @dev `Waiting` from `GRACE` after the delay on: an expired operation can be canceled, but never executed or
    ///      scheduled again. Everybody executes here, so the governor alone could not refuse.
    function getOperationState(bytes32 id) public view override returns (OperationState state) {
        state = super.getOperationState(id);
        if (state == OperationState.Ready && block.timestamp > getTimestamp(id) + GRACE)
            return OperationState.Waiting;
    }
}
