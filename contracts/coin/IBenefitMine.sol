// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetQuality} from "../subnets/ISubnetQuality.sol";

/// @notice Mints coins for proven benefit, after Bitcoin's subsidy schedule.
/// @dev Benefit is credited free use times quality: floor(use x quality / 2^16) for each report. Caps and allowances limit
///      the use. Sectors, rounds and coins count the benefit.
///      A round is one day. It mines up to 144 heights of the schedule, in proportion to its sectors' benefit. Later
///      rounds mine the rest: nothing of the schedule is lost. Heights are fixed point, in 2^-64.
///      NOTE: weight without benefit slows mining. Governance resets a sector that nobody serves.
interface IBenefitMine {
    /// @notice Parameters of a sector in a round.
    /// @param weight the sector's share of a round's heights, relative to other sectors; 0 mines nothing
    /// @param target benefit needed to mine the whole share, above 0 if the weight is
    /// @param allowance maximum units of use credited to a champion per round and person of its population
    struct SectorParams {
        uint32 weight;
        uint112 target;
        uint64 allowance;
    }

    /// @notice A reporter of benefit.
    /// @param cap maximum units of use per round and sector; 0 before the first admission
    /// @param nextCap the same from the next round on
    /// @param admitted whether it may report now
    struct Source {
        uint88 cap;
        uint88 nextCap;
        bool admitted;
    }

    error ChampionsNotContract(address champions);
    error MineAdminZero();
    error SubnetsNotContract(address subnets);
    error SubnetsAlreadySet(address subnets);
    error CallerNotSource(address caller);
    error SourceCapZero(address source);
    error SourceCapMismatch(address source, uint88 cap);
    error SourceAlreadyAdmitted(address source);
    error SourceNotAdmitted(address source);
    error StopsExceedMaximum(address source, uint256 maximum);
    error SectorTargetZero(uint16 sector);
    error SectorsExceedMaximum(uint16 sector, uint256 maximum);
    error SectorWithoutWeight(uint16 sector, uint32 round);
    error SectorNonexistent(uint16 sector);
    error SectorHasWeight(uint16 sector, uint32 weight);
    error SectorRoundsOpen(uint16 sector, uint32 round, uint32 weightlessFrom);
    error ReportChampionNotRewarded(uint32 championId, uint16 sector);
    error ReportWithoutBenefit(uint32 championId, uint16 sector);
    error ReportExceedsCap(address source, uint16 sector, uint88 use, uint88 available);
    error ReportExceedsAllowance(uint32 championId, uint16 sector, uint88 use, uint128 available);
    error RoundNotNext(uint32 round, uint32 next);
    error RoundOnHold(uint32 round, uint256 holdEnd);
    error RoundNotClosed(uint32 round);
    error BenefitNonexistent(uint32 round, uint16 sector, uint32 championId);
    error BenefitAlreadyMinted(uint32 round, uint16 sector, uint32 championId);

    /// @notice The contract that knows champions' quality was set, permanently.
    event SubnetsSet(address indexed subnets);
    /// @notice A sector's parameters change from round `fromRound` on, unless set again before.
    event SectorSet(uint16 indexed sector, uint32 indexed fromRound, SectorParams params);
    /// @notice A sector is no longer in the list, until it is set again.
    event SectorRetired(uint16 indexed sector);
    /// @notice An account may report benefit.
    event SourceAdmitted(address indexed source, uint88 cap);
    /// @notice A source's cap changes from round `fromRound` on, unless set again before.
    event SourceCapSet(address indexed source, uint32 indexed fromRound, uint88 cap);
    /// @notice An account may no longer report benefit. Its earlier reports stay valid.
    event SourceRemoved(address indexed source);
    /// @notice An account may no longer report benefit. Its reports in rounds from `fromRound` until now are void.
    event SourceStopped(address indexed source, uint32 fromRound);
    /// @notice A source credited a champion with `use` units of use, and with `benefit` after its quality.
    event BenefitReported(
        uint32 indexed round,
        uint16 indexed sector,
        uint32 indexed championId,
        address source,
        uint88 use,
        uint88 benefit
    );
    /// @notice A sector earned `amount` base units. Its champions share them in proportion to their benefit.
    event SectorEarned(uint32 indexed round, uint16 indexed sector, uint120 benefit, uint64 amount);
    /// @notice A round mined the schedule between two heights, in 2^-64. Its sectors earned `amount` base units.
    event RoundClosed(uint32 indexed round, uint128 fromHeight, uint128 toHeight, uint64 amount);
    /// @notice A champion's coins, in base units, were minted to the sale.
    event BenefitMinted(
        uint32 indexed round,
        uint16 indexed sector,
        uint32 indexed championId,
        uint256 amount
    );

    /// @notice Credits a champion with use in the current round, and with its benefit: use times quality, rounded down.
    /// @dev - the caller is an admitted source, or `CallerNotSource`
    ///      - the sector has weight in this round, or `SectorWithoutWeight`
    ///      - the champion is rewarded in the sector, or `ReportChampionNotRewarded`
    ///      - the benefit is above 0, or `ReportWithoutBenefit`
    ///      - the source's use stays within its cap, or `ReportExceedsCap`
    ///      - the champion's use stays within allowance times population, or `ReportExceedsAllowance`
    /// @param championId the champion
    /// @param sector the sector of the use
    /// @param use units of credited free use
    function report(uint32 championId, uint16 sector, uint88 use) external;

    /// @notice Closes a round: mines its heights and divides their coins among the sectors with benefit. The height
    ///         advances by 144 x sum of weight share x min(1, benefit / target) over the sectors, rounded down.
    /// @dev - it is the first open round with benefit, or `RoundNotNext` (`next` is 0 if there is none)
    ///      - its hold, 3 days after its end, is over, or `RoundOnHold`: meanwhile sources can be stopped
    /// @param round the round, as returned by `nextRound`
    function close(uint32 round) external;

    /// @notice Mints a champion's earnings to the sale, once: its benefit's share of the sector's, rounded down.
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
    ///      - at most 32 sectors are set and not retired, or `SectorsExceedMaximum`
    /// @param sector number of the sector, as in offers
    /// @param params its new parameters
    function setSector(uint16 sector, SectorParams calldata params) external;

    /// @notice Takes a sector without weight off the list. Setting it again puts it back.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the sector is on the list, or `SectorNonexistent`
    ///      - it was last set without weight, or `SectorHasWeight`
    ///      - all rounds before that setting are closed or without benefit, or `SectorRoundsOpen`
    /// @param sector number of the sector
    function retireSector(uint16 sector) external;

    /// @notice Allows an account to report benefit from now on. After a removal, its reports of the current round still
    ///         count against its cap. After a stop, void reports stay void and do not count.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - `cap` is above 0, or `SourceCapZero`
    ///      - `cap` equals the account's newest cap, if any, or `SourceCapMismatch`
    ///      - the account is not admitted, or `SourceAlreadyAdmitted`
    /// @param source the account
    /// @param cap maximum units of use per round and sector
    function admitSource(address source, uint88 cap) external;

    /// @notice Sets a source's cap from the next round on. The current round keeps its cap.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the account was admitted at least once, or `SourceNotAdmitted`
    ///      - `cap` is above 0, or `SourceCapZero`
    /// @param source the account
    /// @param cap maximum units of use per round and sector
    function setSourceCap(address source, uint88 cap) external;

    /// @notice Stops an account from reporting, effective immediately. Its reports stay valid.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - the account is admitted, or `SourceNotAdmitted`
    /// @param source the account
    function removeSource(address source) external;

    /// @notice Stops the caller from reporting. Its reports stay valid: only a stop voids reports of a leaked key.
    /// @dev The caller is an admitted source, or `CallerNotSource`.
    function resign() external;

    /// @notice Stops an account with a leaked key from reporting, effective immediately, and voids its reports in all
    ///         rounds on hold, the current one included. Champions regain their allowances.
    /// @dev NOTE: reports of earlier rounds stay valid, closed or not. A removed account can be stopped, or a thief would
    ///      resign to save its reports. Readmission revives nothing.
    ///      - the caller has the stopper role, or `AccessControlUnauthorizedAccount`
    ///      - the account was admitted since its last stop, or `SourceNotAdmitted`
    ///      - at most 32 accounts are stopped in a round, or `StopsExceedMaximum`: `mint` reads all stops of 4 rounds
    /// @param source the account
    function stopSource(address source) external;

    /// @notice Sets the contract that knows champions' quality, permanently. For deployment. Until then quality is 1.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - it was not set before, or `SubnetsAlreadySet`
    ///      - it is a contract, or `SubnetsNotContract`
    /// @param subnets_ the hub of subnets
    function setSubnets(ISubnetQuality subnets_) external;

    /// @notice The contract that knows champions' quality, or zero. A quality above 1 counts as 1.
    function subnets() external view returns (ISubnetQuality);

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

    /// @notice All sectors that are set and not retired.
    function sectors() external view returns (uint16[] memory);

    /// @notice Parameters of a sector in a round; for a future round, as set so far.
    function sectorAt(uint16 sector, uint32 round) external view returns (SectorParams memory);

    /// @notice Caps and status of a source.
    function sourceOf(address source) external view returns (Source memory);

    /// @notice Units of use reported by a source for a sector in the current round, without void ones.
    function reportedBy(address source, uint16 sector) external view returns (uint88 use);

    /// @notice Benefit and earnings of a sector in a round, without void reports.
    /// @return benefit sum of its champions' benefit
    /// @return amount base units earned, 0 until the round is closed
    function sectorEarningOf(
        uint32 round,
        uint16 sector
    ) external view returns (uint120 benefit, uint64 amount);

    /// @notice Use, benefit and earnings of a champion in a round and sector, without void reports.
    /// @return use units of use
    /// @return benefit use times quality, each report rounded down
    /// @return amount base units earned, rounded down, 0 until the round is closed
    /// @return minted whether they are minted
    function earningOf(
        uint32 round,
        uint16 sector,
        uint32 championId
    ) external view returns (uint120 use, uint120 benefit, uint256 amount, bool minted);
}
