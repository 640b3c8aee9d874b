// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {EXECUTION_PERIOD} from "./GridTimelock.sol";
import {IGridGovernor} from "./IGridGovernor.sol";

/// @notice Governor of the DAO: holders of Foundation Coin vote, the timelock executes.
contract GridGovernor is
    IGridGovernor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl
{
    /// @notice Circulating base units needed to start votes: 1 % of the coin's schedule.
    uint256 public constant VOTES_START = 20_999_999_976_900;
    /// @notice Minimum quorum in base units when votes start: 0.5 % of the schedule, so that the first votes can reach it.
    uint256 public constant FIRST_QUORUM_FLOOR = VOTES_START / 2;
    /// @notice Minimum quorum in base units from `QUORUM_FLOOR_DECLINE` on: 0.1 % of the schedule.
    uint256 public constant LAST_QUORUM_FLOOR = VOTES_START / 10;
    /// @notice Seconds in which the minimum falls from the first to the last.
    uint256 public constant QUORUM_FLOOR_DECLINE = 365 days;

    /// @notice Holder of all unsold coins. It delegates to itself before it receives any.
    address public immutable SALE;

    uint48 public votesStartedAt;

    /// @param coin voting token, with timestamps as clock
    /// @param timelock executor of proposals
    /// @param sale holder of all unsold coins
    /// @param settings initial voting settings
    constructor(
        IVotes coin,
        TimelockController timelock,
        address sale,
        Settings memory settings
    )
        Governor("Benefit Grid Governor")
        GovernorSettings(settings.votingDelay, settings.votingPeriod, settings.proposalThreshold)
        GovernorVotes(coin)
        GovernorVotesQuorumFraction(settings.quorumNumerator)
        GovernorPreventLateQuorum(settings.lateQuorumExtension)
        GovernorTimelockControl(timelock)
    {
        SALE = sale;
    }

    // Starting

    /// @inheritdoc IGridGovernor
    function startVotes() public {
        if (votesStartedAt != 0) return;
        uint256 circulating = circulatingSupply();
        if (circulating < VOTES_START) revert GovernorVotesNotStarted(circulating, VOTES_START);

        votesStartedAt = clock();

        emit VotesStarted(circulating);
    }

    /// @inheritdoc IGridGovernor
    function votesStarted() external view returns (bool) {
        return votesStartedAt != 0 || circulatingSupply() >= VOTES_START;
    }

    /// @inheritdoc IGridGovernor
    function circulatingSupply() public view returns (uint256) {
        IERC20 coin = IERC20(address(token()));
        return coin.totalSupply() - coin.balanceOf(SALE);
    }

    /// @inheritdoc Governor
    /// @dev Starts votes if they have not started, or reverts with `GovernorVotesNotStarted`.
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override returns (uint256) {
        startVotes();
        return super.propose(targets, values, calldatas, description);
    }

    // Counting

    /// @inheritdoc GovernorVotesQuorumFraction
    /// @dev The fraction of `pastCirculatingSupply`, rounded down, but at least `quorumFloor`.
    function quorum(
        uint256 timepoint
    ) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        uint256 fraction = Math.mulDiv(
            pastCirculatingSupply(timepoint),
            quorumNumerator(timepoint),
            quorumDenominator()
        );
        return Math.max(fraction, quorumFloor(timepoint));
    }

    /// @inheritdoc IGridGovernor
    function quorumFloor(uint256 timepoint) public view returns (uint256) {
        if (votesStartedAt == 0) return FIRST_QUORUM_FLOOR;
        uint256 elapsed = Math.min(Math.saturatingSub(timepoint, votesStartedAt), QUORUM_FLOOR_DECLINE);
        return
            FIRST_QUORUM_FLOOR - ((FIRST_QUORUM_FLOOR - LAST_QUORUM_FLOOR) * elapsed) / QUORUM_FLOOR_DECLINE;
    }

    /// @inheritdoc IGridGovernor
    function pastCirculatingSupply(uint256 timepoint) public view returns (uint256) {
        return token().getPastTotalSupply(timepoint) - token().getPastVotes(SALE, timepoint);
    }

    function _getVotes(
        address account,
        uint256 timepoint,
        bytes memory params
    ) internal view override(Governor, GovernorVotes) returns (uint256) {
        return account == SALE ? 0 : super._getVotes(account, timepoint, params);
    }

    // Expiring

    /// @inheritdoc GovernorTimelockControl
    /// @dev `Expired` if a passed proposal is not queued, or a queued one not executed, in `EXECUTION_PERIOD`. Otherwise
    ///      its executor could choose a time years later. The timelock refuses expired operations itself.
    function state(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        ProposalState current = super.state(proposalId);
        uint256 since;
        if (current == ProposalState.Succeeded) since = proposalDeadline(proposalId);
        else if (current == ProposalState.Queued) since = proposalEta(proposalId);
        else return current;
        return clock() > since + EXECUTION_PERIOD ? ProposalState.Expired : current;
    }

    // Overrides required by OpenZeppelin's modules

    /// @inheritdoc GovernorPreventLateQuorum
    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @inheritdoc GovernorSettings
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
