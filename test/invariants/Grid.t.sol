// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InvariantTest} from "../utils/InvariantTest.sol";
import {GridHandler} from "./GridHandler.sol";

/// @dev In the test's own file: the runner knows no contracts of other files when it is asked for this one only.
contract Handler is GridHandler {}

/// @notice The laws of payments, whatever people do in whatever order.
contract GridInvariantTest is InvariantTest {
    uint256 private constant STEPS = 4_000;

    Handler private _handler;

    function setUp() public {
        _handler = Handler(deploy("test/invariants/Grid.t.sol:Handler", ""));
    }

    // What the runner asks

    function _target() internal view override returns (address) {
        return address(_handler);
    }

    function _selectors() internal pure override returns (bytes4[] memory list) {
        bytes4[51] memory all = [
            GridHandler.register.selector,
            GridHandler.setShares.selector,
            GridHandler.transferCapsule.selector,
            GridHandler.createOffer.selector,
            GridHandler.retireOffer.selector,
            GridHandler.mint.selector,
            GridHandler.mint.selector,
            GridHandler.topUp.selector,
            GridHandler.renew.selector,
            GridHandler.setSigner.selector,
            GridHandler.transferLicense.selector,
            GridHandler.requestClose.selector,
            GridHandler.revoke.selector,
            GridHandler.settle.selector,
            GridHandler.settle.selector,
            GridHandler.settle.selector,
            GridHandler.settlePrivately.selector,
            GridHandler.settlePrivately.selector,
            GridHandler.settlePrivately.selector,
            GridHandler.confirmSigners.selector,
            GridHandler.pause.selector,
            GridHandler.pause.selector,
            GridHandler.pauseAcross.selector,
            GridHandler.pauseAcross.selector,
            GridHandler.resume.selector,
            GridHandler.resume.selector,
            GridHandler.resume.selector,
            GridHandler.wait.selector,
            GridHandler.wait.selector,
            GridHandler.close.selector,
            GridHandler.closeWithin.selector,
            GridHandler.closeWithin.selector,
            GridHandler.lapse.selector,
            GridHandler.lapse.selector,
            GridHandler.sweep.selector,
            GridHandler.pay.selector,
            GridHandler.pay.selector,
            GridHandler.claim.selector,
            GridHandler.claim.selector,
            GridHandler.passOn.selector,
            GridHandler.passOn.selector,
            GridHandler.withdraw.selector,
            GridHandler.donate.selector,
            GridHandler.setApplicationShare.selector,
            GridHandler.replay.selector,
            GridHandler.forge.selector,
            GridHandler.overdraw.selector,
            GridHandler.embezzle.selector,
            GridHandler.settleLate.selector,
            GridHandler.closeEarly.selector,
            GridHandler.trespass.selector
        ];
        list = new bytes4[](all.length);
        for (uint256 i; i < all.length; ++i) list[i] = all[i];
    }

    // Laws

    /// @dev One campaign for all laws: the runner would walk anew for each.
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

    function test_EverythingHappensOnALongWalk() public {
        _walk(STEPS, 50);
        _handler.checkRows();
        for (uint256 i; i <= uint256(type(GridHandler.Action).max); ++i) {
            _checkHappened(i, i == uint256(GridHandler.Action.Register) ? 1 : 5);
        }
    }
}
