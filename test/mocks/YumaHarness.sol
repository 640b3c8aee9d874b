// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Yuma} from "../../contracts/subnets/Yuma.sol";

/// @dev Opens the functions of the library, which are internal.
contract YumaHarness {
    function epoch(
        Yuma.Network memory network,
        Yuma.Params calldata params
    ) external pure returns (Yuma.Result memory result) {
        result = Yuma.epoch(network, params);
    }

    /// @dev The gas of the computation alone.
    function gasOf(
        Yuma.Network memory network,
        Yuma.Params calldata params
    ) external view returns (uint256 used) {
        used = gasleft();
        Yuma.epoch(network, params);
        used -= gasleft();
    }

    function shares(
        uint256[] calldata incentives,
        uint256[] calldata dividends
    ) external pure returns (uint256[] memory ofMiners, uint256[] memory ofValidators) {
        return Yuma.shares(incentives, dividends);
    }

    function sharesByStake(
        uint256[] calldata stakes,
        uint256[] calldata activeStakes
    ) external pure returns (uint256[] memory ofValidators) {
        return Yuma.sharesByStake(stakes, activeStakes);
    }
}
