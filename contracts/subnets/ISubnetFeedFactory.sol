// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Creates the feeds of subnets: minimal clones of one fixed implementation, at most one for each subnet.
interface ISubnetFeedFactory {
    error FeedExists(uint32 subnetId, address feed);

    /// @notice The feed of a subnet was created.
    event FeedCreated(uint32 indexed subnetId, address indexed feed);

    /// @notice Creates the feed of a subnet at the address `feedOf`. Anyone may call.
    /// @dev The subnet need not exist yet: the feed's money waits for it.
    ///      - it has none, or `FeedExists`
    /// @param subnetId id of the subnet at the hub
    /// @return feed see `ISubnetFeed`
    function create(uint32 subnetId) external returns (address feed);

    /// @notice The address of a subnet's feed, created or not. It earns at the router before it is created, too.
    function feedOf(uint32 subnetId) external view returns (address);

    /// @notice The code of all feeds.
    // solhint-disable-next-line func-name-mixedcase
    function IMPLEMENTATION() external view returns (address);
}
