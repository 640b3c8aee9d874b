// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice ERC-7858: tokens that expire. The interface's id is 0x3ebdfa31.
interface IERC7858 {
    /// @notice Whether times are numbers of blocks or seconds since 1970.
    enum ExpiryType {
        BLOCKS_BASED,
        TIME_BASED
    }

    /// @notice A token was minted, or its start or end changed.
    event TokenExpiryUpdated(uint256 indexed tokenId, uint256 indexed startTime, uint256 indexed endTime);

    /// @notice The unit of all times.
    function expiryType() external view returns (ExpiryType);

    /// @notice Whether a token has expired.
    function isTokenExpired(uint256 tokenId) external view returns (bool);

    /// @notice The start of a token's validity. 0 for licenses: they are valid from their minting on.
    function startTime(uint256 tokenId) external view returns (uint256);

    /// @notice The end of a token's validity.
    function endTime(uint256 tokenId) external view returns (uint256);
}
