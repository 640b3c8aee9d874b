// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {IGuardian} from "../governance/IGuardian.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {ILicenseMetadata} from "./ILicenseMetadata.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";
import {LicenseEndings} from "./LicenseEndings.sol";
import {LicenseSales} from "./LicenseSales.sol";
import {Licenses} from "./Licenses.sol";
import {LicenseSigners} from "./LicenseSigners.sol";

/// @notice Rights to use a capsule under an offer, as ERC-721 tokens with prepaid units and one signer each.
/// @dev Its parts are abstract contracts: `Licenses`, `LicenseSales`, `LicenseSigners`, `LicenseEndings`.
contract LicenseNFT is LicenseSales, LicenseSigners, LicenseEndings, IERC4906 {
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

    /// @dev The new holder of a transferred license becomes its signer.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from == address(0) || to == address(0)) return from;
        uint64 licenseId = uint64(tokenId);
        if (!TERMS.offerConditionsOf(_licenses[licenseId].offerId).transferable) {
            revert LicenseNotTransferable(licenseId);
        }
        _startSignerChange(licenseId, from, to);
    }

    // Metadata

    /// @inheritdoc ILicenseNFT
    function refreshMetadata(uint64 licenseId) external {
        _requireOwned(licenseId);
        emit MetadataUpdate(licenseId);
    }

    /// @notice Data URI of JSON with a picture: see `ILicenseMetadata`.
    function tokenURI(uint256 tokenId) public view override(ERC721, IERC721Metadata) returns (string memory) {
        _requireOwned(tokenId);
        return METADATA.uriOf(this, uint64(tokenId));
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == bytes4(0x49064906) || super.supportsInterface(interfaceId);
    }
}
