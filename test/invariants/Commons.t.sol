// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InvariantTest} from "../utils/InvariantTest.sol";
import {CommonsHandler} from "./CommonsHandler.sol";

/// @dev In the test's own file: the runner knows no contracts of other files when it is asked for this one only.
contract CommonsActor is CommonsHandler {}

/// @notice The laws of vaults and champions, whatever people do in whatever order.
contract CommonsInvariantTest is InvariantTest {
    uint256 private constant STEPS = 3_000;

    CommonsActor private _handler;

    function setUp() public {
        _handler = CommonsActor(deploy("test/invariants/Commons.t.sol:CommonsActor", ""));
    }

    // What the runner asks

    function _target() internal view override returns (address) {
        return address(_handler);
    }

    function _selectors() internal pure override returns (bytes4[] memory list) {
        bytes4[25] memory all = [
            CommonsHandler.start.selector,
            CommonsHandler.handOver.selector,
            CommonsHandler.deposit.selector,
            CommonsHandler.deposit.selector,
            CommonsHandler.donate.selector,
            CommonsHandler.assign.selector,
            CommonsHandler.propose.selector,
            CommonsHandler.propose.selector,
            CommonsHandler.withdraw.selector,
            CommonsHandler.release.selector,
            CommonsHandler.release.selector,
            CommonsHandler.release.selector,
            CommonsHandler.claimPlatform.selector,
            CommonsHandler.claimPlatform.selector,
            CommonsHandler.overdraw.selector,
            CommonsHandler.repeat.selector,
            CommonsHandler.admit.selector,
            CommonsHandler.retire.selector,
            CommonsHandler.proposeOperator.selector,
            CommonsHandler.acceptOperator.selector,
            CommonsHandler.replaceOperator.selector,
            CommonsHandler.setRegistrar.selector,
            CommonsHandler.restrict.selector,
            CommonsHandler.setSector.selector,
            CommonsHandler.trespass.selector
        ];
        list = new bytes4[](all.length);
        for (uint256 i; i < all.length; ++i) list[i] = all[i];
    }

    // Laws

    /// @dev One campaign for all laws: the runner would walk anew for each.
    function invariant_ProceedsAreInVaultsOrReleased() public view {
        _checkLaws();
    }

    function _checkLaws() internal view override {
        _handler.checkVaults();
        _handler.checkChampions();
    }

    function test_EverythingHappensOnALongWalk() public {
        _walk(STEPS, 50);
        for (uint256 i; i <= uint256(type(CommonsHandler.Action).max); ++i) _checkHappened(i, 5);
    }
}
