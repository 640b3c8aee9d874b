// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Yuma} from "../../contracts/subnets/Yuma.sol";

/// @dev Opens the functions of the library, which are internal, and measures their gas.
contract YumaHarness {
    function epoch(
        Yuma.Network memory network,
        Yuma.Params memory params
    ) external view returns (Yuma.Result memory result, uint256 gasUsed) {
        uint256 before = gasleft();
        result = Yuma.epoch(network, params);
        gasUsed = before - gasleft();
    }

    function shares(
        uint256[] memory incentives,
        uint256[] memory dividends
    ) external pure returns (uint256[] memory ofMiners, uint256[] memory ofValidators) {
        return Yuma.shares(incentives, dividends);
    }

    function sharesByStake(
        uint256[] memory stakes,
        uint256[] memory activeStakes
    ) external pure returns (uint256[] memory ofValidators) {
        return Yuma.sharesByStake(stakes, activeStakes);
    }
}
