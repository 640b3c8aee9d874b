// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where proven benefit becomes coins. A round is a day and mines 144 heights of the schedule if benefit was proven
///         in it, and none if not.
interface IBenefitMine {
    /// @notice What a sector is worth in a round.
    /// @param weight its part of the subsidy, relative to the other sectors'; 0 means that it earns nothing
    /// @param target benefit units that earn its whole part, above 0 if it has weight
    /// @param allowance most benefit units that a champion is credited for each of its people
    struct SectorParams {
        uint32 weight;
        uint112 target;
        uint64 allowance;
    }

    /// @notice Who reports benefit.
    /// @param cap most benefit units that it may report in one round and sector; 0 if never admitted, then fixed for ever
    /// @param admitted whether it may report now
    struct Source {
        uint128 cap;
        bool admitted;
    }

    error ChampionsNotContract(address champions);
    error MineAdminZero();
    error CallerNotSource(address caller);
    error SourceCapZero(address source);
    error SourceCapFixed(address source, uint128 cap);
    error SourceAlreadyAdmitted(address source);
    error SourceNotAdmitted(address source);
    error SectorTargetZero(uint16 sector);
    error SectorsExceedMaximum(uint16 sector, uint256 maximum);
    error SectorWithoutWeight(uint16 sector, uint32 round);
    error ReportUnitsZero();
    error ReportChampionNotRewarded(uint32 championId, uint16 sector);
    error ReportExceedsCap(address source, uint16 sector, uint128 units, uint128 available);
    error ReportExceedsAllowance(uint32 championId, uint16 sector, uint128 units, uint128 available);
    error RoundNotNext(uint32 round, uint32 next);
    error RoundNotOver(uint32 round, uint256 end);
    error RoundNotClosed(uint32 round);
    error BenefitNonexistent(uint32 round, uint16 sector, uint32 championId);
    error BenefitAlreadyMinted(uint32 round, uint16 sector, uint32 championId);

    /// @notice A sector is worth something else from a round on, unless it is set again before.
    event SectorSet(uint16 indexed sector, uint32 indexed fromRound, SectorParams params);
    /// @notice An account may report benefit.
    event SourceAdmitted(address indexed source, uint128 cap);
    /// @notice An account may report no more; what it reported stays.
    event SourceRemoved(address indexed source);
    /// @notice A champion was credited benefit.
    event BenefitReported(
        uint32 indexed round,
        uint16 indexed sector,
        uint32 indexed championId,
        address source,
        uint128 units
    );
    /// @notice A sector with benefit earned coins, base units, which its champions share by their units.
    event SectorEarned(uint32 indexed round, uint16 indexed sector, uint192 units, uint64 amount);
    /// @notice A round mined 144 heights, the first of them `height`, for at most `subsidy` base units.
    event RoundClosed(uint32 indexed round, uint64 height, uint64 subsidy);
    /// @notice A champion's coins, base units, were minted for sale.
    event BenefitMinted(
        uint32 indexed round,
        uint16 indexed sector,
        uint32 indexed championId,
        uint256 amount
    );

    /// @notice Credits a champion with benefit in the round that is now.
    /// @dev - the caller is an admitted source, or `CallerNotSource`
    ///      - units are above 0, or `ReportUnitsZero`
    ///      - the sector has weight in this round, or `SectorWithoutWeight`
    ///      - the champion is rewarded in the sector, or `ReportChampionNotRewarded`
    ///      - the source stays within its cap, or `ReportExceedsCap`
    ///      - the champion stays within allowance times population, or `ReportExceedsAllowance`
    /// @param championId who did good
    /// @param sector in what
    /// @param units how much, credited free use times quality
    function report(uint32 championId, uint16 sector, uint128 units) external;

    /// @notice Mines the next round that has benefit, once it is over: fixes what each sector earned.
    /// @dev - no round with benefit before it is open, and it has benefit, or `RoundNotNext` (next is 0 if there is none)
    ///      - it is over, or `RoundNotOver`
    /// @param round the round, which `nextRound` tells
    function close(uint32 round) external;

    /// @notice Mints for sale what a champion earned, once: its units' share of what the sector earned, rounded down.
    /// @dev - the round is closed, or `RoundNotClosed`
    ///      - the champion has benefit in it, or `BenefitNonexistent`
    ///      - it was not minted yet, or `BenefitAlreadyMinted`
    /// @param round when
    /// @param sector in what
    /// @param championId who
    function mint(uint32 round, uint16 sector, uint32 championId) external;

    /// @notice Says what a sector is worth from the next round on. The round that is now, and those before, stay as they are.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - a sector with weight has a target, or `SectorTargetZero`
    ///      - at most 32 sectors are ever set, or `SectorsExceedMaximum`
    /// @param sector its number, as in offers
    /// @param params what it is worth
    function setSector(uint16 sector, SectorParams calldata params) external;

    /// @notice Lets an account report benefit, from now on. What it reported in this round still counts against its cap.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the cap is above 0, or `SourceCapZero`; and what it was before, if ever, or `SourceCapFixed`
    ///      - it is not admitted, or `SourceAlreadyAdmitted`
    /// @param source the account
    /// @param cap most benefit units that it may report in one round and sector
    function admitSource(address source, uint128 cap) external;

    /// @notice Stops an account from reporting, at once.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the account is admitted, or `SourceNotAdmitted`
    /// @param source the account
    function removeSource(address source) external;

    /// @notice Stops the caller from reporting, at once: who learns that its key leaked need not wait for governance.
    /// @dev The caller is an admitted source, or `CallerNotSource`.
    function resign() external;

    /// @notice The round that is now, counted from 1.
    function currentRound() external view returns (uint32);

    /// @notice The first round with benefit that is not closed, or 0 if there is none.
    function nextRound() external view returns (uint32);

    /// @notice How many rounds with benefit there were, the one that is now included.
    function roundCount() external view returns (uint256);

    /// @notice How many of them are closed.
    function closedCount() external view returns (uint32);

    /// @notice The last round that was closed, or 0.
    function lastClosedRound() external view returns (uint32);

    /// @notice Heights mined so far, which is also the next one to be mined.
    function height() external view returns (uint64);

    /// @notice All sectors that were ever set, in that order.
    function sectors() external view returns (uint16[] memory);

    /// @notice What a sector is worth in a round, one to come included as far as it is known.
    function sectorAt(uint16 sector, uint32 round) external view returns (SectorParams memory);

    /// @notice Who reports benefit.
    function sourceOf(address source) external view returns (Source memory);

    /// @notice Benefit units that a source has reported in the round that is now.
    function reportedBy(address source, uint16 sector) external view returns (uint128 units);

    /// @notice Benefit of a sector in a round, and the base units that it earned, 0 until the round is closed.
    function sectorEarningOf(
        uint32 round,
        uint16 sector
    ) external view returns (uint192 units, uint64 amount);

    /// @notice Benefit of a champion in a round and sector, the base units that it earned, 0 until the round is closed,
    ///         and whether they are minted.
    function earningOf(
        uint32 round,
        uint16 sector,
        uint32 championId
    ) external view returns (uint128 units, uint256 amount, bool minted);
}
