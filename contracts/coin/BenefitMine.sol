// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IChampionRegistry} from "../commons/IChampionRegistry.sol";
import {ISubnetQuality} from "../subnets/ISubnetQuality.sol";
import {CoinSale} from "./CoinSale.sol";
import {FoundationCoin} from "./FoundationCoin.sol";
import {IBenefitMine} from "./IBenefitMine.sol";
import {ICoinSale} from "./ICoinSale.sol";
import {IFoundationCoin} from "./IFoundationCoin.sol";
import {MineSources} from "./MineSources.sol";
import {Subsidy} from "./Subsidy.sol";

/// @notice Mints coins for proven benefit, after Bitcoin's subsidy schedule. All of them go to the sale.
/// @dev Its parts are abstract contracts: `MineRounds`, `MineSources`.
contract BenefitMine is MineSources {
    /// @dev One slot. Stopped books are included: 2^32 books with less than 2^88 each stay below 2^120.
    struct Earning {
        uint120 use;
        uint120 benefit;
        bool minted;
    }

    /// @dev The quality 1, as fixed point.
    uint256 private constant BEST = 2 ** 16;
    /// @notice Maximum number of heights mined by a round.
    uint64 public constant HEIGHTS = 144;
    /// @notice The coin. This contract is its only minter.
    IFoundationCoin public immutable COIN;
    /// @notice Registry of the champions.
    IChampionRegistry public immutable CHAMPIONS;
    /// @notice First holder of every coin.
    ICoinSale public immutable SALE;

    ISubnetQuality public subnets; // one slot: each report reads both
    uint32 private _newestRound;
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
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    // Proving benefit

    /// @inheritdoc IBenefitMine
    function report(uint32 championId, uint16 sector, uint88 use) external {
        Reporter storage reporter = _reporters[msg.sender];
        if (!reporter.admitted) revert CallerNotSource(msg.sender);
        uint32 round = currentRound();
        SectorParams memory params = sectorAt(sector, round);
        if (params.weight == 0) revert SectorWithoutWeight(sector, round);
        if (!CHAMPIONS.isRewarded(championId, sector)) revert ReportChampionNotRewarded(championId, sector);
        Tally memory credit = Tally(use, _benefitOf(championId, sector, use));
        if (credit.benefit == 0) revert ReportWithoutBenefit(championId, sector);

        _book(reporter, round, sector, championId, credit);
        _credit(round, sector, championId, credit, params.allowance);
        if (_newestRound != round) {
            _newestRound = round;
            _rounds.push(round);
        }

        emit BenefitReported(round, sector, championId, msg.sender, use, credit.benefit);
    }

    /// @dev A quality above 1 counts as 1: no quality makes more benefit than use.
    function _benefitOf(uint32 championId, uint16 sector, uint88 use) private view returns (uint88) {
        ISubnetQuality hub = subnets;
        if (address(hub) == address(0)) return use;
        uint256 quality = Math.min(hub.qualityOf(sector, championId), BEST);
        return uint88((use * quality) / BEST);
    }

    function _credit(
        uint32 round,
        uint16 sector,
        uint32 championId,
        Tally memory credit,
        uint64 allowance
    ) private {
        Earning storage earning = _earnings[round][sector][championId];
        // Stops of later rounds are yet to come.
        (uint120 use, ) = _creditedUntil(round, round, sector, championId);
        uint128 maximum = uint128(allowance) * CHAMPIONS.championOf(championId).population;
        // Governance may have lowered the population since earlier credits.
        uint128 available = maximum > use ? maximum - use : 0;
        if (credit.use > available) {
            revert ReportExceedsAllowance(championId, sector, credit.use, available);
        }

        (earning.use, earning.benefit) = (earning.use + credit.use, earning.benefit + credit.benefit);
        _sectorEarnings[round][sector].benefit += credit.benefit;
    }

    /// @dev A champion's credits in `round`, without those of books stopped from then until `lastRound`.
    function _creditedUntil(
        uint256 lastRound,
        uint32 round,
        uint16 sector,
        uint32 championId
    ) private view returns (uint120 use, uint120 benefit) {
        Earning memory earning = _earnings[round][sector][championId];
        if (earning.use == 0) return (0, 0);
        (use, benefit) = _voidUntil(lastRound, round, sector, championId);
        return (earning.use - use, earning.benefit - benefit);
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
            uint256 benefit = _sectorEarnings[round][sector].benefit;
            totalWeight += params.weight;
            sums[i + 1] = sums[i];
            if (benefit == 0) continue;
            uint256 paid = Math.min(benefit, params.target);
            sums[i + 1] += ((uint256(params.weight) << 64) * paid) / params.target;
        }
    }

    /// @dev The sectors' amounts add up to `mined` exactly. If nothing was mined, nobody earned: no division.
    function _divide(uint32 round, uint256 mined, uint256[] memory sums) private {
        uint16[] memory list = _sectors;
        uint256 total = sums[list.length];
        for (uint256 i; i < list.length; ++i) {
            SectorEarning storage earning = _sectorEarnings[round][list[i]];
            uint120 benefit = earning.benefit;
            if (benefit == 0) continue;
            uint64 amount;
            if (mined != 0) amount = uint64((mined * sums[i + 1]) / total - (mined * sums[i]) / total);

            earning.amount = amount;

            emit SectorEarned(round, list[i], benefit, amount);
        }
    }

    /// @inheritdoc IBenefitMine
    function mint(uint32 round, uint16 sector, uint32 championId) external {
        if (round > lastClosedRound) revert RoundNotClosed(round);
        (, uint120 benefit, uint256 amount, bool minted) = earningOf(round, sector, championId);
        if (benefit == 0) revert BenefitNonexistent(round, sector, championId);
        if (minted) revert BenefitAlreadyMinted(round, sector, championId);

        _earnings[round][sector][championId].minted = true;

        emit BenefitMinted(round, sector, championId, amount);

        COIN.mint(address(SALE), amount);
        SALE.stock(championId, round, uint64(amount));
    }

    // Governing quality

    /// @inheritdoc IBenefitMine
    function setSubnets(ISubnetQuality subnets_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (address(subnets) != address(0)) revert SubnetsAlreadySet(address(subnets));
        if (address(subnets_).code.length == 0) revert SubnetsNotContract(address(subnets_));

        subnets = subnets_;

        emit SubnetsSet(address(subnets_));
    }

    // Reading

    /// @inheritdoc IBenefitMine
    function earningOf(
        uint32 round,
        uint16 sector,
        uint32 championId
    ) public view returns (uint120 use, uint120 benefit, uint256 amount, bool minted) {
        (use, benefit) = _creditedUntil(uint256(round) + HOLD_ROUNDS, round, sector, championId);
        if (benefit == 0) return (0, 0, 0, false);
        SectorEarning memory total = _sectorEarnings[round][sector];
        minted = _earnings[round][sector][championId].minted;
        return (use, benefit, (uint256(total.amount) * benefit) / total.benefit, minted);
    }
}
