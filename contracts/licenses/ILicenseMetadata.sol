// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILicenseNFT} from "./ILicenseNFT.sol";

/// @notice Describes licenses to wallets and marketplaces: JSON with a picture of what the license allows.
interface ILicenseMetadata {
    /// @notice A license's metadata as a data URI of JSON, with its picture as a data URI of SVG.
    /// @dev The URI of the capsule is hostile text. It appears percent-encoded and escaped, and shortened in the picture.
    ///      The license exists, or `ERC721NonexistentToken`.
    /// @param licenses the license contract
    /// @param licenseId the license
    function uriOf(ILicenseNFT licenses, uint64 licenseId) external view returns (string memory);
}
