// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Creates contribution pools: minimal clones of one fixed implementation.
interface IContributionPoolFactory {
    error PoolCuratorZero();
    error PoolPolicyZero();

    /// @notice A pool was created for members who consent to this policy.
    event PoolCreated(address indexed pool, address indexed curator, bytes32 indexed policyHash);

    /// @notice Creates a pool.
    /// @dev - neither is zero, or `PoolCuratorZero`, `PoolPolicyZero`
    /// @param curator credits contributions
    /// @param policyHash Keccak-256 of the policy that members consent to
    /// @return pool name it as the account of share rows
    function create(address curator, bytes32 policyHash) external returns (address pool);

    /// @notice Whether an account is a pool of this factory, so that its rules are known.
    function isPool(address account) external view returns (bool);

    /// @notice The code of all pools.
    function IMPLEMENTATION() external view returns (address);
}
