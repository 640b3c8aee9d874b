// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IChampionRegistry} from "../commons/IChampionRegistry.sol";
import {ISubnetEpochs} from "./ISubnetEpochs.sol";
import {ISubnetPots} from "./ISubnetPots.sol";
import {ISubnetRounds} from "./ISubnetRounds.sol";
import {ISubnetSeats} from "./ISubnetSeats.sol";
import {ISubnetStakes} from "./ISubnetStakes.sol";
import {ISubnets} from "./ISubnets.sol";

/// @notice Subnets: validators stake Foundation Coin and score miners; Yuma's consensus decides who is paid.
/// @dev An epoch's result depends on its own weights, stakes and tables only: once weights are revealed, later changes of
///      these wait until the epoch is run. Anyone can run it, and running cannot fail.
interface ISubnetHub is ISubnets, ISubnetStakes, ISubnetSeats, ISubnetEpochs, ISubnetPots, ISubnetRounds {
    /// @notice Foundation Coin: stakes, bonds of subnets, fees of miners.
    // solhint-disable-next-line func-name-mixedcase
    function COIN() external view returns (IERC20);

    /// @notice Registry of the champions.
    // solhint-disable-next-line func-name-mixedcase
    function CHAMPIONS() external view returns (IChampionRegistry);
}
