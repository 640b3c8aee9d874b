// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Mints coins for proven benefit, after Bitcoin's subsidy schedule.
/// @dev A round is one day. It mines up to 144 heights of the schedule, in proportion to its sectors' benefit. What it
///      does not mine, later rounds do: nothing of the schedule is lost. Heights are fixed point, in 2^-64.
///      NOTE: weight without benefit slows mining. Governance resets a sector that nobody serves.
interface IBenefitMine {
    /// @notice Parameters of a sector in a round.
    /// @param weight the sector's share of a round's heights, relative to other sectors; 0 mines nothing
    /// @param target benefit units needed to mine the whole share, above 0 if the weight is
    /// @param allowance maximum benefit units credited to a champion per round and person of its population
    struct SectorParams {
        uint32 weight;
        uint112 target;
        uint64 allowance;
    }

    /// @notice A reporter of benefit.
    /// @param cap maximum benefit units per round and sector; 0 before the first admission, then fixed permanently
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

    /// @notice A sector's parameters change from round `fromRound` on, unless set again before.
    event SectorSet(uint16 indexed sector, uint32 indexed fromRound, SectorParams params);
    /// @notice An account may report benefit.
    event SourceAdmitted(address indexed source, uint128 cap);
    /// @notice An account may no longer report benefit. Its earlier reports stay valid.
    event SourceRemoved(address indexed source);
    /// @notice A source credited a champion with benefit units.
    event BenefitReported(
        uint32 indexed round,
        uint16 indexed sector,
        uint32 indexed championId,
        address source,
        uint128 units
    );
    /// @notice A sector with benefit earned `amount` base units. Its champions share them in proportion to their units.
    event SectorEarned(uint32 indexed round, uint16 indexed sector, uint192 units, uint64 amount);
    /// @notice A round mined the schedule between two heights, in 2^-64. Its sectors earned `amount` base units.
    event RoundClosed(uint32 indexed round, uint128 fromHeight, uint128 toHeight, uint64 amount);
    /// @notice A champion's coins, in base units, were minted to the sale.
    event BenefitMinted(
        uint32 indexed round,
        uint16 indexed sector,
        uint32 indexed championId,
        uint256 amount
    );

    /// @notice Credits a champion with benefit in the current round.
    /// @dev - the caller is an admitted source, or `CallerNotSource`
    ///      - `units` is above 0, or `ReportUnitsZero`
    ///      - the sector has weight in this round, or `SectorWithoutWeight`
    ///      - the champion is rewarded in the sector, or `ReportChampionNotRewarded`
    ///      - the source stays within its cap, or `ReportExceedsCap`
    ///      - the champion stays within allowance times population, or `ReportExceedsAllowance`
    /// @param championId the champion
    /// @param sector the sector of the benefit
    /// @param units benefit units: credited free use times quality
    function report(uint32 championId, uint16 sector, uint128 units) external;

    /// @notice Closes a round: mines its heights and divides their coins among the sectors with benefit. The height
    ///         advances by 144 x sum of weight share x min(1, benefit / target) over the sectors, rounded down.
    /// @dev - it is the first open round with benefit, or `RoundNotNext` (`next` is 0 if there is none)
    ///      - it is over, or `RoundNotOver`
    /// @param round the round, as returned by `nextRound`
    function close(uint32 round) external;

    /// @notice Mints a champion's earnings to the sale, once: its units' share of the sector's, rounded down.
    /// @dev - the round is closed, or `RoundNotClosed`
    ///      - the champion has benefit in this round and sector, or `BenefitNonexistent`
    ///      - its earnings are not minted yet, or `BenefitAlreadyMinted`
    /// @param round the round
    /// @param sector the sector
    /// @param championId the champion
    function mint(uint32 round, uint16 sector, uint32 championId) external;

    /// @notice Sets a sector's parameters from the next round on. Rounds up to the current one keep theirs.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - a sector with weight has a target, or `SectorTargetZero`
    ///      - at most 32 sectors are ever set, or `SectorsExceedMaximum`
    /// @param sector number of the sector, as in offers
    /// @param params its new parameters
    function setSector(uint16 sector, SectorParams calldata params) external;

    /// @notice Allows an account to report benefit from now on. After a removal, its reports of the current round still
    ///         count against its cap.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - `cap` is above 0, or `SourceCapZero`
    ///      - `cap` equals the account's earlier cap, if any, or `SourceCapFixed`
    ///      - the account is not admitted, or `SourceAlreadyAdmitted`
    /// @param source the account
    /// @param cap maximum benefit units per round and sector
    function admitSource(address source, uint128 cap) external;

    /// @notice Stops an account from reporting, effective immediately.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the account is admitted, or `SourceNotAdmitted`
    /// @param source the account
    function removeSource(address source) external;

    /// @notice Stops the caller from reporting, so that a source with a leaked key need not wait for governance.
    /// @dev The caller is an admitted source, or `CallerNotSource`.
    function resign() external;

    /// @notice The current round, counted from 1.
    function currentRound() external view returns (uint32);

    /// @notice The first open round with benefit, or 0 if there is none.
    function nextRound() external view returns (uint32);

    /// @notice Number of rounds with benefit so far, the current round included.
    function roundCount() external view returns (uint256);

    /// @notice Number of closed rounds.
    function closedCount() external view returns (uint32);

    /// @notice The last closed round, or 0 if there is none.
    function lastClosedRound() external view returns (uint32);

    /// @notice Number of heights mined so far, in 2^-64.
    function height() external view returns (uint128);

    /// @notice All sectors ever set, oldest first.
    function sectors() external view returns (uint16[] memory);

    /// @notice Parameters of a sector in a round; for a future round, as set so far.
    function sectorAt(uint16 sector, uint32 round) external view returns (SectorParams memory);

    /// @notice Cap and status of a source.
    function sourceOf(address source) external view returns (Source memory);

    /// @notice Benefit units reported by a source for a sector in the current round.
    function reportedBy(address source, uint16 sector) external view returns (uint128 units);

    /// @notice Benefit and earnings of a sector in a round.
    /// @return units benefit units
    /// @return amount base units earned, 0 until the round is closed
    function sectorEarningOf(
        uint32 round,
        uint16 sector
    ) external view returns (uint192 units, uint64 amount);

    /// @notice Benefit and earnings of a champion in a round and sector.
    /// @return units benefit units
    /// @return amount base units earned, rounded down, 0 until the round is closed
    /// @return minted whether they are minted
    function earningOf(
        uint32 round,
        uint16 sector,
        uint32 championId
    ) external view returns (uint128 units, uint256 amount, bool minted);
}
