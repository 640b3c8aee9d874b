// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IBenefitMine} from "./IBenefitMine.sol";

/// @notice The part of the mine about rounds, and about sectors in them.
abstract contract MineRounds is IBenefitMine, AccessControl {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev One slot: 2^32 books with less than 2^88 benefit each stay below 2^120, a round's coins below 2^40.
    struct SectorEarning {
        uint120 benefit;
        uint64 amount;
    }

    /// @notice Duration of a round, in seconds.
    uint256 public constant ROUND = 1 days;
    /// @notice Maximum number of sectors at a time.
    uint256 public constant MAX_SECTORS = 32;

    /// @notice Start of the first round, in seconds since 1970.
    uint256 public immutable START;

    uint128 public height; // slot 0 after the roles
    uint32 public closedCount;
    uint32 public lastClosedRound;
    uint32[] internal _rounds;
    uint16[] internal _sectors;
    mapping(uint16 sector => Checkpoints.Trace208) private _params;
    mapping(uint32 round => mapping(uint16 sector => SectorEarning)) internal _sectorEarnings;

    constructor() {
        START = block.timestamp;
    }

    // Governing sectors

    /// @inheritdoc IBenefitMine
    function setSector(uint16 sector, SectorParams calldata params) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (params.weight != 0 && params.target == 0) revert SectorTargetZero(sector);
        if (_indexOf(sector) == _sectors.length) _addSector(sector);

        uint32 fromRound = currentRound() + 1;
        _params[sector].push(
            fromRound,
            (uint208(params.weight) << 176) | (uint208(params.target) << 64) | params.allowance
        );

        emit SectorSet(sector, fromRound, params);
    }

    /// @dev The number of sectors if it is none.
    function _indexOf(uint16 sector) private view returns (uint256 index) {
        uint16[] memory list = _sectors;
        while (index < list.length && list[index] != sector) ++index;
    }

    function _addSector(uint16 sector) private {
        if (_sectors.length == MAX_SECTORS) revert SectorsExceedMaximum(sector, MAX_SECTORS);
        _sectors.push(sector);
    }

    /// @inheritdoc IBenefitMine
    function retireSector(uint16 sector) external onlyRole(DEFAULT_ADMIN_ROLE) {
        uint256 index = _indexOf(sector);
        if (index == _sectors.length) revert SectorNonexistent(sector);
        (, uint48 fromRound, uint208 packed) = _params[sector].latestCheckpoint();
        uint32 weight = uint32(packed >> 176);
        if (weight != 0) revert SectorHasWeight(sector, weight);
        uint32 open = nextRound();
        if (open == 0) open = currentRound();
        if (open < fromRound) revert SectorRoundsOpen(sector, open, uint32(fromRound));

        _sectors[index] = _sectors[_sectors.length - 1];
        _sectors.pop();

        emit SectorRetired(sector);
    }

    // Reading

    /// @inheritdoc IBenefitMine
    function currentRound() public view returns (uint32) {
        return uint32((block.timestamp - START) / ROUND) + 1;
    }

    /// @inheritdoc IBenefitMine
    function nextRound() public view returns (uint32) {
        return closedCount < _rounds.length ? _rounds[closedCount] : 0;
    }

    /// @inheritdoc IBenefitMine
    function roundCount() external view returns (uint256) {
        return _rounds.length;
    }

    /// @inheritdoc IBenefitMine
    function sectors() external view returns (uint16[] memory) {
        return _sectors;
    }

    /// @inheritdoc IBenefitMine
    function sectorAt(uint16 sector, uint32 round) public view returns (SectorParams memory) {
        uint208 packed = _params[sector].upperLookupRecent(round);
        return SectorParams(uint32(packed >> 176), uint112(packed >> 64), uint64(packed));
    }

    /// @inheritdoc IBenefitMine
    function sectorEarningOf(
        uint32 round,
        uint16 sector
    ) external view returns (uint120 benefit, uint64 amount) {
        SectorEarning memory earning = _sectorEarnings[round][sector];
        return (earning.benefit, earning.amount);
    }
}
