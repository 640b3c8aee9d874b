// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {IGuardian} from "../governance/IGuardian.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {IERC4907} from "./IERC4907.sol";
import {IERC7858} from "./IERC7858.sol";
import {ILicenseMetadata} from "./ILicenseMetadata.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";
import {LicenseEndings} from "./LicenseEndings.sol";
import {LicenseRentals} from "./LicenseRentals.sol";
import {Licenses} from "./Licenses.sol";
import {LicenseSubscriptions} from "./LicenseSubscriptions.sol";

/// @notice Rights to use a capsule under an offer, as ERC-721 tokens with prepaid units and one signer each.
/// @dev Its parts are abstract contracts: `Licenses`, `LicenseSales`, `LicenseSubscriptions`, `LicenseSigners`,
///      `LicenseRentals`, `LicenseEndings`.
contract LicenseNFT is LicenseSubscriptions, LicenseRentals, LicenseEndings, IERC2981, IERC4906, IERC7858 {
    ILicenseMetadata public immutable METADATA;

    /// @param capsules the licensed capsules
    /// @param terms offers and their conditions
    /// @param router holds prices in escrow
    /// @param guardian its pauses extend windows
    /// @param metadata describes licenses
    constructor(
        ICapsuleRegistry capsules,
        ITermsRegistry terms,
        ISettlementRouter router,
        IGuardian guardian,
        ILicenseMetadata metadata
    ) Licenses(capsules, terms, router, guardian) {
        METADATA = metadata;
    }

    // Transferring

    /// @dev A transfer ends rental and subscription, and the new holder becomes the license's signer.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from == address(0)) return from;
        uint64 licenseId = uint64(tokenId);
        _endRental(licenseId, from);
        _endSubscription(licenseId);
        if (to == address(0)) {
            delete _licenses[licenseId];
            delete _keys[licenseId];
            return from;
        }
        _checkTransferable(licenseId);
        _startSignerChange(licenseId, from, to);
    }

    // Metadata

    /// @inheritdoc ILicenseNFT
    function refreshMetadata(uint64 licenseId) external {
        _requireOwned(licenseId);
        emit MetadataUpdate(licenseId);
    }

    // Deriving

    /// @inheritdoc ILicenseNFT
    function derivationOf(
        uint64 licenseId
    ) external view returns (address holder, uint64 capsuleId, uint16 shareBps) {
        holder = _requireOwned(licenseId);
        License storage self = _licenses[licenseId];
        if (self.closing || block.timestamp >= self.expiry) revert LicenseEnded(licenseId);
        ITermsRegistry.Conditions memory terms = TERMS.offerConditionsOf(self.offerId);
        if (!terms.derivatives) revert LicenseDerivativesNotPermitted(licenseId);
        (, capsuleId, ) = _offerOf(licenseId);
        shareBps = terms.derivativeShareBps;
    }

    /// @notice Data URI of JSON with a picture: see `ILicenseMetadata`.
    function tokenURI(uint256 tokenId) public view override(ERC721, IERC721Metadata) returns (string memory) {
        _requireOwned(tokenId);
        return METADATA.uriOf(this, uint64(tokenId));
    }

    // Standards

    /// @notice The licensed capsule's royalty, for its creator.
    function royaltyInfo(
        uint256 tokenId,
        uint256 salePrice
    ) external view returns (address receiver, uint256 royaltyAmount) {
        _requireOwned(tokenId);
        (, uint64 capsuleId, ) = _offerOf(tokenId);
        return IERC2981(address(CAPSULES)).royaltyInfo(capsuleId, salePrice);
    }

    /// @inheritdoc IERC7858
    function expiryType() external pure returns (ExpiryType) {
        return ExpiryType.TIME_BASED;
    }

    /// @inheritdoc IERC7858
    function isTokenExpired(uint256 tokenId) external view returns (bool) {
        return block.timestamp >= endTime(tokenId);
    }

    /// @inheritdoc IERC7858
    function startTime(uint256 tokenId) external view returns (uint256) {
        _requireOwned(tokenId);
        return 0;
    }

    /// @inheritdoc IERC7858
    function endTime(uint256 tokenId) public view returns (uint256) {
        _requireOwned(tokenId);
        return _licenses[tokenId].expiry;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return
            interfaceId == bytes4(0x49064906) ||
            interfaceId == type(IERC2981).interfaceId ||
            interfaceId == type(IERC4907).interfaceId ||
            interfaceId == type(IERC7858).interfaceId ||
            super.supportsInterface(interfaceId);
    }
}
