// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IChampionRegistry} from "../commons/IChampionRegistry.sol";
import {SubnetEpochs} from "./SubnetEpochs.sol";
import {SubnetRounds} from "./SubnetRounds.sol";
import {Subnets} from "./Subnets.sol";

/// @notice Subnets: validators stake coins and score miners; Yuma's consensus decides who is paid.
/// @dev Its parts are abstract contracts: `Subnets`, `SubnetStakes`, `SubnetPots`, `SubnetSeats`, `SubnetWeights`,
///      `SubnetEpochs`, `SubnetRounds`. It holds pots, bonds and fees. Stakes lie in `VoteHolder` contracts: their coins
///      keep their votes, and those of the hub have none.
contract SubnetHub is SubnetEpochs, SubnetRounds {
    /// @param coin Foundation Coin
    /// @param champions registry of the champions
    /// @param admin first admin; deployment hands the role to the timelock
    constructor(IERC20 coin, IChampionRegistry champions, address admin) Subnets(coin, champions) {
        if (admin == address(0)) revert HubAdminZero();
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }
}
