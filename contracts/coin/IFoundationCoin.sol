// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the coin adds to ERC-20, ERC-2612, ERC-5805 and ERC-6372.
interface IFoundationCoin {
    error CoinCallerNotMinter(address caller);

    /// @notice Makes coins.
    /// @dev - the caller is the minter, or `CoinCallerNotMinter`
    ///      - all coins together stay within the schedule, or `ERC20ExceededSafeSupply`
    /// @param to who gets them
    /// @param amount base units, 10^8 to a coin
    function mint(address to, uint256 amount) external;

    /// @notice The one account that makes coins, for ever.
    function MINTER() external view returns (address);
}
