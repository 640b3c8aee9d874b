// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the DAO's governor adds to OpenZeppelin's: when votes start, and which coins count.
interface IGridGovernor {
    /// @notice How votes run until governance sets otherwise.
    /// @param votingDelay seconds from a proposal to its snapshot
    /// @param votingPeriod seconds from the snapshot to the deadline, above 0
    /// @param proposalThreshold base units of the coin whose votes a proposer needs
    /// @param quorumNumerator per cent of the circulating coins that make a quorum, at most 100
    /// @param lateQuorumExtension seconds that remain, at least, once a quorum is reached; at most the period
    struct Settings {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThreshold;
        uint256 quorumNumerator;
        uint48 lateQuorumExtension;
    }

    error GovernorVotesNotStarted(uint256 circulating, uint256 needed);

    /// @notice Enough coins circulate: from now on, and for ever, token votes govern.
    event VotesStarted(uint256 circulating);

    /// @notice Notes for ever that votes have started; anyone may. The first proposal does it by itself.
    /// @dev One way, so that nobody closes votes again by giving coins to the sale.
    ///      - 1 % of the schedule circulates, or did once: `GovernorVotesNotStarted`
    function startVotes() external;

    /// @notice Whether proposals are possible: 1 % of the schedule circulates, or votes were started before.
    function votesStarted() external view returns (bool);

    /// @notice Coins in anybody's hands but the sale's, now, base units.
    function circulatingSupply() external view returns (uint256);

    /// @notice Coins that counted for a quorum at a past time: all, without those whose votes the sale had.
    /// @dev The sale delegates to itself, so these are its unsold coins, and what others delegate to it. Those can't
    ///      vote either: whoever takes x coins out of the vote so lowers the quorum by less than x.
    /// @param timepoint seconds, before now, or `ERC5805FutureLookup`
    function pastCirculatingSupply(uint256 timepoint) external view returns (uint256);
}
