// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Handler} from "../utils/Handler.sol";
import {InvariantTest} from "../utils/InvariantTest.sol";
import {AttackHandler} from "./grid/AttackHandler.sol";
import {CapsuleHandler} from "./grid/CapsuleHandler.sol";
import {DerivativeHandler} from "./grid/DerivativeHandler.sol";
import {LicenseHandler} from "./grid/LicenseHandler.sol";
import {MeteringHandler} from "./grid/MeteringHandler.sol";
import {OfferHandler} from "./grid/OfferHandler.sol";
import {PauseHandler} from "./grid/PauseHandler.sol";
import {SettlementHandler} from "./grid/SettlementHandler.sol";

/// @notice All handlers of the campaign.
/// @dev A new domain adds `grid/<Domain>Handler.sol`: an abstract contract that extends `GridScene`, or another
///      handler to call its functions. Its constructor names its functions with weights (`_add`) and its outcomes (`_expect`), and
///      its functions call `_did`. Then the domain is added to the list below. Its state belongs in `GridModel`, and its
///      laws in `GridLaws` and in `_checkLaws`.
///      The contract is in the test's own file: the runner knows no other file's contracts when it runs this one only.
contract GridActor is
    CapsuleHandler,
    OfferHandler,
    LicenseHandler,
    DerivativeHandler,
    MeteringHandler,
    PauseHandler,
    SettlementHandler,
    AttackHandler
{}

/// @notice The laws of payments, for any actions in any order.
contract GridInvariantTest is InvariantTest {
    uint256 private constant STEPS = 4_200;
    uint256 private constant SLOW_STEPS = 1_400;

    GridActor private _handler;

    function setUp() public {
        _handler = GridActor(deploy("test/invariants/Grid.t.sol:GridActor", ""));
    }

    function _target() internal view override returns (Handler) {
        return _handler;
    }

    /// @dev One campaign for all laws: the runner would repeat the walk for each.
    function invariant_EveryUnitIsWhereTheLawsSay() public view {
        _checkLaws();
    }

    function _checkLaws() internal view override {
        _handler.checkMoney();
        _handler.checkRevenue();
        _handler.checkLicenses();
        _handler.checkHistory();
    }

    function afterInvariant() public view {
        _handler.checkRows();
    }

    /// @dev The first steps wait less, because the council can pause only in the guardian's term.
    function test_EverythingHappensOnALongWalk() public {
        _handler.setSlow(true);
        _walk(0, SLOW_STEPS, 50);
        _handler.setSlow(false);
        _walk(SLOW_STEPS, STEPS, 50);
        _handler.checkRows();
        _handler.checkOutcomes();
    }
}
