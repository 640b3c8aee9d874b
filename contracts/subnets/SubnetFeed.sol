// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {ISubnetFeed} from "./ISubnetFeed.sol";
import {ISubnetHub} from "./ISubnetHub.sol";
import {ISubnets} from "./ISubnets.sol";
import {receivingEpoch} from "./SubnetState.sol";

/// @notice The account of a subnet at the router. It passes its money on to the subnet's pots.
/// @dev A minimal clone of the factory's implementation. The subnet's id is part of the clone's code. It has no state, so
///      it needs no guard: a token that calls back can only move its own balances.
contract SubnetFeed is ISubnetFeed {
    using SafeERC20 for IERC20;

    ISubnetHub public immutable HUB;
    ISettlementRouter public immutable ROUTER;

    /// @param hub holds the pots
    /// @param router pays the feeds
    constructor(ISubnetHub hub, ISettlementRouter router) {
        (HUB, ROUTER) = (hub, router);
    }

    /// @inheritdoc ISubnetFeed
    function pour(address token) external returns (uint128 amount, uint32 epoch) {
        uint32 id = subnetId();
        ROUTER.withdraw(address(this), token);
        amount = uint128(Math.min(IERC20(token).balanceOf(address(this)), type(uint128).max));
        if (amount == 0) revert FeedEmpty(id, token);

        epoch = _fundableEpoch(id);
        if (epoch == 0) _return(id, token, amount);
        else _fund(id, token, amount, epoch);
    }

    /// @dev 0 if the subnet is retired by then.
    function _fundableEpoch(uint32 id) private view returns (uint32 epoch) {
        (uint32 current, ISubnets.Phase phase, ) = HUB.clockOf(id);
        epoch = receivingEpoch(current, phase);
        uint32 retiredFrom = HUB.subnetOf(id).retiredFrom;
        if (retiredFrom != 0 && epoch >= retiredFrom) return 0;
    }

    function _return(uint32 id, address token, uint128 amount) private {
        emit FeedReturned(id, token, amount);

        IERC20(token).safeTransfer(ROUTER.COMMONS(), amount);
    }

    function _fund(uint32 id, address token, uint128 amount, uint32 epoch) private {
        IERC20(token).forceApprove(address(HUB), amount);
        uint256 fundingId = HUB.fund(id, token, amount, epoch, 1);

        emit FeedPoured(id, token, fundingId, epoch, amount);
    }

    /// @inheritdoc ISubnetFeed
    function subnetId() public view returns (uint32) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (uint32));
    }
}
