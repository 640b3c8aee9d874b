// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice ERC-4907: a token has a user besides its owner, until a time. The interface's id is 0xad092b5c.
interface IERC4907 {
    /// @notice A token has another user, or another end of use. A zero user is none.
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);

    /// @notice Names a token's user until a time, seconds since 1970. A zero user ends the rental.
    /// @dev For licenses: the user becomes the signer as by `ILicenseNFT.setSigner`, and the holder at the end. For the
    ///      user of a rental underway only its end changes.
    ///      - the caller is the holder, approved or an operator, or `ERC721InsufficientApproval`
    ///      - a user is named only if the terms permit transfer, or `LicenseNotTransferable`
    ///      - and only until a time in the future, or `LicenseRentalOver`
    function setUser(uint256 tokenId, address user, uint64 expires) external;

    /// @notice A token's user, or zero if there is none or its time is over.
    function userOf(uint256 tokenId) external view returns (address);

    /// @notice When the use of a token's last user ends or ended, or 0 if there is none.
    function userExpires(uint256 tokenId) external view returns (uint256);
}
