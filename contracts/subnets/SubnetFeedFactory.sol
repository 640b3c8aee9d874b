// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {ISubnetFeedFactory} from "./ISubnetFeedFactory.sol";
import {ISubnetHub} from "./ISubnetHub.sol";
import {SubnetFeed} from "./SubnetFeed.sol";

/// @notice Creates the feeds of subnets: minimal clones of one fixed implementation, at most one for each subnet.
contract SubnetFeedFactory is ISubnetFeedFactory {
    address public immutable IMPLEMENTATION;

    /// @param hub holds the pots
    /// @param router pays the feeds
    constructor(ISubnetHub hub, ISettlementRouter router) {
        IMPLEMENTATION = address(new SubnetFeed(hub, router));
    }

    /// @inheritdoc ISubnetFeedFactory
    function create(uint32 subnetId) external returns (address feed) {
        feed = feedOf(subnetId);
        if (feed.code.length != 0) revert FeedExists(subnetId, feed);

        emit FeedCreated(subnetId, feed);

        Clones.cloneDeterministicWithImmutableArgs(IMPLEMENTATION, abi.encode(subnetId), bytes32(0));
    }

    /// @inheritdoc ISubnetFeedFactory
    function feedOf(uint32 subnetId) public view returns (address) {
        return
            Clones.predictDeterministicAddressWithImmutableArgs(
                IMPLEMENTATION,
                abi.encode(subnetId),
                bytes32(0)
            );
    }
}
