// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IGridGovernor} from "../../contracts/governance/IGridGovernor.sol";
import {IGuardian} from "../../contracts/governance/IGuardian.sol";
import {Test} from "../utils/Test.sol";

/// @notice The council here is the test itself.
contract GuardianTest is Test {
    struct Step {
        uint32 gap;
        uint32 duration;
        uint32 resumeAfter;
    }

    struct Span {
        uint48 start;
        uint48 end;
    }

    uint256 private constant STEPS = 12;

    IGuardian private _guardian;
    Span[] private _spans;
    uint48 private _now = 1_700_000_000;

    function setUp() public {
        VM.warp(_now);
        IGuardian.Permission[] memory none = new IGuardian.Permission[](0);
        bytes memory args = abi.encode(
            address(0),
            IGridGovernor(address(0)),
            address(0),
            address(this),
            none
        );
        _guardian = IGuardian(deploy("contracts/governance/Guardian.sol:Guardian", args));
    }

    function testFuzz_PausesStayWithinTheirLimits(Step[STEPS] calldata steps) public {
        uint48 first = _now;
        for (uint256 i = 0; i < STEPS; ++i) _take(steps[i]);
        checkAtMost(_guardian.pausedFor(first, _now), 30 days, "All pauses together last 30 days at most");
        checkAtMost(_modelOf(first, _now), 30 days, "So do those that were seen");
    }

    function testFuzz_PausedSecondsAreThoseInWhichItWasPaused(
        Step[STEPS] calldata steps,
        uint256 from,
        uint256 to
    ) public {
        uint48 first = _now;
        for (uint256 i = 0; i < STEPS; ++i) _take(steps[i]);
        uint48 start = uint48(bound(from, first - 1 days, _now));
        uint48 end = uint48(bound(to, start, _now));
        checkEq(_guardian.pausedFor(start, end), _modelOf(start, end), "A span has the pauses in it");
    }

    /// @dev A ledger would keep a window open while now <= opened + length + pausedFor(opened, now).
    function testFuzz_NoPauseOpensAWindowAgain(
        Step[STEPS] calldata steps,
        uint256 from,
        uint32 length
    ) public {
        uint48 opened = uint48(bound(from, _now - 10 days, _now + 60 days));
        bool closed = false;
        for (uint256 i = 0; i < STEPS; ++i) {
            _take(steps[i]);
            if (_now < opened) continue;
            bool open = _now <= opened + length + _guardian.pausedFor(opened, _now);
            check(!(closed && open), "A closed window stays closed");
            closed = !open;
        }
    }

    /// @dev Waits, tries to pause, and perhaps resumes early. A pause beyond the limits must fail.
    function _take(Step calldata step) private {
        _warp(_now + (step.gap % 20 days));
        uint256 longest = Math.min(7 days, 30 days - _modelOf(0, _now));
        uint48 half = step.duration / 2;
        // Every second pause is long, so that the steps reach the limits.
        uint48 duration = step.duration % 2 == 0 ? 6 days + (half % 26 hours) : 1 + (half % 7 days);
        bool isRefused = duration > longest;
        if (isRefused) {
            VM.expectRevert(
                abi.encodeWithSelector(IGuardian.GuardianPauseLengthInvalid.selector, duration, longest)
            );
        }
        _guardian.pause(duration);
        if (isRefused) return;

        uint48 start = _now;
        uint48 resumeAfter = uint48(step.resumeAfter % (2 * duration));
        _warp(start + uint48(Math.min(duration, resumeAfter)));
        check(_guardian.isPaused() == resumeAfter < duration, "It is paused until the end of the pause");
        if (resumeAfter < duration) _guardian.resume();
        _spans.push(Span(start, _now));
    }

    function _warp(uint48 to) private {
        _now = to;
        VM.warp(to);
    }

    function _modelOf(uint48 from, uint48 to) private view returns (uint256 paused) {
        for (uint256 i = 0; i < _spans.length; ++i) {
            uint256 start = Math.max(from, _spans[i].start);
            uint256 end = Math.min(to, _spans[i].end);
            if (end > start) paused += end - start;
        }
    }
}
