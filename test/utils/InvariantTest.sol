// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "./Test.sol";

/// @notice Tells the runner of invariants what to call: the functions of one handler.
abstract contract InvariantTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = _target();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(_target(), _selectors());
    }

    /// @dev The handler.
    function _target() internal view virtual returns (address);

    /// @dev What is listed twice happens twice as often.
    function _selectors() internal pure virtual returns (bytes4[] memory);
}
