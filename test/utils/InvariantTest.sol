// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Handler} from "./Handler.sol";
import {Test} from "./Test.sol";

/// @notice Tells the runner of invariants to call the functions of one handler.
abstract contract InvariantTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_target());
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_target()), _target().selectors());
    }

    /// @dev The same steps every time, from step `from` to the one before step `to`.
    /// @param every number of steps from one check of the laws to the next
    function _walk(uint256 from, uint256 to, uint256 every) internal {
        bytes4[] memory selectors = _target().selectors();
        for (uint256 i = from; i < to; ++i) {
            uint256 dice = uint256(keccak256(abi.encode("walk", i)));
            (bool ok, bytes memory reason) = address(_target()).call(
                abi.encodeWithSelector(selectors[dice % selectors.length], keccak256(abi.encode(dice)))
            );
            if (!ok) bubble(reason);
            if (i % every == every - 1) _checkLaws();
        }
    }

    /// @dev The laws hold after each step.
    function _checkLaws() internal view virtual;

    function _target() internal view virtual returns (Handler);
}
