// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {ContributionPool} from "./ContributionPool.sol";
import {IContributionPoolFactory} from "./IContributionPoolFactory.sol";

/// @notice Creates contribution pools: minimal clones of one fixed implementation.
contract ContributionPoolFactory is IContributionPoolFactory {
    address public immutable IMPLEMENTATION = address(new ContributionPool());

    mapping(address account => bool) public isPool;

    /// @inheritdoc IContributionPoolFactory
    function create(address curator, bytes32 policyHash) external returns (address pool) {
        if (curator == address(0)) revert PoolCuratorZero();
        if (policyHash == 0) revert PoolPolicyZero();

        pool = Clones.cloneWithImmutableArgs(IMPLEMENTATION, abi.encode(policyHash));
        isPool[pool] = true;

        emit PoolCreated(pool, curator, policyHash);

        ContributionPool(pool).initialize(curator);
    }
}
