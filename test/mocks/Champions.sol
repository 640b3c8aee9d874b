// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICoinSale} from "../../contracts/coin/ICoinSale.sol";
import {IChampionRegistry} from "../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../contracts/commons/ICommons.sol";

/// @notice Champions with population, operator and rewards set by anyone: the registry as mining sees it, and an empty Commons.
contract TestChampions {
    ICommons public immutable COMMONS = ICommons(address(this));
    mapping(uint32 championId => uint64) private _populations;
    mapping(uint32 championId => address) private _operators;
    mapping(uint32 championId => mapping(uint16 sector => bool)) public isRewarded;

    function setPopulation(uint32 championId, uint64 population) external {
        _populations[championId] = population;
    }

    function setOperator(uint32 championId, address operator) external {
        _operators[championId] = operator;
    }

    function setRewarded(uint32 championId, uint16 sector, bool rewarded) external {
        isRewarded[championId][sector] = rewarded;
    }

    function championOf(
        uint32 championId
    ) external view returns (IChampionRegistry.Champion memory champion) {
        (champion.population, champion.operator) = (_populations[championId], _operators[championId]);
    }
}

/// @notice A sale of coins: reports one contribution and pays another.
contract LyingSale {
    function contribute(
        ICommons commons,
        uint64 lotId,
        uint64 programmeId,
        IERC20 token,
        uint128 reported,
        uint128 paid
    ) external {
        emit ICoinSale.Contributed(lotId, msg.sender, msg.sender, reported);
        token.approve(address(commons), paid);
        commons.deposit(programmeId, address(token), paid);
    }
}
