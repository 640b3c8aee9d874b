// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {IBenefitMine} from "../../contracts/coin/IBenefitMine.sol";
import {ISubnetQuality} from "../../contracts/subnets/ISubnetQuality.sol";
import {TestChampions} from "../mocks/Champions.sol";
import {TestSubnets} from "../mocks/Subnets.sol";
import {Handler} from "../utils/Handler.sol";
import {ICoin} from "../utils/Contracts.sol";

/// @notice The mine, a model of its benefit and coins, and the laws.
abstract contract MineModel is Handler {
    struct Claim {
        uint32 round;
        uint16 sector;
        uint32 championId;
    }

    struct Report {
        uint32 round;
        uint256 sector;
        uint256 championId;
        uint256 use;
        uint256 benefit;
    }

    uint256 internal constant SECTORS = 5;
    uint256 internal constant CHAMPIONS = 4;
    uint256 internal constant SOURCES = 3;
    address internal constant ADMIN = address(0xAD01);
    address internal constant STRANGER = address(0x57A6);

    IBenefitMine internal _mine;
    ICoin internal _coin;
    address internal _sale;
    TestChampions internal _champions;
    TestSubnets internal _subnets;
    uint256 internal _start;
    uint256 internal _now;

    // The model, with a place for each round, source and sector
    uint32[] internal _rounds;
    uint256 internal _closed;
    uint256 internal _height;
    uint256 internal _earned;
    uint256 internal _minted;
    uint256 internal _donated;
    Claim[] internal _claims;
    mapping(uint256 source => bool) internal _admitted;
    mapping(uint256 source => bool) internal _stoppable;
    mapping(uint256 source => uint256) internal _cap;
    mapping(uint256 source => uint256) internal _nextCap;
    mapping(uint256 source => uint256) internal _nextCapFrom;
    mapping(uint256 source => Report[]) internal _reports;
    mapping(uint256 sector => bool) internal _listed;
    mapping(uint256 championId => uint64) internal _populations;
    mapping(uint256 championId => mapping(uint256 sector => uint32)) internal _qualities;
    mapping(uint256 championId => mapping(uint256 sector => bool)) internal _rewarded;
    mapping(uint256 sector => IBenefitMine.SectorParams) internal _latest;
    mapping(uint256 sector => uint256) internal _latestFrom;
    mapping(uint256 sector => IBenefitMine.SectorParams) internal _before;
    mapping(uint32 round => mapping(uint256 sector => IBenefitMine.SectorParams)) internal _inForce;
    mapping(uint32 round => mapping(uint256 source => mapping(uint256 sector => uint256))) internal _spent;
    mapping(uint32 round => mapping(uint256 sector => mapping(uint256 championId => uint256)))
        internal _credited;
    mapping(uint32 round => mapping(uint256 sector => mapping(uint256 championId => uint256)))
        internal _benefits;
    mapping(uint32 round => mapping(uint256 sector => uint256)) internal _sectorBenefits;
    mapping(uint32 round => mapping(uint256 sector => uint256)) internal _amounts;
    mapping(uint32 round => mapping(uint256 sector => mapping(uint256 championId => bool))) internal _claimed;
    mapping(uint32 round => mapping(uint256 sector => mapping(uint256 championId => bool))) internal _paid;

    constructor() {
        _champions = TestChampions(deploy("test/mocks/Champions.sol:TestChampions", ""));
        _mine = IBenefitMine(
            deploy("contracts/coin/BenefitMine.sol:BenefitMine", abi.encode(address(_champions), ADMIN))
        );
        (, bytes memory coin) = address(_mine).call(abi.encodeWithSignature("COIN()"));
        _coin = ICoin(abi.decode(coin, (address)));
        (, bytes memory sale) = address(_mine).call(abi.encodeWithSignature("SALE()"));
        _sale = abi.decode(sale, (address));
        _subnets = TestSubnets(deploy("test/mocks/Subnets.sol:TestSubnets", ""));
        VM.prank(ADMIN);
        _mine.setSubnets(ISubnetQuality(address(_subnets)));
        _start = block.timestamp;
        _now = block.timestamp;
        for (uint256 i = 1; i <= CHAMPIONS; ++i) {
            _setPopulation(i, uint64(100 * i));
            for (uint256 j; j < SECTORS; ++j) {
                _setRewarded(i, j, true);
                _setQuality(i, j, i % 2 == 0 ? 2 ** 16 : 40_000);
            }
        }
        VM.prank(ADMIN);
        IAccessControl(address(_mine)).grantRole(keccak256("STOPPER_ROLE"), ADMIN);
        for (uint256 i; i < SOURCES; ++i) {
            (_cap[i], _nextCap[i]) = (150 * (i + 1), 150 * (i + 1));
            _toggleSource(i, false);
        }
        for (uint256 i; i < 3; ++i) _setSector(i, IBenefitMine.SectorParams(uint32(i + 1), 400, 2));
    }

    // Governing

    function _setSector(uint256 sector, IBenefitMine.SectorParams memory params) internal {
        VM.prank(ADMIN);
        _mine.setSector(_number(sector), params);
        if (_latestFrom[sector] <= _round()) _before[sector] = _latest[sector];
        (_latest[sector], _latestFrom[sector]) = (params, _round() + 1);
        _listed[sector] = true;
    }

    function _toggleSource(uint256 source, bool resigns) internal {
        VM.prank(_admitted[source] && resigns ? _source(source) : ADMIN);
        if (!_admitted[source]) _mine.admitSource(_source(source), uint88(_nextCap[source]));
        else if (resigns) _mine.resign();
        else _mine.removeSource(_source(source));
        _admitted[source] = !_admitted[source];
        if (_admitted[source]) _stoppable[source] = true;
    }

    function _modelCap(uint256 source, uint256 cap) internal {
        _cap[source] = _capNow(source);
        (_nextCap[source], _nextCapFrom[source]) = (cap, _round() + 1);
    }

    /// @dev Reports in this round and the three before are void. Older ones stay.
    function _modelStop(uint256 source) internal {
        (_admitted[source], _stoppable[source]) = (false, false);
        Report[] storage reports = _reports[source];
        while (reports.length != 0) {
            Report memory report = reports[reports.length - 1];
            if (report.round + 3 < _round()) break;
            _spent[report.round][source][report.sector] -= report.use;
            _credited[report.round][report.sector][report.championId] -= report.use;
            _benefits[report.round][report.sector][report.championId] -= report.benefit;
            _sectorBenefits[report.round][report.sector] -= report.benefit;
            reports.pop();
        }
    }

    function _setRewarded(uint256 championId, uint256 sector, bool rewarded) internal {
        _champions.setRewarded(uint32(championId), _number(sector), rewarded);
        _rewarded[championId][sector] = rewarded;
    }

    function _setQuality(uint256 championId, uint256 sector, uint32 quality) internal {
        _subnets.setQuality(_number(sector), uint32(championId), quality);
        _qualities[championId][sector] = quality;
    }

    function _setPopulation(uint256 championId, uint64 population) internal {
        _champions.setPopulation(uint32(championId), population);
        _populations[championId] = population;
    }

    // Laws

    function checkCoins() external view {
        checkEq(_coin.totalSupply(), _minted, "All coins were minted for a champion's benefit");
        checkAtMost(_minted, _earned, "No more is minted than sectors earned");
        checkEq(_earned, _below(_height), "Sectors earn the whole schedule below the height");
        checkEq(_coin.balanceOf(_sale) + _donated, _minted, "Every coin entered through the sale");
        checkEq(_coin.balanceOf(address(_mine)), _donated, "The mine holds only donated coins");
    }

    function checkHeights() external view {
        checkEq(_mine.height(), _height, "Rounds mine heights in proportion to their benefit");
        checkAtMost(_height, (144 * _closed) << 64, "A round mines at most 144 heights");
        checkEq(_mine.closedCount(), _closed, "Rounds close once");
        checkEq(_mine.roundCount(), _rounds.length, "Rounds with benefit are counted");
        for (uint256 i; i < SOURCES; ++i) {
            IBenefitMine.Source memory source = _mine.sourceOf(_source(i));
            check(source.admitted == _admitted[i], "The mine knows its sources");
            checkEq(source.cap, _capNow(i), "A cap changes from the next round on");
            checkEq(source.nextCap, _nextCap[i], "The next cap is the newest");
        }
        checkEq(
            _mine.nextRound(),
            _closed < _rounds.length ? _rounds[_closed] : 0,
            "The next round is the first open one with benefit"
        );
    }

    /// @dev No walk reaches the first halving.
    function _below(uint256 height_) internal pure returns (uint256) {
        checkAtMost(height_, uint256(210_000) << 64, "The walk is before the first halving");
        return (height_ * 50e8) / 2 ** 64;
    }

    /// @dev Too costly to check after every call: it reads every round and sector.
    function checkShares() external view {
        uint256 sum;
        for (uint256 i; i < _claims.length; ++i) {
            Claim memory claim = _claims[i];
            uint256 sector = claim.sector - 100;
            (uint120 use, uint120 benefit, uint256 amount, bool minted) = _mine.earningOf(
                claim.round,
                claim.sector,
                claim.championId
            );
            checkEq(use, _credited[claim.round][sector][claim.championId], "Credited use stays");
            checkEq(benefit, _benefits[claim.round][sector][claim.championId], "Credited benefit stays");
            checkAtMost(benefit, use, "Benefit is at most the use");
            check(minted == _paid[claim.round][sector][claim.championId], "The mine knows the minted shares");
            checkAtMost(amount, _amounts[claim.round][sector], "A share is at most the whole");
            if (minted) sum += amount;
        }
        checkEq(sum, _minted, "Minted shares add up to all coins");
    }

    // Tools

    /// @dev Only handlers advance the time: the runner sets it back between calls.
    modifier warped() {
        VM.warp(_now);
        _;
    }

    function _round() internal view returns (uint32) {
        return uint32((_now - _start) / 1 days + 1);
    }

    function _paramsNow(uint256 sector) internal view returns (IBenefitMine.SectorParams memory) {
        return _latestFrom[sector] <= _round() ? _latest[sector] : _before[sector];
    }

    function _pick(uint256 seed, uint256 place, uint256 options) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, place))) % options;
    }

    function _number(uint256 sector) internal pure returns (uint16) {
        return uint16(100 + sector);
    }

    function _source(uint256 source) internal pure returns (address) {
        return address(uint160(0x50FCE + source));
    }

    function _capNow(uint256 source) internal view returns (uint256) {
        return _nextCapFrom[source] <= _round() ? _nextCap[source] : _cap[source];
    }
}
