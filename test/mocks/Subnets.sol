// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISubnetQuality} from "../../contracts/subnets/ISubnetQuality.sol";

/// @notice Qualities set by anyone: the hub of subnets as mining sees it. They are 0 at first.
contract TestSubnets is ISubnetQuality {
    mapping(uint16 sector => mapping(uint32 championId => uint32)) public qualityOf;

    function setQuality(uint16 sector, uint32 championId, uint32 quality) external {
        qualityOf[sector][championId] = quality;
    }
}
