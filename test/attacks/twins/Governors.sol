// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @notice Counts current votes instead of past ones; has neither a proposal threshold nor a minimum quorum.
contract HastyGovernor is GovernorCountingSimple, GovernorVotesQuorumFraction {
    constructor(IVotes coin) Governor("Hasty") GovernorVotes(coin) GovernorVotesQuorumFraction(4) {}

    function votingDelay() public pure override returns (uint256) {
        return 1 days;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 7 days;
    }

    function _getVotes(
        address account,
        uint256,
        bytes memory
    ) internal view override(Governor, GovernorVotes) returns (uint256) {
        return token().getVotes(account);
    }
}
