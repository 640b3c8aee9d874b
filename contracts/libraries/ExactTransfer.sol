// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice ERC-20 payments to this contract, exact to the base unit.
/// @dev Refuses fees on transfer, and other changes of this contract's balance during the transfer.
library ExactTransfer {
    using SafeERC20 for IERC20;

    error TransferAmountMismatch(address token, uint256 expected, uint256 received);

    /// @notice Takes `amount` from an account's allowance, or reverts with `TransferAmountMismatch`.
    function collect(address token, address from, uint256 amount) internal {
        uint256 balance = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        checkReceived(token, balance, amount);
    }

    /// @notice Reverts with `TransferAmountMismatch` unless exactly `amount` arrived since the balance was `balance`.
    function checkReceived(address token, uint256 balance, uint256 amount) internal view {
        uint256 received = Math.saturatingSub(IERC20(token).balanceOf(address(this)), balance);
        if (received != amount) revert TransferAmountMismatch(token, amount, received);
    }
}
