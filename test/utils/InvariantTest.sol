// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "./Test.sol";

/// @dev Handlers count their actions by an enum.
interface ICounts {
    function count(uint8 action) external view returns (uint256);
}

/// @notice Configures the invariant runner to call the functions of one handler.
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

    /// @dev A deterministic walk, long enough for every action to happen often.
    /// @param steps number of actions
    /// @param every number of steps between two checks of the laws
    function _walk(uint256 steps, uint256 every) internal {
        bytes4[] memory selectors = _selectors();
        for (uint256 i; i < steps; ++i) {
            uint256 dice = uint256(keccak256(abi.encode("walk", i)));
            (bool ok, bytes memory reason) = _target().call(
                abi.encodeWithSelector(selectors[dice % selectors.length], keccak256(abi.encode(dice)))
            );
            if (!ok) _bubble(reason);
            if (i % every == every - 1) _checkLaws();
        }
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function _checkHappened(uint256 action, uint256 least) internal view {
        checkAtMost(
            least,
            ICounts(_target()).count(uint8(action)),
            string.concat("Action ", VM.toString(action), " happened on the walk")
        );
    }

    /// @dev Checks the invariants.
    function _checkLaws() internal view virtual;

    /// @dev The handler.
    function _target() internal view virtual returns (address);

    /// @dev The handler's actions. One listed twice happens twice as often.
    function _selectors() internal pure virtual returns (bytes4[] memory);
}
