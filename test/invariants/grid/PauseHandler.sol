// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGuardian} from "../../../contracts/governance/IGuardian.sol";
import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";
import {IUsageLedger} from "../../../contracts/metering/IUsageLedger.sol";
import {MeteringHandler} from "./MeteringHandler.sol";

/// @notice Time passes, and the council pauses settlement.
abstract contract PauseHandler is MeteringHandler {
    uint256 private constant SLOW_WAIT = 6 days;

    uint256 private immutable _TERM_END = block.timestamp + 548 days;
    bool private _isSlow;

    constructor() {
        _add(PauseHandler.pause.selector, 2);
        _add(PauseHandler.pauseAcross.selector, 2);
        _add(PauseHandler.resume.selector, 3);
        _add(PauseHandler.wait.selector, 2);
        _expect("pause", 5);
        _expect("pause twice", 5);
        _expect("pause too long", 1);
        _expect("pause after the term", 5);
        _expect("pauseAcross", 5);
        _expect("resume", 5);
        _expect("resume without a pause", 5);
        _expect("wait", 5);
        _expect("wait in a pause", 5);
    }

    /// @dev Mostly for hours. The guardian refuses more than its limits.
    function pause(uint256 seed) external warped {
        if (_pause(seed)) _did("pause");
    }

    function _pause(uint256 seed) private returns (bool ok) {
        uint48 duration = uint48(bound(seed >> 8, 1, seed % 4 == 0 ? 14 days : 12 hours));
        (bytes memory refusal, string memory outcome) = _pauseRefusal(duration);
        ok = callAs(
            COUNCIL,
            address(guardian),
            abi.encodeCall(guardian.pause, (duration)),
            refusal,
            "The council pauses once at a time, within its limits and its term"
        );
        if (ok) _pauses.push(PauseModel(block.timestamp, block.timestamp + duration));
        else _did(outcome);
    }

    function _pauseRefusal(
        uint256 duration
    ) private view returns (bytes memory refusal, string memory outcome) {
        if (block.timestamp >= _TERM_END) {
            refusal = abi.encodeWithSelector(IGuardian.GuardianTermOver.selector, _TERM_END);
            return (refusal, "pause after the term");
        }
        if (_isPaused()) {
            refusal = abi.encodeWithSelector(IGuardian.GuardianPauseUnderway.selector, _pausedUntil());
            return (refusal, "pause twice");
        }
        uint256 longest = _longestPause();
        if (duration <= longest) return ("", "");
        refusal = abi.encodeWithSelector(IGuardian.GuardianPauseLengthInvalid.selector, duration, longest);
        return (refusal, "pause too long");
    }

    /// @dev 7 days at once, 30 days in all, and not beyond the term.
    function _longestPause() private view returns (uint256 longest) {
        longest = 30 days;
        for (uint256 i; i < _pauses.length; ++i) longest -= _pauses[i].end - _pauses[i].start;
        if (longest > 7 days) longest = 7 days;
        if (longest > _TERM_END - block.timestamp) longest = _TERM_END - block.timestamp;
    }

    /// @dev A voucher that could settle when a pause began settles when it is over. Until then its license stays open.
    function pauseAcross(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettle);
        if (id == 0 || !_pause(seed >> 16)) return;
        IUsageLedger.OpenRow[] memory rows = new IUsageLedger.OpenRow[](1);
        uint256 units;
        (rows[0], units) = _use(id, _roll(seed, 1));
        LicenseModel storage license = _licenses[id - 1];
        PauseModel storage last = _pauses[_pauses.length - 1];
        _now = bound(seed >> 128, last.start, last.end - 1);
        VM.warp(_now);
        _mustNotSettle(rows[0], _signerNow(license), "Nothing settles in a pause");
        _mustFail(
            address(ledger),
            abi.encodeCall(ledger.close, (id)),
            abi.encodeWithSelector(
                ILicenseNFT.LicenseWindowOpen.selector,
                id,
                _reportedEnd(license.expiry, WINDOW)
            )
        );
        if ((seed >> 8) % 2 == 0) _resume();
        else _now = last.end;
        VM.warp(_now);
        _settleRows(license.offerId, rows, 1, units);
        _did("pauseAcross");
    }

    function resume(uint256) external warped {
        bool wasPaused = _isPaused();
        _resume();
        _did(wasPaused ? "resume" : "resume without a pause");
    }

    function _resume() private {
        bytes memory refusal = _resumeRefusal();
        bytes memory data = abi.encodeCall(guardian.resume, ());
        bool ok = callAs(
            COUNCIL,
            address(guardian),
            data,
            refusal,
            "The council ends only a pause under way"
        );
        if (ok) _pauses[_pauses.length - 1].end = block.timestamp;
    }

    function _resumeRefusal() private view returns (bytes memory) {
        if (_isPaused()) return "";
        if (block.timestamp < _TERM_END) {
            return abi.encodeWithSelector(IGuardian.GuardianPauseNotUnderway.selector);
        }
        return abi.encodeWithSelector(IGuardian.GuardianTermOver.selector, _TERM_END);
    }

    // Waiting

    /// @dev Mostly hours, sometimes more than a settlement window, seldom more than the lapse period. Every third time
    ///      it waits for the last second of a period, or for the first one after it.
    function wait(uint256 seed) external warped {
        uint256 longest =
            seed % 32 == 0
                ? 400 days
                : seed % 4 == 0
                    ? 6 days
                    : 12 hours;
        uint256 moment = (seed >> 8) % 3 == 0 && _openLicenses.length != 0 ? _moment(seed >> 16) : 0;
        if (_isSlow && longest > SLOW_WAIT) longest = SLOW_WAIT;
        if (_isSlow && moment > _now + 5 * SLOW_WAIT) moment = 0;
        _now = moment > _now ? moment : _now + bound(seed >> 32, 1, longest);
        _did("wait");
    }

    /// @dev Shortens waits, so that more steps are in the guardian's term.
    function setSlow(bool isSlow) external {
        _isSlow = isSlow;
    }

    function _moment(uint256 seed) private view returns (uint256) {
        LicenseModel storage license = _licenses[_openLicenses[seed % _openLicenses.length] - 1];
        uint256 end = [_changeEnd(license), _windowEnd(license), license.expiry, _lapsesAfter(license)][
            (seed >> 64) % 4
        ];
        return end + ((seed >> 72) % 2);
    }
}
