// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {ISubnetHub} from "./ISubnetHub.sol";

/// @notice The account of a subnet at the router. It passes its money on to the subnet's pots.
/// @dev It earns a part of the platform's leg once governance names it as the account of a sector. Nobody owns it.
///      It is the sponsor of its deposits, so `ISubnetPots.reclaim` returns them here once the subnet is retired.
interface ISubnetFeed {
    error FeedEmpty(uint32 subnetId, address token);

    /// @notice Money was added to the pot of an epoch, as deposit `fundingId` of the hub.
    event FeedPoured(
        uint32 indexed subnetId,
        address indexed token,
        uint256 indexed fundingId,
        uint32 epoch,
        uint128 amount
    );
    /// @notice Money of a retired subnet went to the Commons.
    event FeedReturned(uint32 indexed subnetId, address indexed token, uint128 amount);

    /// @notice Adds all money of the feed in a token to the pot of the current epoch: the balance withdrawable at the
    ///         router, and tokens held here. Anyone may call.
    /// @dev From the phase Score on the next epoch gets it: else a validator could move it into an epoch in which nobody
    ///      else commits weights. If the subnet is retired by then, the Commons gets it. One call moves at most
    ///      2^128 - 1 base units.
    ///      - the subnet exists, or `SubnetNonexistent`
    ///      - there is money, or `FeedEmpty`
    ///      - exactly the amount arrives in the pot, or `TransferAmountMismatch`; then the money stays
    /// @param token ERC-20 token
    /// @return amount base units
    /// @return epoch the funded epoch, or 0 for the Commons
    function pour(address token) external returns (uint128 amount, uint32 epoch);

    /// @notice The subnet.
    function subnetId() external view returns (uint32);

    /// @notice Holds the pots.
    // solhint-disable-next-line func-name-mixedcase
    function HUB() external view returns (ISubnetHub);

    /// @notice Pays the feed.
    // solhint-disable-next-line func-name-mixedcase
    function ROUTER() external view returns (ISettlementRouter);
}
