// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice Holds staked coins that vote by one delegatee. Only its creator, the hub, can move them.
/// @dev An account has one delegate for all its coins, so each delegatee needs a contract of its own. After Uniswap's
///      DelegationSurrogate.
contract VoteHolder {
    /// @param coin token with votes
    /// @param delegatee who votes with the coins here
    constructor(IERC20 coin, address delegatee) {
        IVotes(address(coin)).delegate(delegatee);
        coin.approve(msg.sender, type(uint256).max);
    }
}
