// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Additions of the DAO's governor to OpenZeppelin's: the start of votes, and the supply for a quorum.
/// @dev A passed proposal expires 14 days after its deadline unless it is queued, and 14 days after the timelock's delay
///      unless it is executed.
interface IGridGovernor {
    /// @notice Initial voting settings. Governance can change them.
    /// @param votingDelay seconds from a proposal to its snapshot
    /// @param votingPeriod seconds from the snapshot to the deadline, above 0
    /// @param proposalThreshold votes needed to propose, in base units of the coin
    /// @param quorumNumerator quorum in per cent of the circulating supply, at most 100
    /// @param lateQuorumExtension minimum seconds left to vote once a quorum is reached, at most `votingPeriod`
    struct Settings {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThreshold;
        uint256 quorumNumerator;
        uint48 lateQuorumExtension;
    }

    error GovernorVotesNotStarted(uint256 circulating, uint256 needed);

    /// @notice Enough coins circulate: token votes govern from now on, permanently.
    event VotesStarted(uint256 circulating);

    /// @notice Starts votes permanently. Anyone may call; the first proposal does it too.
    /// @dev Idempotent and irreversible: coins sent to the sale cannot stop votes again.
    ///      - votes have started, or 1 % of the schedule circulates, or `GovernorVotesNotStarted`
    function startVotes() external;

    /// @notice Whether proposals are possible: votes have started, or 1 % of the schedule circulates.
    function votesStarted() external view returns (bool);

    /// @notice Time in seconds since 1970 when `startVotes` first succeeded, or zero before. It never changes again.
    function votesStartedAt() external view returns (uint48);

    /// @notice Minimum quorum for a snapshot, in base units, rounded up: 0.5 % of the schedule until votes started, then
    ///         linearly less, 0.1 % from a year later on.
    /// @dev Every proposal's snapshot is later than `votesStartedAt`, so its minimum never changes.
    /// @param timepoint time in seconds since 1970
    function quorumFloor(uint256 timepoint) external view returns (uint256);

    /// @notice Current supply outside of the sale, in base units.
    function circulatingSupply() external view returns (uint256);

    /// @notice Supply counted for a quorum at a past time, in base units: total supply minus the sale's votes.
    /// @dev The sale delegates to itself. Its votes are its unsold coins and coins delegated to it by others. None of
    ///      them can vote, so delegating x coins to the sale lowers the quorum by less than x.
    /// @param timepoint past time in seconds since 1970, or `ERC5805FutureLookup`
    function pastCirculatingSupply(uint256 timepoint) external view returns (uint256);
}
