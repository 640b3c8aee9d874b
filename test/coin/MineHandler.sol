// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {IBenefitMine} from "../../contracts/coin/IBenefitMine.sol";
import {IFoundationCoin} from "../../contracts/coin/IFoundationCoin.sol";
import {MineModel} from "./MineModel.sol";

/// @notice Sources report benefit, and anyone closes rounds and mints. Each call succeeds, or fails with the error
///         that the model expects.
abstract contract MineHandler is MineModel {
    constructor() {
        _add(MineHandler.report.selector, 5);
        _add(MineHandler.close.selector, 6);
        _add(MineHandler.mint.selector, 3);
        _add(MineHandler.wait.selector, 2);
        _add(MineHandler.setSector.selector, 1);
        _add(MineHandler.retireSector.selector, 3);
        _add(MineHandler.toggleSource.selector, 1);
        _add(MineHandler.setSourceCap.selector, 1);
        _add(MineHandler.stopSource.selector, 1);
        _add(MineHandler.toggleReward.selector, 1);
        _add(MineHandler.populate.selector, 1);
        _add(MineHandler.grade.selector, 1);
        _add(MineHandler.trespass.selector, 1);
        _add(MineHandler.donate.selector, 1);
        string[18] memory outcomes = [
            "report",
            "report refused",
            "report at quality below 1",
            "close",
            "close refused",
            "mint",
            "mint refused",
            "wait",
            "setSector",
            "retireSector refused",
            "toggleSource",
            "setSourceCap",
            "stopSource",
            "toggleReward",
            "populate",
            "grade",
            "donate",
            "trespass"
        ];
        for (uint256 i; i < outcomes.length; ++i) _expect(outcomes[i], 20);
        // It waits until all rounds with the sector's weight are closed.
        _expect("retireSector", 10);
        // Most sources are admitted.
        _expect("stopSource refused", 5);
    }

    // Benefit

    function report(uint256 seed) external warped {
        uint256 source = _pick(seed, 0, SOURCES);
        uint256 sector = _pick(seed, 1, SECTORS);
        uint256 championId = 1 + _pick(seed, 2, CHAMPIONS);
        uint88 use = uint88(_pick(seed, 3, 3) == 0 ? _pick(seed, 4, 2_000) : _pick(seed, 4, 90));
        bool ok = callAs(
            _source(source),
            address(_mine),
            abi.encodeCall(IBenefitMine.report, (uint32(championId), _number(sector), use)),
            _reportRefusal(source, sector, championId, use),
            "A report is credited exactly if it is within all limits"
        );
        if (ok) _modelReport(_round(), source, sector, championId, use);
        if (ok && _qualities[championId][sector] < 2 ** 16) _did("report at quality below 1");
        _did(ok ? "report" : "report refused");
    }

    /// @dev Why the mine refuses a report, in the order of its checks. Empty if it credits it.
    function _reportRefusal(
        uint256 source,
        uint256 sector,
        uint256 championId,
        uint256 use
    ) private view returns (bytes memory) {
        (uint32 round, uint16 number, IBenefitMine.SectorParams memory params) = (
            _round(),
            _number(sector),
            _paramsNow(sector)
        );
        if (!_admitted[source]) {
            return abi.encodeWithSelector(IBenefitMine.CallerNotSource.selector, _source(source));
        }
        if (params.weight == 0) {
            return abi.encodeWithSelector(IBenefitMine.SectorWithoutWeight.selector, number, round);
        }
        if (!_rewarded[championId][sector]) {
            return
                abi.encodeWithSelector(IBenefitMine.ReportChampionNotRewarded.selector, championId, number);
        }
        if (_benefitOf(championId, sector, use) == 0) {
            return abi.encodeWithSelector(IBenefitMine.ReportWithoutBenefit.selector, championId, number);
        }
        uint256 left = _capNow(source) - _spent[round][source][sector];
        if (use > left) {
            return
                abi.encodeWithSelector(
                    IBenefitMine.ReportExceedsCap.selector,
                    _source(source),
                    number,
                    use,
                    left
                );
        }
        uint256 allowance = uint256(params.allowance) * _populations[championId];
        uint256 credited = _credited[round][sector][championId];
        left = allowance > credited ? allowance - credited : 0;
        if (use <= left) return "";
        return
            abi.encodeWithSelector(
                IBenefitMine.ReportExceedsAllowance.selector,
                championId,
                number,
                use,
                left
            );
    }

    function _modelReport(
        uint32 round,
        uint256 source,
        uint256 sector,
        uint256 championId,
        uint256 use
    ) private {
        if (_rounds.length == 0 || _rounds[_rounds.length - 1] != round) {
            _rounds.push(round);
            for (uint256 i; i < SECTORS; ++i) _inForce[round][i] = _paramsNow(i);
        }
        if (!_claimed[round][sector][championId])
            _claims.push(Claim(round, _number(sector), uint32(championId)));
        _claimed[round][sector][championId] = true;
        uint256 benefit = _benefitOf(championId, sector, use);
        _reports[source].push(Report(round, sector, championId, use, benefit));
        _spent[round][source][sector] += use;
        _credited[round][sector][championId] += use;
        _benefits[round][sector][championId] += benefit;
        _sectorBenefits[round][sector] += benefit;
    }

    function _benefitOf(uint256 championId, uint256 sector, uint256 use) private view returns (uint256) {
        uint256 quality = _qualities[championId][sector];
        return quality >= 2 ** 16 ? use : (use * quality) >> 16;
    }

    // Mining

    function close(uint256 seed) external warped {
        uint32 next = _closed < _rounds.length ? _rounds[_closed] : 0;
        uint32 round = seed % 4 == 0 ? uint32(_pick(seed, 1, _round() + 2)) : next;
        uint256 holdEnd = _start + uint256(round) * 1 days + 3 days;
        bytes memory refusal;
        if (round == 0 || round != next) {
            refusal = abi.encodeWithSelector(IBenefitMine.RoundNotNext.selector, round, next);
        } else if (_now < holdEnd) {
            refusal = abi.encodeWithSelector(IBenefitMine.RoundOnHold.selector, round, holdEnd);
        }
        bool ok = callAs(
            STRANGER,
            address(_mine),
            abi.encodeCall(IBenefitMine.close, (round)),
            refusal,
            "A round closes exactly if its hold is over and it is the next with benefit"
        );
        if (ok) _modelClose(round);
        _did(ok ? "close" : "close refused");
    }

    function _modelClose(uint32 round) private {
        (uint256 mined, uint256 total) = _modelHeights(round);
        uint256 earned;
        for (uint256 i; i < SECTORS; ++i) {
            (IBenefitMine.SectorParams memory params, uint256 benefit) = (
                _inForce[round][i],
                _sectorBenefits[round][i]
            );
            if (benefit == 0) continue;
            (uint120 actualBenefit, uint64 actual) = _mine.sectorEarningOf(round, _number(i));
            uint256 ideal = total == 0 ? 0 : (mined * _reached(params, benefit)) / total;
            checkEq(actualBenefit, benefit, "A sector's benefit is what was credited in the round");
            checkAtMost(ideal, actual, "A sector earns its weight's share, as far as its target was reached");
            checkAtMost(actual, ideal + 1, "And at most one base unit of the remainder");
            _amounts[round][i] = actual;
            earned += actual;
        }
        checkEq(earned, mined, "Sectors earn exactly what the round mined");
        _earned += earned;
        ++_closed;
    }

    function _modelHeights(uint32 round) private returns (uint256 mined, uint256 total) {
        uint256 totalWeight;
        for (uint256 i; i < SECTORS; ++i) {
            totalWeight += _inForce[round][i].weight;
            uint256 benefit = _sectorBenefits[round][i];
            if (benefit != 0) total += _reached(_inForce[round][i], benefit);
        }
        uint256 before = _below(_height);
        _height += (144 * total) / totalWeight;
        mined = _below(_height) - before;
    }

    function _reached(
        IBenefitMine.SectorParams memory params,
        uint256 benefit
    ) private pure returns (uint256) {
        uint256 whole = uint256(params.weight) * 2 ** 64;
        return benefit >= params.target ? whole : (whole * benefit) / params.target;
    }

    function mint(uint256 seed) external warped {
        if (_claims.length == 0) return;
        Claim memory claim = _claims[_pick(seed, 0, _claims.length)];
        if (seed % 5 == 0) claim.championId = uint32(_pick(seed, 1, CHAMPIONS + 2));
        if (seed % 7 == 0) claim.round = uint32(_pick(seed, 2, _round() + 2));
        uint256 sector = claim.sector - 100;
        uint256 held = _coin.balanceOf(_sale);
        bool ok = callAs(
            STRANGER,
            address(_mine),
            abi.encodeCall(IBenefitMine.mint, (claim.round, claim.sector, claim.championId)),
            _mintRefusal(claim),
            "Coins are minted once, and only of closed rounds"
        );
        if (ok) {
            uint256 benefit = _benefits[claim.round][sector][claim.championId];
            uint256 amount = (_amounts[claim.round][sector] * benefit) / _sectorBenefits[claim.round][sector];
            checkEq(_coin.balanceOf(_sale) - held, amount, "A champion's coins are its benefit's share");
            _paid[claim.round][sector][claim.championId] = true;
            _minted += amount;
        }
        _did(ok ? "mint" : "mint refused");
    }

    /// @dev Why the mine refuses to mint, in the order of its checks. Empty if it mints.
    function _mintRefusal(Claim memory claim) private view returns (bytes memory) {
        uint256 sector = claim.sector - 100;
        if (claim.round > (_closed == 0 ? 0 : _rounds[_closed - 1])) {
            return abi.encodeWithSelector(IBenefitMine.RoundNotClosed.selector, claim.round);
        }
        bytes4 selector;
        if (_benefits[claim.round][sector][claim.championId] == 0) {
            selector = IBenefitMine.BenefitNonexistent.selector;
        } else if (_paid[claim.round][sector][claim.championId]) {
            selector = IBenefitMine.BenefitAlreadyMinted.selector;
        } else return "";
        return abi.encodeWithSelector(selector, claim.round, claim.sector, claim.championId);
    }

    // Time

    /// @dev Mostly within a day, often to a boundary or a second beside it, rarely for a month.
    function wait(uint256 seed) external warped {
        uint256 end = _start + uint256(_round()) * 1 days;
        uint256 kind = _pick(seed, 0, 8);
        if (kind < 3) _now += _pick(seed, 1, 6 hours);
        else if (kind < 6) _now = end + kind - 4 < _now ? end : end + kind - 4;
        else if (kind == 6) _now += _pick(seed, 1, 3 days);
        else if (_pick(seed, 2, 4) == 0) _now += 30 days;
        VM.warp(_now);
        checkEq(_mine.currentRound(), (_now - _start) / 1 days + 1, "A round is a day");
        _did("wait");
    }

    // Governing

    function setSector(uint256 seed) external warped {
        uint32 weight = uint32(_pick(seed, 1, 4));
        _setSector(
            _pick(seed, 0, SECTORS),
            IBenefitMine.SectorParams(weight, uint112(1 + _pick(seed, 2, 900)), uint64(_pick(seed, 3, 4)))
        );
        _did("setSector");
    }

    function retireSector(uint256 seed) external warped {
        uint256 sector = _pick(seed, 0, SECTORS);
        uint32 open = _closed < _rounds.length ? _rounds[_closed] : _round();
        (uint32 weight, uint256 from) = (_latest[sector].weight, _latestFrom[sector]);
        bytes memory refusal;
        if (!_listed[sector]) {
            refusal = abi.encodeWithSelector(IBenefitMine.SectorNonexistent.selector, _number(sector));
        } else if (weight != 0) {
            refusal = abi.encodeWithSelector(IBenefitMine.SectorHasWeight.selector, _number(sector), weight);
        } else if (open < from) {
            bytes4 selector = IBenefitMine.SectorRoundsOpen.selector;
            refusal = abi.encodeWithSelector(selector, _number(sector), open, from);
        }
        bool ok = callAs(
            ADMIN,
            address(_mine),
            abi.encodeCall(IBenefitMine.retireSector, (_number(sector))),
            refusal,
            "A sector retires exactly if no open round gives it weight"
        );
        if (ok) _listed[sector] = false;
        _did(ok ? "retireSector" : "retireSector refused");
    }

    function setSourceCap(uint256 seed) external warped {
        (uint256 source, uint256 cap) = (_pick(seed, 0, SOURCES), 1 + _pick(seed, 1, 500));
        VM.prank(ADMIN);
        _mine.setSourceCap(_source(source), uint88(cap));
        _modelCap(source, cap);
        _did("setSourceCap");
    }

    /// @dev Half of the calls do nothing, or most benefit would be void.
    function stopSource(uint256 seed) external warped {
        if (_pick(seed, 2, 2) == 0) return;
        uint256 source = _pick(seed, 0, SOURCES);
        bytes memory refusal;
        if (!_stoppable[source]) {
            refusal = abi.encodeWithSelector(IBenefitMine.SourceNotAdmitted.selector, _source(source));
        }
        bool ok = callAs(
            ADMIN,
            address(_mine),
            abi.encodeCall(IBenefitMine.stopSource, (_source(source))),
            refusal,
            "A source is stopped once for each admission, admitted or removed"
        );
        if (ok) {
            _modelStop(source);
            if (_pick(seed, 1, 3) == 0) _toggleSource(source, false);
        }
        _did(ok ? "stopSource" : "stopSource refused");
    }

    function toggleSource(uint256 seed) external warped {
        _toggleSource(_pick(seed, 0, SOURCES), _pick(seed, 1, 2) == 0);
        _did("toggleSource");
    }

    function toggleReward(uint256 seed) external warped {
        (uint256 championId, uint256 sector) = (1 + _pick(seed, 0, CHAMPIONS), _pick(seed, 1, SECTORS));
        _setRewarded(championId, sector, !_rewarded[championId][sector] || _pick(seed, 2, 2) == 0);
        _did("toggleReward");
    }

    function populate(uint256 seed) external warped {
        _setPopulation(1 + _pick(seed, 0, CHAMPIONS), uint64(_pick(seed, 1, 500)));
        _did("populate");
    }

    /// @dev Sometimes 0, and sometimes above 1.
    function grade(uint256 seed) external warped {
        uint32 quality = uint32(_pick(seed, 2, 2 ** 17));
        if (_pick(seed, 3, 6) == 0) quality = 0;
        _setQuality(1 + _pick(seed, 0, CHAMPIONS), _pick(seed, 1, SECTORS), quality);
        _did("grade");
    }

    // Attacks

    function donate(uint256 seed) external warped {
        uint256 amount = _pick(seed, 0, _coin.balanceOf(_sale) / 10 + 1);
        VM.prank(_sale);
        check(_coin.transfer(address(_mine), amount), "Coins move");
        _donated += amount;
        _did("donate");
    }

    function trespass(uint256 seed) external warped {
        address[3] memory callers = [STRANGER, _sale, _source(0)];
        address caller = callers[_pick(seed, 0, 3)];
        bytes memory data = [
            abi.encodeCall(IBenefitMine.setSector, (100, IBenefitMine.SectorParams(1, 1, 1))),
            abi.encodeCall(IBenefitMine.admitSource, (caller, 1)),
            abi.encodeCall(IBenefitMine.removeSource, (_source(1)))
        ][_pick(seed, 1, 3)];
        bytes memory refusal = abi.encodeWithSelector(
            IAccessControl.AccessControlUnauthorizedAccount.selector,
            caller,
            bytes32(0)
        );
        callAs(caller, address(_mine), data, refusal, "Only the admin governs");
        address[4] memory minters = [STRANGER, _sale, ADMIN, _source(0)];
        caller = minters[_pick(seed, 2, 4)];
        data = abi.encodeCall(IFoundationCoin.mint, (STRANGER, 1));
        refusal = abi.encodeWithSelector(IFoundationCoin.CoinCallerNotMinter.selector, caller);
        callAs(caller, address(_coin), data, refusal, "Only the mine makes coins");
        data = abi.encodeCall(IBenefitMine.report, (1, 100, 1));
        refusal = abi.encodeWithSelector(IBenefitMine.CallerNotSource.selector, STRANGER);
        callAs(STRANGER, address(_mine), data, refusal, "Only sources report");
        _did("trespass");
    }
}
