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
import {FirstRegistrations} from "./FirstRegistrations.sol";
import {ICapsuleRegistry} from "./ICapsuleRegistry.sol";
import {Lineage} from "./Lineage.sol";
import {Manifests} from "./Manifests.sol";
import {ShareTable} from "./ShareTable.sol";

/// @notice Registry of content capsules as ERC-721 tokens: their content versions, creators and earners.
contract CapsuleRegistry is ERC721, Derivatives, FirstRegistrations, Manifests, IERC2981, IERC4906 {
    using Bytes for bytes;

    uint256 internal constant MAX_URI_BYTES = 2_048;
    uint256 internal constant MAX_DID_BYTES = 512;
    uint256 internal constant MAX_ROYALTY_BPS = 1_000;
    uint256 internal constant BPS = 10_000;

    /// @dev Bytes of content hash, creator, royalty and length of the URI. URI and DID follow.
    uint256 internal constant GENESIS_HEAD = 56;

    /// @dev Rows of an ended shares version, and the capsule's owner at its end.
    struct EndedShares {
        address blob;
        address owner;
    }

    uint64 public lastCapsuleId;
    mapping(uint64 capsuleId => Capsule) private _capsules;
    /// @dev Content hash and URI of each version but the first: that one is with the first share rows.
    mapping(uint64 capsuleId => mapping(uint32 version => address blob)) private _versions;
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
        _recordPublication(registration.contentHash, capsuleId, 1);
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
                    creator,
                    registration.royaltyBps,
                    uint16(bytes(registration.uri).length),
                    registration.uri,
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
        _checkCapsuleOwner(capsuleId);
        _checkContent(contentHash, uri);

        version = ++_capsules[capsuleId].versions;
        _versions[capsuleId][version] = SSTORE2.write(abi.encodePacked(contentHash, uri));
        _recordPublication(contentHash, capsuleId, version);

        emit VersionPublished(capsuleId, version, contentHash, uri);
        emit MetadataUpdate(capsuleId);
    }

    function _checkCapsuleOwner(uint64 capsuleId) internal view override(FirstRegistrations, Manifests) {
        if (_requireOwned(capsuleId) != msg.sender) revert CallerNotCapsuleOwner(capsuleId, msg.sender);
    }

    /// @inheritdoc ICapsuleRegistry
    function setShares(uint64 capsuleId, ShareRow[] calldata rows) external returns (uint32 sharesVersion) {
        _checkCapsuleOwner(capsuleId);
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
        (address blob, uint256 offset) = _genesisAt(capsuleId);
        return Lineage.read(blob, offset, count);
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
        _requireOwned(capsuleId);
        bytes memory genesis = _genesis(capsuleId);
        account = address(bytes20(genesis.slice(32)));
        did = string(genesis.slice(_uriEnd(genesis)));
    }

    function _genesis(uint64 capsuleId) private view returns (bytes memory) {
        (address blob, uint256 offset) = _genesisAt(capsuleId);
        return SSTORE2.read(blob, offset);
    }

    /// @dev Content hash, creator, royalty, URI and DID: behind rows and parents of the first shares version.
    function _genesisAt(uint64 capsuleId) private view returns (address blob, uint256 offset) {
        blob = _sharesBlob(capsuleId, 1);
        (uint256 rows, ) = ShareTable.head(blob);
        offset = 32 * (1 + rows + _capsules[capsuleId].parents);
    }

    function _uriEnd(bytes memory genesis) private pure returns (uint256) {
        return GENESIS_HEAD + uint16(bytes2(genesis.slice(GENESIS_HEAD - 2)));
    }

    /// @inheritdoc ICapsuleRegistry
    function versionOf(
        uint64 capsuleId,
        uint32 version
    ) public view returns (bytes32 contentHash, string memory uri) {
        if (version == 0 || version > _capsules[capsuleId].versions)
            revert VersionNonexistent(capsuleId, version);
        bytes memory record =
            version == 1 ? _genesis(capsuleId) : SSTORE2.read(_versions[capsuleId][version]);
        contentHash = bytes32(record);
        uri = string(version == 1 ? record.slice(GENESIS_HEAD, _uriEnd(record)) : record.slice(32));
    }

    function _contentHashOf(
        uint64 capsuleId,
        uint32 version
    ) internal view override(FirstRegistrations, Manifests) returns (bytes32 contentHash) {
        (contentHash, ) = versionOf(capsuleId, version);
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
        bytes memory genesis = _genesis(uint64(tokenId));
        uint256 royaltyBps = uint16(bytes2(genesis.slice(52)));
        return (address(bytes20(genesis.slice(32))), Math.mulDiv(salePrice, royaltyBps, BPS));
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
