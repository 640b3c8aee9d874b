// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IBenefitMine} from "../../contracts/coin/IBenefitMine.sol";
import {ICoinSale} from "../../contracts/coin/ICoinSale.sol";
import {IFoundationCoin} from "../../contracts/coin/IFoundationCoin.sol";
import {IChampionRegistry} from "../../contracts/commons/IChampionRegistry.sol";
import {ICommons} from "../../contracts/commons/ICommons.sol";
import {IGridGovernor} from "../../contracts/governance/IGridGovernor.sol";

// The contracts with all functions that tests call. Tests import no contract: each would be compiled again with them.

/// @notice A token that anybody mints.
interface IToken is IERC20 {
    function mint(address to, uint256 amount) external;
}

interface ICoin is IFoundationCoin, IERC20, IVotes {}

interface IGovernedCommons is ICommons, IAccessControl {
    function DEFAULT_ADMIN_ROLE() external view returns (bytes32);
}

interface IGovernedChampions is IChampionRegistry, IAccessControl {
    function PROGRAMME_ROLE() external view returns (bytes32);
}

interface IGovernedMine is IBenefitMine, IAccessControl {
    function COIN() external view returns (address);

    function SALE() external view returns (address);
}

interface IGovernedSale is ICoinSale, IAccessControl {}

interface IVotingGovernor is IGridGovernor {
    function getVotes(address account, uint256 timepoint) external view returns (uint256);

    function quorum(uint256 timepoint) external view returns (uint256);
}
