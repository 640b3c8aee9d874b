// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FoundationCoin} from "../../contracts/coin/FoundationCoin.sol";
import {IBenefitMine} from "../../contracts/coin/IBenefitMine.sol";
import {TestChampions} from "../mocks/Champions.sol";
import {Test} from "../utils/Test.sol";

/// @notice Random actions at the mine, beside a model of their expected results. Each action must succeed exactly if
///         the model allows it.
abstract contract MineHandler is Test {
    enum Action {
        Report,
        ReportRefused,
        Close,
        CloseRefused,
        Mint,
        MintRefused,
        Wait,
        SetSector,
        ToggleSource,
        ToggleReward,
        Populate,
        Donate,
        Trespass
    }

    struct Claim {
        uint32 round;
        uint16 sector;
        uint32 championId;
    }

    uint256 private constant SECTORS = 5;
    uint256 private constant CHAMPIONS = 4;
    uint256 private constant SOURCES = 3;
    address private constant ADMIN = address(0xAD01);
    address private constant STRANGER = address(0x57A6);

    mapping(Action action => uint256) public count;
    IBenefitMine private _mine;
    FoundationCoin private _coin;
    address private _sale;
    TestChampions private _champions;
    uint256 private _start;
    uint256 private _now;

    // The model, with one entry per round, source and sector.
    uint32[] private _rounds;
    uint256 private _closed;
    uint256 private _subsidies;
    uint256 private _earned;
    uint256 private _minted;
    uint256 private _donated;
    Claim[] private _claims;
    mapping(uint256 source => bool) private _admitted;
    mapping(uint256 championId => uint64) private _populations;
    mapping(uint256 championId => mapping(uint256 sector => bool)) private _rewarded;
    mapping(uint256 sector => IBenefitMine.SectorParams) private _latest;
    mapping(uint256 sector => uint256) private _latestFrom;
    mapping(uint256 sector => IBenefitMine.SectorParams) private _before;
    mapping(uint32 round => mapping(uint256 sector => IBenefitMine.SectorParams)) private _inForce;
    mapping(uint32 round => mapping(uint256 source => mapping(uint256 sector => uint256))) private _spent;
    mapping(uint32 round => mapping(uint256 sector => mapping(uint256 championId => uint256)))
        private _credited;
    mapping(uint32 round => mapping(uint256 sector => uint256)) private _units;
    mapping(uint32 round => mapping(uint256 sector => uint256)) private _amounts;
    mapping(uint32 round => mapping(uint256 sector => mapping(uint256 championId => bool))) private _paid;

    constructor() {
        _champions = TestChampions(deploy("test/mocks/Champions.sol:TestChampions", ""));
        _mine = IBenefitMine(
            deploy("contracts/coin/BenefitMine.sol:BenefitMine", abi.encode(address(_champions), ADMIN))
        );
        (, bytes memory coin) = address(_mine).call(abi.encodeWithSignature("COIN()"));
        _coin = FoundationCoin(abi.decode(coin, (address)));
        (, bytes memory sale) = address(_mine).call(abi.encodeWithSignature("SALE()"));
        _sale = abi.decode(sale, (address));
        _start = block.timestamp;
        _now = block.timestamp;
        for (uint256 i = 1; i <= CHAMPIONS; ++i) {
            _setPopulation(i, uint64(100 * i));
            for (uint256 j; j < SECTORS; ++j) _setRewarded(i, j, true);
        }
        for (uint256 i; i < SOURCES; ++i) _toggleSource(i, false);
        for (uint256 i; i < 3; ++i) _setSector(i, IBenefitMine.SectorParams(uint32(i + 1), 400, 2));
    }

    // Benefit

    function report(uint256 seed) external warped {
        uint256 source = _pick(seed, 0, SOURCES);
        uint256 sector = _pick(seed, 1, SECTORS);
        uint256 championId = 1 + _pick(seed, 2, CHAMPIONS);
        uint128 units = uint128(_pick(seed, 3, 3) == 0 ? _pick(seed, 4, 2_000) : _pick(seed, 4, 90));
        uint32 round = _round();
        IBenefitMine.SectorParams memory params = _paramsNow(sector);
        bool isDue =
            _admitted[source] &&
                units > 0 &&
                params.weight > 0 &&
                _rewarded[championId][sector] &&
                _spent[round][source][sector] + units <= _cap(source) &&
                _credited[round][sector][championId] + units <=
                    uint256(params.allowance) * _populations[championId];

        VM.prank(_source(source));
        bool ok = _try(abi.encodeCall(IBenefitMine.report, (uint32(championId), _number(sector), units)));
        check(ok == isDue, "A report is credited exactly if it is within all limits");
        if (ok) _modelReport(round, source, sector, championId, units);
        _did(ok ? Action.Report : Action.ReportRefused);
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
        if (_credited[round][sector][championId] == 0)
            _claims.push(Claim(round, _number(sector), uint32(championId)));
        _spent[round][source][sector] += units;
        _credited[round][sector][championId] += units;
        _units[round][sector] += units;
    }

    // Mining

    function close(uint256 seed) external warped {
        uint32 next = _closed < _rounds.length ? _rounds[_closed] : 0;
        uint32 round = seed % 4 == 0 ? uint32(_pick(seed, 1, _round() + 2)) : next;
        bool isDue = round != 0 && round == next && _now >= _start + uint256(round) * 1 days;

        VM.prank(STRANGER);
        bool ok = _try(abi.encodeCall(IBenefitMine.close, (round)));
        check(ok == isDue, "A round closes exactly if it is over and the next with benefit");
        if (ok) _modelClose(round);
        _did(ok ? Action.Close : Action.CloseRefused);
    }

    function _modelClose(uint32 round) private {
        uint256 subsidy;
        for (uint256 i; i < 144; ++i) subsidy += 50e8 >> ((144 * _closed + i) / 210_000);
        uint256 totalWeight;
        for (uint256 i; i < SECTORS; ++i) totalWeight += _inForce[round][i].weight;
        uint256 earned;
        for (uint256 i; i < SECTORS; ++i) {
            (IBenefitMine.SectorParams memory params, uint256 units) = (_inForce[round][i], _units[round][i]);
            if (units == 0) continue;
            uint256 amount =
                units >= params.target
                    ? (subsidy * params.weight) / totalWeight
                    : (subsidy * params.weight * units) / params.target / totalWeight;
            _amounts[round][i] = amount;
            earned += amount;
            (uint192 actualUnits, uint64 actual) = _mine.sectorEarningOf(round, _number(i));
            checkEq(actualUnits, units, "A sector's benefit is what was credited in the round");
            checkEq(actual, amount, "A sector earns its weight's share, as far as its target was reached");
        }
        checkAtMost(earned, subsidy, "Sectors earn no more than the round's subsidy");
        _subsidies += subsidy;
        _earned += earned;
        ++_closed;
    }

    function mint(uint256 seed) external warped {
        if (_claims.length == 0) return;
        Claim memory claim = _claims[_pick(seed, 0, _claims.length)];
        if (seed % 5 == 0) claim.championId = uint32(_pick(seed, 1, CHAMPIONS + 2));
        if (seed % 7 == 0) claim.round = uint32(_pick(seed, 2, _round() + 2));
        uint256 sector = claim.sector - 100;
        uint256 units = _credited[claim.round][sector][claim.championId];
        bool isClosed = _closed > 0 && claim.round <= _rounds[_closed - 1];
        bool isDue = isClosed && units > 0 && !_paid[claim.round][sector][claim.championId];

        uint256 held = _coin.balanceOf(_sale);
        VM.prank(STRANGER);
        bool ok = _try(abi.encodeCall(IBenefitMine.mint, (claim.round, claim.sector, claim.championId)));
        check(ok == isDue, "Coins are minted once, and only of closed rounds");
        if (ok) {
            uint256 amount = (_amounts[claim.round][sector] * units) / _units[claim.round][sector];
            checkEq(_coin.balanceOf(_sale) - held, amount, "A champion's coins are its units' share");
            _paid[claim.round][sector][claim.championId] = true;
            _minted += amount;
        }
        _did(ok ? Action.Mint : Action.MintRefused);
    }

    // Time

    /// @dev Waits mostly within a day, often until a round's boundary or a second beside it, rarely for a month.
    function wait(uint256 seed) external warped {
        uint256 end = _start + uint256(_round()) * 1 days;
        uint256 kind = _pick(seed, 0, 8);
        if (kind < 3) _now += _pick(seed, 1, 6 hours);
        else if (kind < 6) _now = end + kind - 4 < _now ? end : end + kind - 4;
        else if (kind == 6) _now += _pick(seed, 1, 3 days);
        else if (_pick(seed, 2, 4) == 0) _now += 30 days;
        VM.warp(_now);
        checkEq(_mine.currentRound(), (_now - _start) / 1 days + 1, "A round is a day");
        _did(Action.Wait);
    }

    // Governing

    function setSector(uint256 seed) external warped {
        uint32 weight = uint32(_pick(seed, 1, 4));
        _setSector(
            _pick(seed, 0, SECTORS),
            IBenefitMine.SectorParams(weight, uint112(1 + _pick(seed, 2, 900)), uint64(_pick(seed, 3, 4)))
        );
        _did(Action.SetSector);
    }

    function _setSector(uint256 sector, IBenefitMine.SectorParams memory params) private {
        VM.prank(ADMIN);
        _mine.setSector(_number(sector), params);
        if (_latestFrom[sector] <= _round()) _before[sector] = _latest[sector];
        (_latest[sector], _latestFrom[sector]) = (params, _round() + 1);
    }

    function toggleSource(uint256 seed) external warped {
        _toggleSource(_pick(seed, 0, SOURCES), _pick(seed, 1, 2) == 0);
        _did(Action.ToggleSource);
    }

    function _toggleSource(uint256 source, bool resigns) private {
        VM.prank(_admitted[source] && resigns ? _source(source) : ADMIN);
        if (!_admitted[source]) _mine.admitSource(_source(source), uint128(_cap(source)));
        else if (resigns) _mine.resign();
        else _mine.removeSource(_source(source));
        _admitted[source] = !_admitted[source];
    }

    function toggleReward(uint256 seed) external warped {
        (uint256 championId, uint256 sector) = (1 + _pick(seed, 0, CHAMPIONS), _pick(seed, 1, SECTORS));
        _setRewarded(championId, sector, !_rewarded[championId][sector] || _pick(seed, 2, 2) == 0);
        _did(Action.ToggleReward);
    }

    function _setRewarded(uint256 championId, uint256 sector, bool rewarded) private {
        _champions.setRewarded(uint32(championId), _number(sector), rewarded);
        _rewarded[championId][sector] = rewarded;
    }

    function populate(uint256 seed) external warped {
        _setPopulation(1 + _pick(seed, 0, CHAMPIONS), uint64(_pick(seed, 1, 500)));
        _did(Action.Populate);
    }

    function _setPopulation(uint256 championId, uint64 population) private {
        _champions.setPopulation(uint32(championId), population);
        _populations[championId] = population;
    }

    // Attacks

    function donate(uint256 seed) external warped {
        uint256 amount = _pick(seed, 0, _coin.balanceOf(_sale) / 10 + 1);
        VM.prank(_sale);
        check(_coin.transfer(address(_mine), amount), "Coins move");
        _donated += amount;
        _did(Action.Donate);
    }

    function trespass(uint256 seed) external warped {
        address[3] memory callers = [STRANGER, _sale, _source(0)];
        address caller = callers[_pick(seed, 0, 3)];
        bytes memory data = [
            abi.encodeCall(IBenefitMine.setSector, (100, IBenefitMine.SectorParams(1, 1, 1))),
            abi.encodeCall(IBenefitMine.admitSource, (caller, 1)),
            abi.encodeCall(IBenefitMine.removeSource, (_source(1)))
        ][_pick(seed, 1, 3)];
        VM.prank(caller);
        check(!_try(data), "Only the admin governs");
        address[4] memory minters = [STRANGER, _sale, ADMIN, _source(0)];
        VM.prank(minters[_pick(seed, 2, 4)]);
        (bool ok, ) = address(_coin).call(abi.encodeCall(FoundationCoin.mint, (STRANGER, 1)));
        check(!ok, "Only the mine makes coins");
        VM.prank(STRANGER);
        check(!_try(abi.encodeCall(IBenefitMine.report, (1, 100, 1))), "Only sources report");
        _did(Action.Trespass);
    }

    // Laws

    function checkCoins() external view {
        checkEq(_coin.totalSupply(), _minted, "All coins were minted for a champion's benefit");
        checkAtMost(_minted, _earned, "No more is minted than sectors earned");
        checkAtMost(_earned, _subsidies, "Sectors earn no more than the subsidies of closed rounds");
        checkEq(_coin.balanceOf(_sale) + _donated, _minted, "Every coin entered through the sale");
        checkEq(_coin.balanceOf(address(_mine)), _donated, "The mine has what was given to it");
    }

    function checkHeights() external view {
        checkEq(_mine.height(), 144 * _closed, "Only rounds with benefit mine, 144 heights each");
        checkEq(_mine.closedCount(), _closed, "Rounds close once");
        checkEq(_mine.roundCount(), _rounds.length, "Rounds with benefit are counted");
        checkEq(
            _mine.nextRound(),
            _closed < _rounds.length ? _rounds[_closed] : 0,
            "The next round is the first open one with benefit"
        );
        checkEq(_subsidies, 50e8 * _mine.height(), "Subsidies are those of the heights mined");
    }

    /// @dev Called rarely, because it walks through every round and sector.
    function checkShares() external view {
        uint256 sum;
        for (uint256 i; i < _claims.length; ++i) {
            Claim memory claim = _claims[i];
            uint256 sector = claim.sector - 100;
            (uint128 units, uint256 amount, bool minted) = _mine.earningOf(
                claim.round,
                claim.sector,
                claim.championId
            );
            checkEq(units, _credited[claim.round][sector][claim.championId], "Credited units stay");
            check(minted == _paid[claim.round][sector][claim.championId], "What is minted is known");
            checkAtMost(amount, _amounts[claim.round][sector], "A share is at most the whole");
            if (minted) sum += amount;
        }
        checkEq(sum, _minted, "The shares that were minted add up to all coins");
    }

    // Tools

    /// @dev The runner sets the clock back between calls.
    modifier warped() {
        VM.warp(_now);
        _;
    }

    function _did(Action action) private {
        ++count[action];
    }

    function _try(bytes memory data) private returns (bool ok) {
        (ok, ) = address(_mine).call(data);
    }

    function _round() private view returns (uint32) {
        return uint32((_now - _start) / 1 days + 1);
    }

    function _paramsNow(uint256 sector) private view returns (IBenefitMine.SectorParams memory) {
        return _latestFrom[sector] <= _round() ? _latest[sector] : _before[sector];
    }

    function _pick(uint256 seed, uint256 place, uint256 options) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, place))) % options;
    }

    function _number(uint256 sector) private pure returns (uint16) {
        return uint16(100 + sector);
    }

    function _source(uint256 source) private pure returns (address) {
        return address(uint160(0x50FCE + source));
    }

    function _cap(uint256 source) private pure returns (uint256) {
        return 150 * (source + 1);
    }
}
