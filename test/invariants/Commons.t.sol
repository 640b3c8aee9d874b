// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Handler} from "../utils/Handler.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {ChampionHandler} from "./commons/ChampionHandler.sol";

/// @dev In the test's own file: the runner knows no other file's contracts when it runs this one only.
contract CommonsActor is ChampionHandler {}

/// @notice The laws of vaults and champions, for any actions in any order.
contract CommonsInvariantTest is InvariantTest {
    uint256 private constant STEPS = 3_000;

    CommonsActor private _handler;

    function setUp() public {
        _handler = CommonsActor(deploy("test/invariants/Commons.t.sol:CommonsActor", ""));
    }

    function _target() internal view override returns (Handler) {
        return _handler;
    }

    /// @dev One campaign for all laws: the runner would repeat the walk for each.
    function invariant_ProceedsAreInVaultsOrReleased() public view {
        _checkLaws();
    }

    function _checkLaws() internal view override {
        _handler.checkVaults();
        _handler.checkChampions();
    }

    function test_EverythingHappensOnALongWalk() public {
        _walk(0, STEPS, 50);
        _handler.checkOutcomes();
    }
}
