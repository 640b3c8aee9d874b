// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Additions of the coin to ERC-20, ERC-2612, ERC-5805 and ERC-6372.
interface IFoundationCoin {
    error CoinCallerNotMinter(address caller);

    /// @notice Mints coins.
    /// @dev - the caller is the minter, or `CoinCallerNotMinter`
    ///      - `to` is not zero, or `ERC20InvalidReceiver`
    ///      - total supply stays within the schedule, or `ERC20ExceededSafeSupply`
    /// @param to receiver of the coins
    /// @param amount base units, 10^8 per coin
    function mint(address to, uint256 amount) external;

    /// @notice The only minter, permanently.
    function MINTER() external view returns (address);
}
