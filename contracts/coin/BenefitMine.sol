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

    /// @dev `cap` applies from round `capFrom` on, `previousCap` before. Units reported until a stop are in one book.
    struct Reporter {
        uint128 cap; // slot 0
        uint32 capFrom;
        uint32 book;
        bool admitted;
        uint128 previousCap; // slot 1
    }

    /// @dev One slot: 2^32 champions with 2^128 units each stay below 2^192, a round's coins below 2^40.
    struct SectorEarning {
        uint192 units;
        uint64 amount;
    }

    /// @dev Units of stopped books are included. Each book has less than 2^128.
    struct Earning {
        uint192 units;
        bool minted;
    }

    /// @notice Duration of a round, in seconds.
    uint256 public constant ROUND = 1 days;
    /// @notice Duration from the end of a round until it can be closed, in seconds.
    uint256 public constant HOLD = 3 days;
    /// @notice Maximum number of heights mined by a round.
    uint64 public constant HEIGHTS = 144;
    /// @notice Maximum number of sectors at a time.
    uint256 public constant MAX_SECTORS = 32;
    /// @notice Maximum number of sources stopped in a round.
    uint256 public constant MAX_STOPS = 32;
    /// @notice Role for `stopSource`: the guardian's and the timelock's. Granted by the admin role.
    bytes32 public constant STOPPER_ROLE = keccak256("STOPPER_ROLE");
    uint32 private constant HOLD_ROUNDS = uint32(HOLD / ROUND);

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
    uint32 private _lastBook;
    uint32[] private _rounds;
    uint16[] private _sectors;
    mapping(uint16 sector => Checkpoints.Trace208) private _params;
    mapping(address source => Reporter) private _reporters;
    mapping(uint32 round => uint32[]) private _stoppedBooks;
    mapping(uint32 book => mapping(uint32 round => mapping(uint16 sector => uint128))) private _reports;
    mapping(uint32 book => mapping(uint32 round => mapping(uint16 sector => mapping(uint32 championId => uint128))))
        private _credits;
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
        Reporter storage reporter = _reporters[msg.sender];
        if (!reporter.admitted) revert CallerNotSource(msg.sender);
        if (units == 0) revert ReportUnitsZero();
        uint32 round = currentRound();
        SectorParams memory params = sectorAt(sector, round);
        if (params.weight == 0) revert SectorWithoutWeight(sector, round);
        if (!CHAMPIONS.isRewarded(championId, sector)) revert ReportChampionNotRewarded(championId, sector);

        _book(reporter, round, sector, championId, units);
        _credit(round, sector, championId, units, params.allowance);
        if (_rounds.length == 0 || _rounds[_rounds.length - 1] != round) _rounds.push(round);

        emit BenefitReported(round, sector, championId, msg.sender, units);
    }

    function _book(
        Reporter storage reporter,
        uint32 round,
        uint16 sector,
        uint32 championId,
        uint128 units
    ) private {
        uint32 book = reporter.book;
        uint128 reported = _reports[book][round][sector];
        uint128 cap = _capOf(reporter, round);
        // Governance cannot lower a cap below earlier reports: it changes from the next round on.
        if (units > cap - reported) revert ReportExceedsCap(msg.sender, sector, units, cap - reported);

        _reports[book][round][sector] = reported + units;
        _credits[book][round][sector][championId] += units;
    }

    function _capOf(Reporter storage reporter, uint32 round) private view returns (uint128) {
        return reporter.capFrom <= round ? reporter.cap : reporter.previousCap;
    }

    function _credit(
        uint32 round,
        uint16 sector,
        uint32 championId,
        uint128 units,
        uint64 allowance
    ) private {
        // Stops of later rounds are yet to come.
        uint128 credited = _creditedUntil(round, round, sector, championId);
        uint128 maximum = uint128(allowance) * CHAMPIONS.championOf(championId).population;
        // Governance may have lowered the population since earlier credits.
        uint128 available = maximum > credited ? maximum - credited : 0;
        if (units > available) revert ReportExceedsAllowance(championId, sector, units, available);

        _earnings[round][sector][championId].units += units;
        _sectorEarnings[round][sector].units += units;
    }

    /// @dev A champion's units in `round`, without those of books stopped from then until `lastRound`.
    function _creditedUntil(
        uint256 lastRound,
        uint32 round,
        uint16 sector,
        uint32 championId
    ) private view returns (uint128) {
        uint256 units = _earnings[round][sector][championId].units;
        if (units == 0) return 0;
        for (uint256 i = round; i <= lastRound; ++i) {
            uint32[] storage stopped = _stoppedBooks[uint32(i)];
            uint256 count = stopped.length;
            for (uint256 j; j < count; ++j) units -= _credits[stopped[j]][round][sector][championId];
        }
        return uint128(units);
    }

    // Mining

    /// @inheritdoc IBenefitMine
    function close(uint32 round) external {
        uint32 next = nextRound();
        if (round != next || round == 0) revert RoundNotNext(round, next);
        uint256 holdEnd = START + round * ROUND + HOLD;
        if (block.timestamp < holdEnd) revert RoundOnHold(round, holdEnd);

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
        uint16[] memory list = _sectors;
        sums = new uint256[](list.length + 1);
        for (uint256 i; i < list.length; ++i) {
            uint16 sector = list[i];
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
        uint16[] memory list = _sectors;
        uint256 total = sums[list.length];
        for (uint256 i; i < list.length; ++i) {
            SectorEarning storage earning = _sectorEarnings[round][list[i]];
            uint192 units = earning.units;
            if (units == 0) continue;
            uint64 amount;
            if (mined != 0) amount = uint64((mined * sums[i + 1]) / total - (mined * sums[i]) / total);

            earning.amount = amount;

            emit SectorEarned(round, list[i], units, amount);
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

    // Governing sources

    /// @inheritdoc IBenefitMine
    function admitSource(address source, uint128 cap) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Reporter storage reporter = _reporters[source];
        if (cap == 0) revert SourceCapZero(source);
        uint128 current = reporter.cap;
        if (current != 0 && current != cap) revert SourceCapMismatch(source, current);
        if (reporter.admitted) revert SourceAlreadyAdmitted(source);

        if (reporter.book == 0) reporter.book = ++_lastBook;
        (reporter.cap, reporter.admitted) = (cap, true);

        emit SourceAdmitted(source, cap);
    }

    /// @inheritdoc IBenefitMine
    function setSourceCap(address source, uint128 cap) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Reporter storage reporter = _reporters[source];
        if (reporter.cap == 0) revert SourceNotAdmitted(source);
        if (cap == 0) revert SourceCapZero(source);
        uint32 round = currentRound();

        if (reporter.capFrom <= round) reporter.previousCap = reporter.cap;
        (reporter.cap, reporter.capFrom) = (cap, round + 1);

        emit SourceCapSet(source, round + 1, cap);
    }

    /// @inheritdoc IBenefitMine
    function removeSource(address source) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (!_reporters[source].admitted) revert SourceNotAdmitted(source);

        _remove(source);
    }

    function _remove(address source) private {
        _reporters[source].admitted = false;
        emit SourceRemoved(source);
    }

    /// @inheritdoc IBenefitMine
    function resign() external {
        if (!_reporters[msg.sender].admitted) revert CallerNotSource(msg.sender);
        _remove(msg.sender);
    }

    /// @inheritdoc IBenefitMine
    function stopSource(address source) external onlyRole(STOPPER_ROLE) {
        Reporter storage reporter = _reporters[source];
        uint32 book = reporter.book;
        if (book == 0) revert SourceNotAdmitted(source);
        uint32 round = currentRound();
        uint32[] storage stopped = _stoppedBooks[round];
        if (stopped.length == MAX_STOPS) revert StopsExceedMaximum(source, MAX_STOPS);

        (reporter.book, reporter.admitted) = (0, false);
        stopped.push(book);
        uint32 fromRound = round > HOLD_ROUNDS ? round - HOLD_ROUNDS : 1;
        for (uint32 i = fromRound; i <= round; ++i) _void(book, i);

        emit SourceStopped(source, fromRound);
    }

    function _void(uint32 book, uint32 round) private {
        uint16[] memory list = _sectors;
        for (uint256 i; i < list.length; ++i) {
            uint128 units = _reports[book][round][list[i]];
            if (units != 0) _sectorEarnings[round][list[i]].units -= units;
        }
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
        Reporter storage reporter = _reporters[source];
        return Source(_capOf(reporter, currentRound()), reporter.cap, reporter.admitted);
    }

    /// @inheritdoc IBenefitMine
    function reportedBy(address source, uint16 sector) external view returns (uint128) {
        return _reports[_reporters[source].book][currentRound()][sector];
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
        units = _creditedUntil(uint256(round) + HOLD_ROUNDS, round, sector, championId);
        if (units == 0) return (0, 0, false);
        SectorEarning memory total = _sectorEarnings[round][sector];
        minted = _earnings[round][sector][championId].minted;
        return (units, (uint256(total.amount) * units) / total.units, minted);
    }
}
