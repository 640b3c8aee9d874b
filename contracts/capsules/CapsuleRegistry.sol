// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {Earner, Units} from "../libraries/Earner.sol";
import {Derivatives} from "./Derivatives.sol";
import {ICapsuleRegistry} from "./ICapsuleRegistry.sol";
import {Lineage} from "./Lineage.sol";
import {ShareTable} from "./ShareTable.sol";

/// @notice Registry of content capsules as ERC-721 tokens: their content versions, creators and earners.
contract CapsuleRegistry is ERC721, Derivatives, IERC2981, IERC4906 {
    using Bytes for bytes;

    uint256 internal constant MAX_URI_BYTES = 2_048;
    uint256 internal constant MAX_DID_BYTES = 512;
    uint256 internal constant MAX_ROYALTY_BPS = 1_000;
    uint256 internal constant BPS = 10_000;

    /// @dev Location of a version's record: content hash and URI; the first version adds creator, royalty and DID.
    struct VersionSlot {
        address blob; // 160
        uint32 offset; // 192
        uint32 uriLength; // 224
    }

    /// @dev Rows of an ended shares version, and the capsule's owner at its end.
    struct EndedShares {
        address blob;
        address owner;
    }

    uint64 public lastCapsuleId;
    mapping(uint64 capsuleId => Capsule) private _capsules;
    mapping(uint64 capsuleId => mapping(uint32 version => VersionSlot)) private _versions;
    mapping(uint64 capsuleId => mapping(uint32 sharesVersion => EndedShares)) private _endedShares;

    /// @param admin sets the license contract; in the end the timelock holds its role
    constructor(address admin) ERC721("Benefit Grid Capsule", "CAPSULE") Derivatives(admin) {}

    // Registering

    /// @inheritdoc ICapsuleRegistry
    function register(address owner, Registration calldata registration) external returns (uint64) {
        return _register(owner, registration, new Parent[](0));
    }

    /// @inheritdoc ICapsuleRegistry
    function registerDerivative(
        address owner,
        Registration calldata registration,
        uint64[] calldata licenseIds
    ) external returns (uint64) {
        return _register(owner, registration, _derive(owner, licenseIds));
    }

    function _register(
        address owner,
        Registration calldata registration,
        Parent[] memory parents
    ) private returns (uint64 capsuleId) {
        if (registration.royaltyBps > MAX_ROYALTY_BPS)
            revert RoyaltyTooHigh(registration.royaltyBps, MAX_ROYALTY_BPS);
        _checkContent(registration.contentHash, registration.uri);
        _checkLength(registration.did, MAX_DID_BYTES);
        capsuleId = lastCapsuleId + 1;
        bytes memory table = ShareTable.encode(registration.shares, capsuleId, lastCapsuleId, parents);
        if (parents.length != 0) table = bytes.concat(table, Lineage.encode(parents));

        lastCapsuleId = capsuleId;
        address blob = _writeGenesis(owner, table, registration);
        _capsules[capsuleId] = Capsule(blob, registration.kind, 1, 1, uint8(parents.length));
        _versions[capsuleId][1] = VersionSlot(
            blob,
            uint32(table.length),
            uint32(bytes(registration.uri).length)
        );
        _mint(owner, capsuleId);

        emit CapsuleRegistered(
            capsuleId,
            owner,
            registration.kind,
            msg.sender,
            registration.royaltyBps,
            registration.did
        );
        for (uint256 i; i < parents.length; ++i) {
            Parent memory parent = parents[i];
            emit DerivativeRegistered(capsuleId, parent.capsuleId, parent.licenseId, parent.shareBps);
        }
        emit VersionPublished(capsuleId, 1, registration.contentHash, registration.uri);
        _emitSharesSet(capsuleId, 1, owner, registration.shares, parents.length != 0);
    }

    function _checkContent(bytes32 contentHash, string calldata uri) private pure {
        if (contentHash == 0) revert ContentHashZero();
        _checkLength(uri, MAX_URI_BYTES);
    }

    function _checkLength(string calldata text, uint256 maximum) private pure {
        if (bytes(text).length > maximum) revert TextTooLong(bytes(text).length, maximum);
    }

    /// @dev Rows, parents, first version and creator share one blob: a second blob would cost 32,000 gas.
    function _writeGenesis(
        address creator,
        bytes memory table,
        Registration calldata registration
    ) private returns (address) {
        return
            SSTORE2.write(
                abi.encodePacked(
                    table,
                    registration.contentHash,
                    registration.uri,
                    creator,
                    registration.royaltyBps,
                    registration.did
                )
            );
    }

    /// @dev Readers of events need no lineage to number a derivative's earners.
    function _emitSharesSet(
        uint64 capsuleId,
        uint32 sharesVersion,
        address owner,
        ShareRow[] calldata rows,
        bool isDerivative
    ) private {
        if (isDerivative) emit SharesSet(capsuleId, sharesVersion, owner, sharesOf(capsuleId, sharesVersion));
        else emit SharesSet(capsuleId, sharesVersion, owner, rows);
    }

    // Changing

    /// @inheritdoc ICapsuleRegistry
    function publishVersion(
        uint64 capsuleId,
        bytes32 contentHash,
        string calldata uri
    ) external returns (uint32 version) {
        _checkOwner(capsuleId);
        _checkContent(contentHash, uri);

        version = ++_capsules[capsuleId].versions;
        address blob = SSTORE2.write(abi.encodePacked(contentHash, uri));
        _versions[capsuleId][version] = VersionSlot(blob, 0, uint32(bytes(uri).length));

        emit VersionPublished(capsuleId, version, contentHash, uri);
        emit MetadataUpdate(capsuleId);
    }

    function _checkOwner(uint64 capsuleId) private view {
        if (_requireOwned(capsuleId) != msg.sender) revert CallerNotCapsuleOwner(capsuleId, msg.sender);
    }

    /// @inheritdoc ICapsuleRegistry
    function setShares(uint64 capsuleId, ShareRow[] calldata rows) external returns (uint32 sharesVersion) {
        _checkOwner(capsuleId);
        Parent[] memory parents = _parentsOf(capsuleId);
        bytes memory table = ShareTable.encode(rows, capsuleId, lastCapsuleId, parents);

        sharesVersion = _endSharesVersion(capsuleId, msg.sender);
        _capsules[capsuleId].sharesBlob = SSTORE2.write(table);

        _emitSharesSet(capsuleId, sharesVersion, msg.sender, rows, parents.length != 0);
    }

    /// @dev Their words precede the first version's record.
    function _parentsOf(uint64 capsuleId) private view returns (Parent[] memory parents) {
        uint256 count = _capsules[capsuleId].parents;
        if (count == 0) return parents;
        VersionSlot memory slot = _versions[capsuleId][1];
        return Lineage.read(slot.blob, slot.offset, count);
    }

    function _endSharesVersion(uint64 capsuleId, address owner) private returns (uint32 next) {
        Capsule storage self = _capsules[capsuleId];
        _endedShares[capsuleId][self.sharesVersion] = EndedShares(self.sharesBlob, owner);
        next = ++self.sharesVersion;
    }

    /// @dev A transfer starts a shares version, so that accrued revenue stays with the previous owner.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from != address(0)) {
            uint64 capsuleId = uint64(tokenId);
            emit SharesCarriedOver(capsuleId, _endSharesVersion(capsuleId, from), to);
        }
    }

    // Reading

    /// @inheritdoc ICapsuleRegistry
    function parentsOf(uint64 capsuleId) external view returns (Parent[] memory) {
        _requireOwned(capsuleId);
        return _parentsOf(capsuleId);
    }

    /// @inheritdoc ICapsuleRegistry
    function capsuleOf(uint64 capsuleId) external view returns (Capsule memory) {
        _requireOwned(capsuleId);
        return _capsules[capsuleId];
    }

    /// @inheritdoc ICapsuleRegistry
    function creatorOf(uint64 capsuleId) external view returns (address account, string memory did) {
        (address blob, uint256 start) = _genesis(capsuleId);
        account = address(bytes20(SSTORE2.read(blob, start, start + 20)));
        did = string(SSTORE2.read(blob, start + 22));
    }

    /// @dev Blob and offset of the creator's account, followed by royalty and DID.
    function _genesis(uint64 capsuleId) private view returns (address blob, uint256 start) {
        _requireOwned(capsuleId);
        VersionSlot memory slot = _versions[capsuleId][1];
        return (slot.blob, slot.offset + 32 + slot.uriLength);
    }

    /// @inheritdoc ICapsuleRegistry
    function versionOf(
        uint64 capsuleId,
        uint32 version
    ) public view returns (bytes32 contentHash, string memory uri) {
        VersionSlot memory slot = _versions[capsuleId][version];
        if (slot.blob == address(0)) revert VersionNonexistent(capsuleId, version);
        uint256 start = slot.offset + 32;
        contentHash = bytes32(SSTORE2.read(slot.blob, slot.offset, start));
        uri = string(SSTORE2.read(slot.blob, start, start + slot.uriLength));
    }

    /// @inheritdoc ICapsuleRegistry
    function currentSharesVersion(uint64 capsuleId) external view returns (uint32 sharesVersion) {
        sharesVersion = _capsules[capsuleId].sharesVersion;
        if (sharesVersion == 0) revert ERC721NonexistentToken(capsuleId);
    }

    /// @inheritdoc ICapsuleRegistry
    function sharesOf(uint64 capsuleId, uint32 sharesVersion) public view returns (ShareRow[] memory rows) {
        address blob = _sharesBlob(capsuleId, sharesVersion);
        (uint256 count, ) = ShareTable.head(blob);
        Earner[] memory earners = ShareTable.read(blob, 1, count);
        rows = new ShareRow[](count);
        for (uint256 i; i < count; ++i) {
            Earner earner = earners[i];
            rows[i] = ShareRow(Role(earner.role()), earner.units(), earner.account(), earner.capsuleId());
        }
    }

    /// @inheritdoc ICapsuleRegistry
    function sharesOwnerOf(uint64 capsuleId, uint32 sharesVersion) public view returns (address) {
        if (sharesVersion == _capsules[capsuleId].sharesVersion) return _requireOwned(capsuleId);
        _sharesBlob(capsuleId, sharesVersion);
        return _endedShares[capsuleId][sharesVersion].owner;
    }

    /// @inheritdoc ICapsuleRegistry
    function earnersOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        uint256 first,
        uint256 count
    ) external view returns (Earner[] memory earners, Units units) {
        address blob = _sharesBlob(capsuleId, sharesVersion);
        uint256 rows;
        (rows, units) = ShareTable.head(blob);
        if (first > rows || count > rows + 1 - first)
            revert EarnersNonexistent(capsuleId, sharesVersion, first, count);
        earners = ShareTable.read(blob, first, count);
        for (uint256 i = first == 0 ? 1 : 0; i < count; ++i) {
            if (!earners[i].isOwner()) continue;
            earners[i] = earners[i].withAccount(sharesOwnerOf(capsuleId, sharesVersion));
        }
    }

    function _sharesBlob(uint64 capsuleId, uint32 sharesVersion) private view returns (address blob) {
        Capsule storage self = _capsules[capsuleId];
        blob =
            sharesVersion == self.sharesVersion
                ? self.sharesBlob
                : _endedShares[capsuleId][sharesVersion].blob;
        if (blob == address(0)) revert SharesVersionNonexistent(capsuleId, sharesVersion);
    }

    // Standards

    /// @notice URI of the newest version.
    function tokenURI(
        uint256 tokenId
    ) public view override(ERC721, IERC721Metadata) returns (string memory uri) {
        _requireOwned(tokenId);
        (, uri) = versionOf(uint64(tokenId), _capsules[uint64(tokenId)].versions);
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256 tokenId, uint256 salePrice) external view returns (address, uint256) {
        _requireOwned(tokenId);
        (address blob, uint256 start) = _genesis(uint64(tokenId));
        bytes memory record = SSTORE2.read(blob, start, start + 22);
        uint256 royaltyBps = uint16(bytes2(record.slice(20)));
        return (address(bytes20(record)), Math.mulDiv(salePrice, royaltyBps, BPS));
    }

    /// @inheritdoc IERC165
    function supportsInterface(
        bytes4 interfaceId
    ) public view override(ERC721, AccessControl, IERC165) returns (bool) {
        return
            interfaceId == type(IERC2981).interfaceId ||
            interfaceId == bytes4(0x49064906) ||
            super.supportsInterface(interfaceId);
    }
}
