// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "./Test.sol";

/// @notice The actions of a campaign of invariants. A handler names its functions in its constructor, each with a
///         weight, and the outcomes to reach on the long walk.
abstract contract Handler is Test {
    bytes4[] private _selectors;
    string[] private _outcomes;
    mapping(string outcome => uint256) private _least;
    mapping(string outcome => uint256) private _count;

    /// @param weight a function of weight 2 is called twice as often as one of weight 1
    function _add(bytes4 selector, uint256 weight) internal {
        for (uint256 i; i < weight; ++i) _selectors.push(selector);
    }

    /// @param least how often the long walk must reach the outcome
    function _expect(string memory outcome, uint256 least) internal {
        check(!_isExpected(outcome) && least != 0, string.concat(outcome, " is expected once"));
        _outcomes.push(outcome);
        _least[outcome] = least;
    }

    function _isExpected(string memory outcome) internal view returns (bool) {
        return _least[outcome] != 0;
    }

    function _did(string memory outcome) internal virtual {
        check(_isExpected(outcome), string.concat(outcome, " is among the expected outcomes"));
        ++_count[outcome];
    }

    /// @notice The functions for the runner to call. A function of weight 2 is listed twice.
    function selectors() external view returns (bytes4[] memory) {
        return _selectors;
    }

    /// @notice Fails unless every outcome was reached often enough.
    function checkOutcomes() external view {
        for (uint256 i; i < _outcomes.length; ++i) {
            string memory outcome = _outcomes[i];
            checkAtMost(_least[outcome], _count[outcome], string.concat("The walk reaches: ", outcome));
        }
    }
}
