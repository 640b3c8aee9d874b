// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IChampionRegistry} from "../commons/IChampionRegistry.sol";
import {CoinSale} from "./CoinSale.sol";
import {FoundationCoin} from "./FoundationCoin.sol";
import {IBenefitMine} from "./IBenefitMine.sol";
import {ICoinSale} from "./ICoinSale.sol";
import {IFoundationCoin} from "./IFoundationCoin.sol";
import {Subsidy} from "./Subsidy.sol";

/// @notice Mints coins for proven benefit, after Bitcoin's subsidy schedule. All of them go to the sale.
contract BenefitMine is IBenefitMine, AccessControl {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev A source's newest round with reports, and the units reported in it.
    struct Spending {
        uint128 units;
        uint32 round;
    }

    /// @dev One slot: 2^32 champions with 2^128 units each stay below 2^192, a round's coins below 2^40.
    struct SectorEarning {
        uint192 units;
        uint64 amount;
    }

    struct Earning {
        uint128 units;
        bool minted;
    }

    /// @notice Duration of a round, in seconds.
    uint256 public constant ROUND = 1 days;
    /// @notice Maximum number of heights mined by a round.
    uint64 public constant HEIGHTS = 144;
    /// @notice Maximum number of sectors ever set.
    uint256 public constant MAX_SECTORS = 32;

    /// @notice The coin. This contract is its only minter.
    IFoundationCoin public immutable COIN;
    /// @notice Registry of the champions.
    IChampionRegistry public immutable CHAMPIONS;
    /// @notice First holder of every coin.
    ICoinSale public immutable SALE;
    /// @notice Start of the first round, in seconds since 1970.
    uint256 public immutable START;

    uint128 public height; // slot 0 after the roles
    uint32 public closedCount;
    uint32 public lastClosedRound;
    uint32[] private _rounds;
    uint16[] private _sectors;
    mapping(uint16 sector => Checkpoints.Trace208) private _params;
    mapping(address source => Source) private _sources;
    mapping(address source => mapping(uint16 sector => Spending)) private _spendings;
    mapping(uint32 round => mapping(uint16 sector => SectorEarning)) private _sectorEarnings;
    mapping(uint32 round => mapping(uint16 sector => mapping(uint32 championId => Earning)))
        private _earnings;

    /// @param champions registry of the champions
    /// @param admin first admin here and at the sale; deployment hands the role to the timelock
    constructor(IChampionRegistry champions, address admin) {
        if (address(champions).code.length == 0) revert ChampionsNotContract(address(champions));
        if (admin == address(0)) revert MineAdminZero();
        FoundationCoin coin = new FoundationCoin(address(this));
        COIN = coin;
        CHAMPIONS = champions;
        SALE = new CoinSale(coin, champions, admin);
        START = block.timestamp;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    // Proving benefit

    /// @inheritdoc IBenefitMine
    function report(uint32 championId, uint16 sector, uint128 units) external {
        Source memory source = _sources[msg.sender];
        if (!source.admitted) revert CallerNotSource(msg.sender);
        if (units == 0) revert ReportUnitsZero();
        uint32 round = currentRound();
        SectorParams memory params = sectorAt(sector, round);
        if (params.weight == 0) revert SectorWithoutWeight(sector, round);
        if (!CHAMPIONS.isRewarded(championId, sector)) revert ReportChampionNotRewarded(championId, sector);

        _spend(source.cap, sector, round, units);
        _credit(round, sector, championId, units, params.allowance);
        if (_rounds.length == 0 || _rounds[_rounds.length - 1] != round) _rounds.push(round);

        emit BenefitReported(round, sector, championId, msg.sender, units);
    }

    function _spend(uint128 cap, uint16 sector, uint32 round, uint128 units) private {
        uint128 spent = reportedBy(msg.sender, sector);
        if (units > cap - spent) revert ReportExceedsCap(msg.sender, sector, units, cap - spent);
        _spendings[msg.sender][sector] = Spending(spent + units, round);
    }

    function _credit(
        uint32 round,
        uint16 sector,
        uint32 championId,
        uint128 units,
        uint64 allowance
    ) private {
        Earning storage earning = _earnings[round][sector][championId];
        uint128 credited = earning.units;
        uint128 maximum = uint128(allowance) * CHAMPIONS.championOf(championId).population;
        // Governance may have lowered the population since earlier credits.
        uint128 available = maximum > credited ? maximum - credited : 0;
        if (units > available) revert ReportExceedsAllowance(championId, sector, units, available);

        earning.units = credited + units;
        _sectorEarnings[round][sector].units += units;
    }

    // Mining

    /// @inheritdoc IBenefitMine
    function close(uint32 round) external {
        uint32 next = nextRound();
        if (round != next || round == 0) revert RoundNotNext(round, next);
        if (round >= currentRound()) revert RoundNotOver(round, START + round * ROUND);

        uint128 fromHeight = height;
        (uint256[] memory sums, uint256 totalWeight) = _sumBenefit(round);
        uint256 total = sums[sums.length - 1];
        uint128 toHeight = fromHeight + uint128((HEIGHTS * total) / totalWeight);
        uint256 mined = Subsidy.below(toHeight) - Subsidy.below(fromHeight);
        _divide(round, mined, sums);
        (height, lastClosedRound) = (toHeight, round);
        ++closedCount;

        emit RoundClosed(round, fromHeight, toHeight, uint64(mined));
    }

    /// @dev Nothing overflows: weight < 2^32, paid <= target < 2^112. A round with reports has weight, permanently.
    /// @return sums prefix sums over the sectors of weight x min(1, benefit / target), in 2^-64, rounded down
    /// @return totalWeight weight of all sectors in the round
    function _sumBenefit(uint32 round) private view returns (uint256[] memory sums, uint256 totalWeight) {
        uint256 count = _sectors.length;
        sums = new uint256[](count + 1);
        for (uint256 i; i < count; ++i) {
            uint16 sector = _sectors[i];
            SectorParams memory params = sectorAt(sector, round);
            uint256 units = _sectorEarnings[round][sector].units;
            totalWeight += params.weight;
            sums[i + 1] = sums[i];
            if (units == 0) continue;
            uint256 paid = Math.min(units, params.target);
            sums[i + 1] += ((uint256(params.weight) << 64) * paid) / params.target;
        }
    }

    /// @dev The sectors' amounts add up to `mined` exactly. If nothing was mined, nobody earned: no division.
    function _divide(uint32 round, uint256 mined, uint256[] memory sums) private {
        uint256 count = sums.length - 1;
        uint256 total = sums[count];
        for (uint256 i; i < count; ++i) {
            SectorEarning storage earning = _sectorEarnings[round][_sectors[i]];
            uint192 units = earning.units;
            if (units == 0) continue;
            uint64 amount;
            if (mined != 0) amount = uint64((mined * sums[i + 1]) / total - (mined * sums[i]) / total);

            earning.amount = amount;

            emit SectorEarned(round, _sectors[i], units, amount);
        }
    }

    /// @inheritdoc IBenefitMine
    function mint(uint32 round, uint16 sector, uint32 championId) external {
        if (round > lastClosedRound) revert RoundNotClosed(round);
        (uint128 units, uint256 amount, bool minted) = earningOf(round, sector, championId);
        if (units == 0) revert BenefitNonexistent(round, sector, championId);
        if (minted) revert BenefitAlreadyMinted(round, sector, championId);

        _earnings[round][sector][championId].minted = true;

        emit BenefitMinted(round, sector, championId, amount);

        COIN.mint(address(SALE), amount);
        SALE.stock(championId, round, uint64(amount));
    }

    // Governing sectors and sources

    /// @inheritdoc IBenefitMine
    function setSector(uint16 sector, SectorParams calldata params) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (params.weight != 0 && params.target == 0) revert SectorTargetZero(sector);
        Checkpoints.Trace208 storage history = _params[sector];
        if (history.length() == 0) _addSector(sector);

        uint32 fromRound = currentRound() + 1;
        history.push(
            fromRound,
            (uint208(params.weight) << 176) | (uint208(params.target) << 64) | params.allowance
        );

        emit SectorSet(sector, fromRound, params);
    }

    function _addSector(uint16 sector) private {
        if (_sectors.length == MAX_SECTORS) revert SectorsExceedMaximum(sector, MAX_SECTORS);
        _sectors.push(sector);
    }

    /// @inheritdoc IBenefitMine
    function admitSource(address source, uint128 cap) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Source storage self = _sources[source];
        if (cap == 0) revert SourceCapZero(source);
        if (self.cap != 0 && self.cap != cap) revert SourceCapFixed(source, self.cap);
        if (self.admitted) revert SourceAlreadyAdmitted(source);

        (self.cap, self.admitted) = (cap, true);

        emit SourceAdmitted(source, cap);
    }

    /// @inheritdoc IBenefitMine
    function removeSource(address source) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (!_sources[source].admitted) revert SourceNotAdmitted(source);

        _remove(source);
    }

    function _remove(address source) private {
        _sources[source].admitted = false;
        emit SourceRemoved(source);
    }

    /// @inheritdoc IBenefitMine
    function resign() external {
        if (!_sources[msg.sender].admitted) revert CallerNotSource(msg.sender);
        _remove(msg.sender);
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
    function sourceOf(address source) external view returns (Source memory) {
        return _sources[source];
    }

    /// @inheritdoc IBenefitMine
    function reportedBy(address source, uint16 sector) public view returns (uint128 units) {
        Spending memory spending = _spendings[source][sector];
        return spending.round == currentRound() ? spending.units : 0;
    }

    /// @inheritdoc IBenefitMine
    function sectorEarningOf(
        uint32 round,
        uint16 sector
    ) external view returns (uint192 units, uint64 amount) {
        SectorEarning memory earning = _sectorEarnings[round][sector];
        return (earning.units, earning.amount);
    }

    /// @inheritdoc IBenefitMine
    function earningOf(
        uint32 round,
        uint16 sector,
        uint32 championId
    ) public view returns (uint128 units, uint256 amount, bool minted) {
        Earning memory earning = _earnings[round][sector][championId];
        if (earning.units == 0) return (0, 0, false);
        SectorEarning memory total = _sectorEarnings[round][sector];
        return (earning.units, (uint256(total.amount) * earning.units) / total.units, earning.minted);
    }
}
