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
        _add(MineHandler.trespass.selector, 1);
        _add(MineHandler.donate.selector, 1);
        string[16] memory outcomes = [
            "report",
            "report refused",
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
        uint128 units = uint128(_pick(seed, 3, 3) == 0 ? _pick(seed, 4, 2_000) : _pick(seed, 4, 90));
        bool ok = callAs(
            _source(source),
            address(_mine),
            abi.encodeCall(IBenefitMine.report, (uint32(championId), _number(sector), units)),
            _reportRefusal(source, sector, championId, units),
            "A report is credited exactly if it is within all limits"
        );
        if (ok) _modelReport(_round(), source, sector, championId, units);
        _did(ok ? "report" : "report refused");
    }

    /// @dev Why the mine refuses a report, in the order of its checks. Empty if it credits it.
    function _reportRefusal(
        uint256 source,
        uint256 sector,
        uint256 championId,
        uint256 units
    ) private view returns (bytes memory) {
        (uint32 round, uint16 number, IBenefitMine.SectorParams memory params) = (
            _round(),
            _number(sector),
            _paramsNow(sector)
        );
        if (!_admitted[source]) {
            return abi.encodeWithSelector(IBenefitMine.CallerNotSource.selector, _source(source));
        }
        if (units == 0) return abi.encodeWithSelector(IBenefitMine.ReportUnitsZero.selector);
        if (params.weight == 0) {
            return abi.encodeWithSelector(IBenefitMine.SectorWithoutWeight.selector, number, round);
        }
        if (!_rewarded[championId][sector]) {
            return
                abi.encodeWithSelector(IBenefitMine.ReportChampionNotRewarded.selector, championId, number);
        }
        uint256 left = _capNow(source) - _spent[round][source][sector];
        if (units > left) {
            return
                abi.encodeWithSelector(
                    IBenefitMine.ReportExceedsCap.selector,
                    _source(source),
                    number,
                    units,
                    left
                );
        }
        uint256 allowance = uint256(params.allowance) * _populations[championId];
        uint256 credited = _credited[round][sector][championId];
        left = allowance > credited ? allowance - credited : 0;
        if (units <= left) return "";
        return
            abi.encodeWithSelector(
                IBenefitMine.ReportExceedsAllowance.selector,
                championId,
                number,
                units,
                left
            );
    }

    function _modelReport(
        uint32 round,
        uint256 source,
        uint256 sector,
        uint256 championId,
        uint256 units
    ) private {
        if (_rounds.length == 0 || _rounds[_rounds.length - 1] != round) {
            _rounds.push(round);
            for (uint256 i; i < SECTORS; ++i) _inForce[round][i] = _paramsNow(i);
        }
        if (!_claimed[round][sector][championId])
            _claims.push(Claim(round, _number(sector), uint32(championId)));
        _claimed[round][sector][championId] = true;
        _reports[source].push(Report(round, sector, championId, units));
        _spent[round][source][sector] += units;
        _credited[round][sector][championId] += units;
        _units[round][sector] += units;
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
            (IBenefitMine.SectorParams memory params, uint256 units) = (_inForce[round][i], _units[round][i]);
            if (units == 0) continue;
            (uint192 actualUnits, uint64 actual) = _mine.sectorEarningOf(round, _number(i));
            uint256 ideal = total == 0 ? 0 : (mined * _benefit(params, units)) / total;
            checkEq(actualUnits, units, "A sector's benefit is what was credited in the round");
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
            if (_units[round][i] != 0) total += _benefit(_inForce[round][i], _units[round][i]);
        }
        uint256 before = _below(_height);
        _height += (144 * total) / totalWeight;
        mined = _below(_height) - before;
    }

    function _benefit(IBenefitMine.SectorParams memory params, uint256 units) private pure returns (uint256) {
        uint256 whole = uint256(params.weight) * 2 ** 64;
        return units >= params.target ? whole : (whole * units) / params.target;
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
            uint256 units = _credited[claim.round][sector][claim.championId];
            uint256 amount = (_amounts[claim.round][sector] * units) / _units[claim.round][sector];
            checkEq(_coin.balanceOf(_sale) - held, amount, "A champion's coins are its units' share");
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
        if (_credited[claim.round][sector][claim.championId] == 0) {
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
        _mine.setSourceCap(_source(source), uint128(cap));
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
            if (_pick(seed, 1, 2) == 0) _toggleSource(source, false);
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
